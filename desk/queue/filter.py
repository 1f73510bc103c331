"""What narrows the queue: equal values, times, and part of a number or name. All of them combine."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false

from desk.queue.promise import in_danger
from desk.queue.tabs import UNRESOLVED
from records.models import ResolvedCount, Ticket

KINDS = ("queue", "intent", "platform", "channel", "priority", "wave", "team_id", "incident_id")
"""Filters by an equal value, named as the columns of tickets and of the counts of the resolved."""


@dataclass(frozen=True)
class Filter:
    """What to show; an empty value lets everything through."""

    queue: str = ""
    intent: str = ""
    platform: str = ""
    channel: str = ""
    priority: str = ""
    wave: int | None = None
    team_id: UUID | None = None
    incident_id: str = ""
    tag: str = ""
    waiting: timedelta | None = None
    """Whose participant waits longer than this."""
    endangered: bool = False
    words: str = ""
    """A ticket number or its beginning, or the beginnings of words of a name."""

    @property
    def narrows(self) -> bool:
        """Say whether it leaves anything out."""
        return any(getattr(self, it.name) for it in fields(self))

    def matches(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition on tickets, all but the words; those are `desk.queue.named`."""
        said = [getattr(Ticket, kind) == getattr(self, kind) for kind in KINDS if getattr(self, kind)]
        if self.tag:
            said += [Ticket.tags.contains([self.tag]), Ticket.tags != []]
        if self.waiting:
            said += [UNRESOLVED, Ticket.waiting_since < now - self.waiting]
        if self.endangered:
            said.append(in_danger(now))
        return and_(True, *said)

    def counted(self) -> ColumnElement[bool]:
        """Return the same condition on the counts of the resolved; none of those waits or is in danger."""
        if self.waiting or self.endangered:
            return false()
        said = [getattr(ResolvedCount, kind) == getattr(self, kind) for kind in KINDS if getattr(self, kind)]
        return and_(ResolvedCount.tag == self.tag, *said)
