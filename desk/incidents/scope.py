"""Whom an incident touches: by what they complain of, at which platform or partner, on which channel, since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from checks.system_status import COMPONENTS
from records.models import Incident

INDIRECT = frozenset({"participation_revoked"})
"""The bot looks for an outage that explains it, but whoever complains of it is not in one."""


@dataclass(frozen=True)
class Scope:
    """What brings people in; empty platforms, partners or channels mean any, empty intents nobody."""

    components: tuple[str, ...]
    intents: tuple[str, ...]
    platforms: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    by_purchase: str | None = None
    """Why who named no platform belongs to it where their last purchase was made there; none: they do not."""
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """Return the scope of an incident as it stands."""
        return cls(
            components=tuple(incident.components),
            intents=tuple(incident.intents),
            platforms=tuple(incident.platforms),
            partners=tuple(incident.partners),
            channels=tuple(incident.channels),
            by_purchase=incident.by_purchase,
            since=incident.started_at,
            until=incident.ended_at,
        )

    def columns(self) -> dict[str, Any]:
        """Return what an incident's row keeps of it; when it ended is said by resolving it."""
        return {
            "components": list(self.components),
            "intents": list(self.intents),
            "platforms": list(self.platforms),
            "partners": list(self.partners),
            "channels": list(self.channels),
            "by_purchase": self.by_purchase,
            "started_at": self.since,
        }

    def as_data(self) -> dict[str, Any]:
        """Return it as the timeline keeps it."""
        kept = self.columns() | {"started_at": self.since.isoformat() if self.since else None}
        return {name: value for name, value in kept.items() if value}


def intents_of(components: tuple[str, ...]) -> tuple[str, ...]:
    """Return the complaints for which the bot looks whether one of these components is in trouble."""
    return tuple(it for it, touched in COMPONENTS.items() if it not in INDIRECT and set(touched) & set(components))
