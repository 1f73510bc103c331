"""What is not folded into the counts yet: so few messages as a rule that every figure can add them by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from records.database import ReadSession
from trends.changes import CELL, CHANGES, intent_kind

MOST = 500
"""With more than that waiting, figures are as of the last fold."""

PENDING = text(f"""
    WITH told AS MATERIALIZED (
        SELECT turn_id, (array_agg(was) FILTER (WHERE was IS NOT NULL))[1] AS was FROM trend_news GROUP BY turn_id
    ), known AS MATERIALIZED (SELECT f.* FROM trend_facts f JOIN told USING (turn_id)), {CHANGES}
    SELECT turn_id, conversation_id, counted, day, hour, o_intent, o_platform, {", ".join(CELL)} FROM changes
""")  # noqa: S608 (the words are our own)
STANDING = text("""
    SELECT xmin::text AS version, (SELECT count(*) FROM (SELECT FROM trend_news LIMIT :most) AS few) AS waiting
    FROM trend_state
""")


@dataclass(frozen=True)
class Change:
    """One message that is new, or counts as something else than it was counted as."""

    turn_id: UUID
    conversation_id: UUID | None
    """None where the message is gone."""
    day: date
    hour: int
    was: dict[str, str] | None
    """The keys it is counted under; none where it is new."""
    now: dict[str, str]

    def moves(self) -> Iterator[tuple[dict[str, str], str, int]]:
        """Yield the keys, the kind, and +1 or -1."""
        yield self.now, intent_kind(self.now["intent"]), 1
        if self.was is not None:
            yield self.was, intent_kind(self.was["intent"]), -1


async def pending(session: ReadSession) -> tuple[str, tuple[Change, ...]]:
    """Return the version of the counts and what waits to be folded; nothing where that is too much to add by hand.

    The version is another one after every fold.
    """
    it = (await session.execute(STANDING, {"most": MOST + 1})).one()
    return it.version, tuple(await _changes(session)) if 0 < it.waiting <= MOST else ()


async def _changes(session: ReadSession) -> list[Change]:
    found = []
    for row in (await session.execute(PENDING)).mappings():
        now = {by: str(row[by]) for by in CELL}
        was = {**now, "intent": row["o_intent"], "platform": row["o_platform"]} if row["counted"] else None
        found.append(Change(row["turn_id"], row["conversation_id"], row["day"], row["hour"], was, now))
    return found
