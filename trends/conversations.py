"""In how many conversations were complaints written? Counted from the facts, while they are few enough to look at."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select, text

from records.clock import midnight
from records.database import ReadSession
from records.models import TrendKey
from trends.cells import READY
from trends.changes import CELL, COMPLAINT, intent_kind, kind_of
from trends.pending import Change
from trends.sums import codes_of, sums
from trends.within import DIMENSIONS, Within

MOST = 3_000
"""Complaints of a range and its filters that are looked at."""
KEPT = "trend_conversations"
ALL = "all"

type Keys = dict[str, str]


@dataclass
class Conversations:
    """The conversations behind every bar, and how many of its messages were found in them."""

    known: bool = True
    chats: dict[tuple[str, str], set[UUID]] = field(default_factory=lambda: defaultdict(set))
    messages: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, by: str, key: str, chat: UUID) -> None:
        """Count one message."""
        self.chats[by, key].add(chat)
        self.messages[by, key] += 1

    def of(self, by: str, key: str, messages: int) -> int | None:
        """Return in how many conversations so many messages were written; none where not all of them are there."""
        if not self.known or self.messages.get((by, key), 0) != messages:
            return None
        return len(self.chats.get((by, key), ()))


async def conversations(session: ReadSession, within: Within) -> Conversations:
    """Return the conversations of the range and filters; asked again in the same transaction, the same."""
    kept: dict[Within, Conversations] = session.info.setdefault(KEPT, {})
    if within not in kept:
        few = (await sums(session, within)).complaints <= MOST
        kept[within] = await _looked_at(session, within) if few else Conversations(known=False)
    return kept[within]


async def _looked_at(session: ReadSession, within: Within) -> Conversations:
    found, told = Conversations(), await _counted(session, within)
    for change in (await sums(session, within)).changes:
        told.pop(change.turn_id, None)
        if change.conversation_id and _is_in(within, change):
            told[change.turn_id] = (change.now | {"day": change.day.isoformat()}, change.conversation_id)
    for keys, chat in told.values():
        for by in DIMENSIONS:
            if by in keys:
                found.add(by, keys[by], chat)
        found.add(ALL, "", chat)
    return found


async def _counted(session: ReadSession, within: Within) -> dict[UUID, tuple[Keys, UUID]]:
    """Return what is counted, by message: its keys (of the forgotten not those of their person), its conversation."""
    codes = await codes_of(session, within)
    if codes is None:
        return {}
    await session.execute(READY)
    counted = f"""
        SELECT turn_id, day, {", ".join(CELL)}, conversation_id FROM trend_facts
        WHERE {" AND ".join(["day BETWEEN :first AND :last", *(f"{by} = :{by}" for by in codes)])}
              AND at >= :begins AND at < :ends AND intent NOT IN (
                  SELECT code FROM trend_keys WHERE dimension = 'intent' AND {kind_of("key")} <> '{COMPLAINT}')
    """  # noqa: S608 (the words are our own)
    given = {
        **{"first": within.first, "begins": midnight(within.first)},
        **{"last": within.last, "ends": midnight(within.last, after=True)},
    }
    rows = (await session.execute(text(counted), given | codes)).all()
    # after the facts: whoever folds meanwhile may make new ones
    keys = dict((await session.execute(select(TrendKey.code, TrendKey.key))).all())
    found = {}
    for turn_id, day, *cell, chat in rows:
        known = {by: keys[code] for by, code in zip(CELL, cell, strict=True) if code is not None}
        found[turn_id] = (known | {"day": day.isoformat()}, chat)
    return found


def _is_in(within: Within, change: Change) -> bool:
    return (
        within.first <= change.day <= within.last
        and intent_kind(change.now["intent"]) == COMPLAINT
        and all(change.now[by] == key for by, key in within.filters.items())
    )
