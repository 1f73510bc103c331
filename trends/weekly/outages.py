"""The outages of a week: whom each touched, how long until it was explained, and until it was over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from records.database import ReadSession
from trends.helping.impact import Impact, impacts
from trends.within import Within

# what was brought in with the programme has no history here, and nobody knows when it was explained
EXPLAINED = text(
    """
    SELECT incident_id, min(at) AS at FROM incident_events
    WHERE incident_id = ANY(:incidents) AND said IS NOT NULL AND as_of IS NOT NULL GROUP BY incident_id
    """
)


@dataclass(frozen=True)
class Outage:
    """One incident that lay in the week."""

    impact: Impact
    explained_in: timedelta | None
    """From its beginning to the first words about it; none where that is not known."""

    @property
    def resolved_in(self) -> timedelta | None:
        """From its beginning to its end; none while it goes on."""
        ended = self.impact.ended_at
        return ended - self.impact.started_at if ended else None


async def outages(session: ReadSession, within: Within, now: datetime) -> list[Outage]:
    """Return them, the newest first."""
    found = await impacts(session, within, now)
    rows = await session.execute(EXPLAINED, {"incidents": [it.id for it in found]})
    explained: dict[str, datetime] = {row.incident_id: row.at for row in rows}
    return [Outage(it, _since(it.started_at, explained.get(it.id))) for it in found]


def _since(start: datetime, at: datetime | None) -> timedelta | None:
    return max(at - start, timedelta()) if at else None
