"""Broadcasts: one message to many, made by one person, approved by another, and everybody it is meant for.

A person is one row however many chats they have: the key decides that nobody is written to twice. What became of a
message stands in the outbox alone.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id

broadcast_numbers = Sequence("broadcast_numbers", start=1001, metadata=Base.metadata)


class Broadcast(Base):
    """What is to be said to whom, who made and approved it, and how far it is."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        CheckConstraint("kind IN ('recovery', 'announcement', 'correction')", name="kind"),
        CheckConstraint("status IN ('draft', 'discarded', 'approved', 'running', 'stopped', 'done')", name="status"),
        CheckConstraint("approved_by IS NULL OR approved_by <> COALESCE(changed_by, made_by)", name="two_people"),
        CheckConstraint("status IN ('draft', 'discarded') OR approved_by IS NOT NULL", name="approved"),
        CheckConstraint("held IN ('agent', 'send')", name="held"),
        CheckConstraint("(kind = 'correction') = (corrects_id IS NOT NULL)", name="corrects"),
        CheckConstraint("kind <> 'recovery' OR incident_id IS NOT NULL", name="incident"),
        Index(
            *("uq_broadcasts_one_recovery", "incident_id"),
            unique=True,
            postgresql_where=text("kind = 'recovery' AND status IN ('draft', 'approved', 'running', 'stopped')"),
        ),
        Index("ix_broadcasts_under_way", "made_at", postgresql_where=text("status NOT IN ('discarded', 'done')")),
        Index("ix_broadcasts_incident_id", "incident_id", postgresql_where=text("incident_id IS NOT NULL")),
        Index("ix_broadcasts_corrects_id", "corrects_id", postgresql_where=text("corrects_id IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    """The form's key, so pressing twice makes one."""
    number: Mapped[str] = mapped_column(unique=True, server_default=text("'S-' || nextval('broadcast_numbers')"))
    kind: Mapped[str]
    """recovery: each person's own check decides; announcement: to a chosen audience; correction: to who was reached."""
    title: Mapped[str]
    """What staff call it."""
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incidents.id"))
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("broadcasts.id"))
    texts: Mapped[dict[str, Any]]
    """By what they say and by channel: {"fixed": {"": …, "whatsapp": …}, "closed": {"": …}} or {"all": {"": …}}."""
    template: Mapped[str | None]
    """WhatsApp outside its 24 hours; none: those people wait until they write."""
    audience: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """What was chosen: intent, platform, channel, wave, province, incident, first, last."""
    held: Mapped[str] = mapped_column(server_default="agent")
    """Whose case an agent holds: the agent tells them, or it is sent all the same."""
    rate: Mapped[int]
    """Messages a minute."""
    status: Mapped[str] = mapped_column(server_default="draft")
    version: Mapped[int] = mapped_column(server_default="0")
    """Raised by every change: an approval is of one version, and ends with it."""
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who was the last to change what is said or to whom; none: it stands as it was made."""
    audience_at: Mapped[datetime]
    """When it was last counted whom it is meant for."""
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    paced_at: Mapped[datetime | None]
    """Real time up to which the rate is used up."""
    until: Mapped[datetime | None]
    """After this nothing more of it is sent: old news helps nobody."""
    stopped_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str | None]
    done_at: Mapped[datetime | None]

    @property
    def prepared_by(self) -> uuid.UUID:
        """Return whose words and audience it has now: they do not approve it."""
        return self.changed_by or self.made_by


class BroadcastPerson(Base):
    """One person a broadcast is meant for, on the channel they wrote on last, and what was found out about them."""

    __tablename__ = "broadcast_people"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'fixed', 'cannot_say', 'not_fixed', 'could_not_ask', 'queued', 'to_agents', "
            "'skipped')",
            name="state",
        ),
        CheckConstraint("(state = 'queued') = (message_id IS NOT NULL)", name="queued"),
        Index("ix_broadcast_people_turn", "broadcast_id", "state", "due_at", "position"),
        Index("ix_broadcast_people_conversation_id", "conversation_id"),
        Index("ix_broadcast_people_ticket_id", "ticket_id", postgresql_where=text("ticket_id IS NOT NULL")),
        Index("ix_broadcast_people_templates", "queued_at", postgresql_where=text("by_template")),
        Index(
            *("uq_broadcast_people_message_id", "message_id"),
            unique=True,
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    # no key leads to identities or turns: 50,000 rows come in with one statement
    broadcast_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("broadcasts.id"), primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)
    """The participant's id where one is bound, else the identity's (or the conversation's)."""
    position: Mapped[int] = mapped_column(BigInteger)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    """Where they are written to."""
    identity_id: Mapped[uuid.UUID | None]
    participant_id: Mapped[str | None]
    channel: Mapped[str]
    turn_id: Mapped[uuid.UUID | None]
    """The message that brought them."""
    intent: Mapped[str | None]
    platform: Mapped[str | None]
    told_at: Mapped[datetime | None]
    """When they told of it last."""
    state: Mapped[str] = mapped_column(server_default="waiting")
    reason: Mapped[str | None]
    """Why they are skipped or wait, as a word of desk/broadcasts/words.yml."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    """What their own check said last."""
    checked_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default="0")
    """How often their check could not be asked."""
    due_at: Mapped[datetime] = mapped_column(server_default=text("'2000-01-01 00:00+00'"))
    """Not looked at before then."""
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    """The case that was given what was found out."""
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id"))
    by_template: Mapped[bool] = mapped_column(server_default=text("false"))
    queued_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When the state became one that is not left any more."""
