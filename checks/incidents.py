"""Incidents as the checks read them, and which of them touches a person's problem.

An estimate whose date has passed is history: it is never repeated as something still to come.
"""

from dataclasses import dataclass
from datetime import datetime

CLOSED = "resolved"
SUSPECTED = "suspected"


@dataclass(frozen=True)
class OpenIncident:
    """One outage or hold of the programme; empty platforms or partners mean all."""

    id: str
    components: tuple[str, ...]
    platforms: tuple[str, ...]
    partners: tuple[str, ...]
    started_at: datetime
    estimated_end_at: datetime | None
    ended_at: datetime | None
    status: str
    public_message: str
    source: str
    as_of: datetime

    def open_at(self, moment: datetime) -> bool:
        """Whether it is still going on."""
        ended = self.ended_at is not None and self.ended_at <= moment
        return self.status != CLOSED and not ended and self.started_at <= moment

    def overdue_at(self, moment: datetime) -> bool:
        """Whether its estimate has passed."""
        return self.estimated_end_at is not None and self.estimated_end_at < moment

    def words_hold_at(self, moment: datetime) -> bool:
        """Whether its words may still be told: those of before a passed estimate may promise what did not come."""
        newer = self.estimated_end_at is not None and self.as_of > self.estimated_end_at
        return newer or not self.overdue_at(moment)

    def touches(self, components: tuple[str, ...], platform: str | None = None, partner: str | None = None) -> bool:
        """Whether it concerns one of these components at this platform and partner (none: any)."""
        return (
            bool(set(components) & set(self.components))
            and (platform is None or not self.platforms or platform in self.platforms)
            and (partner is None or not self.partners or partner in self.partners)
        )

    def overlaps(self, start: datetime, end: datetime, now: datetime) -> bool:
        """Whether it was going on at any time between two moments."""
        return self.started_at <= end and (self.ended_at or now) >= start


def relevant(
    incidents: tuple[OpenIncident, ...],
    components: tuple[str, ...],
    now: datetime,
    platform: str | None = None,
    partner: str | None = None,
) -> OpenIncident | None:
    """Return the newest incident that is open now and touches the problem; confirmed before suspected."""
    found = [it for it in incidents if it.open_at(now) and it.touches(components, platform, partner)]
    return max(found, key=lambda it: (it.status != SUSPECTED, it.started_at), default=None)
