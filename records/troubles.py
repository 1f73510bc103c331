"""Troubles: what went wrong, and right again, counted here and written down every few seconds for all processes.

While the database is away they gather here; what a killed process had not yet written is lost, which an alarm can bear.
"""

from collections import Counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FORGED = "webhook_forged"
NOT_STORED = "webhook_not_stored"
STOPPED = "channel_stopped"
SENT = "channel_sent"
RASA_AWAY = "rasa_away"
RASA_ANSWERED = "rasa_answered"
DESK_ROUND_FAILED = "desk_round_failed"
DESK_ROUND_DONE = "desk_round_done"

WRITE = text(
    """
    INSERT INTO troubles (minute, name, scope, count, last_at)
    SELECT date_trunc('minute', clock_timestamp()), name, scope, count, clock_timestamp()
    FROM unnest(CAST(:names AS text[]), CAST(:scopes AS text[]), CAST(:counts AS int[])) AS given (name, scope, count)
    ORDER BY name, scope
    ON CONFLICT (minute, name, scope) DO UPDATE
        SET count = troubles.count + EXCLUDED.count, last_at = EXCLUDED.last_at
    """
)


class Troubles:
    """What this process has noticed and not yet written down."""

    def __init__(self) -> None:
        self._noticed: Counter[tuple[str, str]] = Counter()

    def note(self, name: str, scope: str) -> None:
        """Count one."""
        self._noticed[name, scope] += 1

    def take(self) -> Counter[tuple[str, str]]:
        """Return what was noticed and begin anew; give it back where it could not be written."""
        taken, self._noticed = self._noticed, Counter()
        return taken

    def give_back(self, taken: Counter[tuple[str, str]]) -> None:
        """Keep these for the next time."""
        self._noticed += taken


async def write(session: AsyncSession, taken: Counter[tuple[str, str]]) -> None:
    """Add them to the minute's counts."""
    if not taken:
        return
    names, scopes = [name for name, _ in taken], [scope for _, scope in taken]
    await session.execute(WRITE, {"names": names, "scopes": scopes, "counts": list(taken.values())})
