"""Incidents: one outage is one row, with everything that happened to it and everyone it touches.

What may be said of an incident stands in the row itself, for the bot reads it at every turn; who changed what stands in
its events, which are only ever added to. Who belongs to it are conversations: of one person on two channels both, and
the person is counted once.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class Incident(Base):
    """An outage or hold of the programme: what it touches, since when, and what may be said about it."""

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("status IN ('suspected', 'confirmed', 'monitoring', 'resolved')", name="status"),
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    components: Mapped[list[str]]
    """purchase, otp, redeem, login, incentive, payout_account, catalogue."""
    platforms: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """Empty means all."""
    partners: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """Payment partners; empty means all."""
    intents: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """What people complain of who belong to it; empty gathers nobody by itself."""
    channels: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """Where they wrote; empty means anywhere."""
    by_purchase: Mapped[str | None]
    """Why whoever named no platform belongs to it where their own purchase was made there; none: they do not."""
    started_at: Mapped[datetime]
    estimated_end_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    status: Mapped[str]
    severity: Mapped[str] = mapped_column(server_default="major")
    public_message: Mapped[str]
    source: Mapped[str]
    as_of: Mapped[datetime]
    """Of what time the public message and the estimate are."""
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who sees to it."""
    opened_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime | None]
    """None where it was brought in with the programme."""
    version: Mapped[int] = mapped_column(server_default="0")
    """Raised by every change by staff; what was seen before is compared with it."""
    joined_until: Mapped[datetime | None]
    """Messages up to then were looked through for people it touches."""
    review: Mapped[dict[str, Any] | None]
    """Afterwards: {"happened", "changes", "by", "at"}; what follows from it are its follow-ups."""


class IncidentEvent(Base):
    """One thing that happened to an incident; the database refuses to change or delete it."""

    __tablename__ = "incident_events"
    __table_args__ = (Index("ix_incident_events_incident_id_id", "incident_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"))
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: the desk by itself."""
    kind: Mapped[str]
    """opened, said, estimated, changed, narrowed, confirmed, monitoring, resolved, handed_over, noted, person_out …"""
    said: Mapped[str | None]
    """The public words, or the reason, as they were then."""
    as_of: Mapped[datetime | None]
    """Of what time the public words are."""
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """What was and what is: ids, times, counts."""


class IncidentFollowUp(Base):
    """Something that is to be done so that it does not happen again."""

    __tablename__ = "incident_follow_ups"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), index=True)
    what: Mapped[str]
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))


class IncidentPerson(Base):
    """A conversation that belongs to an incident, by which message, and whether it was taken out again."""

    __tablename__ = "incident_people"
    __table_args__ = (
        CheckConstraint("how IN ('scope', 'by_hand', 'ticket')", name="how"),
        CheckConstraint("taken_out_as IN ('by_hand', 'scope', 'ticket')", name="taken_out_as"),
        CheckConstraint("(taken_out_at IS NULL) = (taken_out_as IS NULL)", name="taken_out"),
        Index(
            *("ix_incident_people_in", "incident_id", "person_key"),
            postgresql_where=text("taken_out_at IS NULL"),
        ),
        Index("ix_incident_people_listed", "incident_id", "first_at", "conversation_id"),
    )

    # 50,000 rows come in with one statement: no key leads to what is never deleted, or what goes by its own retention
    conversation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """First in the key: what touched a conversation is looked up by it; the people of an incident have indexes."""
    incident_id: Mapped[str] = mapped_column(primary_key=True)
    identity_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    participant_id: Mapped[str | None]
    """Who the identity is bound to; the database follows its changes (trigger `identities_incidents`)."""
    person_key: Mapped[str]
    """The participant, or the identity, or the conversation: people on several channels are counted once by it."""
    turn_id: Mapped[uuid.UUID | None]
    """The first message that brought them; none where staff did."""
    intent: Mapped[str | None]
    platform: Mapped[str | None]
    channel: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """Of their messages within the scope."""
    joined_at: Mapped[datetime]
    how: Mapped[str]
    """scope: by what they wrote; by_hand: taken in by staff; ticket: their case was linked."""
    reason: Mapped[str | None]
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[uuid.UUID | None]
    taken_out_why: Mapped[str | None]
    taken_out_as: Mapped[str | None]
    """by_hand: staff took them out; scope: it was narrowed; ticket: their case was cut off from it."""
