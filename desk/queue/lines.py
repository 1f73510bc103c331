"""A line of the queue: what is read of a case, and nothing more; the words only for who may open it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, select
from sqlalchemy.orm import aliased

from records.models import ChannelIdentity, Conversation, Incident, Staff, Ticket


@dataclass(frozen=True)
class Line:
    """One case as the queue shows it."""

    id: UUID
    number: str
    conversation_id: UUID
    channel: str
    intent: str
    also: list[str]
    platform: str | None
    summary: str
    queue: str
    priority: str
    status: str
    staff_id: UUID | None
    opened_at: datetime
    promised_at: datetime
    first_reply_at: datetime | None
    resolved_at: datetime | None
    waiting_since: datetime | None
    snoozed_until: datetime | None
    incident_id: str | None
    tags: list[str]
    wave: int | None
    name: str | None
    holder: str | None
    window_until: datetime | None
    unreachable: str | None
    incident: str | None
    readable: bool
    """The viewer may open it; else its words are empty and its name is none."""
    still: bool = True
    """It stands in the tab it was looked for in."""


COLUMNS = (
    *(Ticket.id, Ticket.number, Ticket.conversation_id, Ticket.channel, Ticket.intent, Ticket.also, Ticket.platform),
    *(Ticket.summary, Ticket.queue, Ticket.priority, Ticket.status, Ticket.staff_id, Ticket.opened_at),
    *(Ticket.promised_at, Ticket.first_reply_at, Ticket.resolved_at, Ticket.waiting_since, Ticket.snoozed_until),
    *(Ticket.incident_id, Ticket.tags, Ticket.wave),
)


def full_lines(keys: Subquery, readable: ColumnElement[bool], *more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return the query for whole lines of the tickets whose ids were found before: few, so the joins are cheap."""
    holder = aliased(Staff)
    return (
        select(
            *COLUMNS,
            ChannelIdentity.display_name.label("name"),
            holder.name.label("holder"),
            *(Conversation.window_until, Conversation.unreachable, Incident.title.label("incident")),
            readable.label("readable"),
            *more,
        )
        .select_from(keys)
        .join(Ticket, Ticket.id == keys.c.id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .outerjoin(holder, holder.id == Ticket.staff_id)
        .outerjoin(Incident, Incident.id == Ticket.incident_id)
    )


def line_of(row: Any) -> Line:
    """Return the line of a row; what the viewer may not open loses its words here."""
    values = dict(row._mapping)
    if not values["readable"]:
        values |= {"name": None, "summary": "", "tags": []}
    return Line(**values)
