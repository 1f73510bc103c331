"""What people at the desk say the bot misread or could not answer, and what became of it on the way into the model.

Words stand here masked only. An example that was accepted holds a reviewer's own wording and names nobody; until then
it belongs to the conversation it was said in and goes with it (records/privacy/columns.py).
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class LearningDraft(Base):
    """An article that is missing: the questions that would find it are gathered under its title."""

    __tablename__ = "learning_drafts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    """Staff username."""
    made_at: Mapped[datetime]
    exported_at: Mapped[datetime | None]


class LearningExample(Base):
    """One message from which the bot could learn: marked by an agent, or gathered because of how its turn went."""

    __tablename__ = "learning_examples"
    __table_args__ = (
        CheckConstraint("kind IN ('intent', 'question')", name="kind"),
        CheckConstraint("source IN ('agent', 'chosen', 'fallback', 'unsure', 'rating')", name="source"),
        CheckConstraint("status IN ('waiting', 'accepted', 'drafted', 'rejected', 'withdrawn')", name="status"),
        CheckConstraint("status <> 'accepted' OR (text IS NOT NULL AND right_intent IS NOT NULL)", name="accepted"),
        CheckConstraint("status <> 'drafted' OR (text IS NOT NULL AND draft_id IS NOT NULL)", name="drafted"),
        Index(
            *("uq_learning_examples_turn_kind", "turn_id", "kind"),
            unique=True,
            postgresql_where=sql("status <> 'withdrawn'"),
        ),
        Index("ix_learning_examples_waiting", "at", postgresql_where=sql("status = 'waiting'")),
        Index("ix_learning_examples_status_decided_at", "status", "decided_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    """intent (it was read wrongly, or not at all) or question (nothing answered it)."""
    source: Mapped[str]
    """agent; chosen (the participant chose a button when asked); fallback; unsure; rating (a low one)."""
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id"))
    turn_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("turns.id"))
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    said: Mapped[str]
    """As it was written, masked."""
    at: Mapped[datetime]
    """When it was marked or gathered."""
    read_as: Mapped[str | None]
    confidence: Mapped[float | None]
    ranking: Mapped[list[dict[str, Any]]] = mapped_column(server_default=sql("'[]'"))
    model: Mapped[str | None]
    meant: Mapped[str | None]
    """The intent that an agent named, or the participant chose."""
    also: Mapped[list[str]] = mapped_column(server_default=sql("'[]'"))
    wanted: Mapped[str | None]
    """What would have answered it, in an agent's words, masked."""
    ticket_was: Mapped[dict[str, Any] | None]
    """The ticket before it was corrected: {"intent", "also"}."""
    marked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    status: Mapped[str] = mapped_column(server_default="waiting")
    version: Mapped[int] = mapped_column(server_default="0")
    """Raised by every change; a decision is compare-and-set on it."""
    text: Mapped[str | None]
    """As a reviewer accepted it: without numbers and names, and nobody's own words where they were reworded."""
    right_intent: Mapped[str | None]
    right_also: Mapped[list[str]] = mapped_column(server_default=sql("'[]'"))
    held_out: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Kept apart to judge the model with; never taught."""
    draft_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("learning_drafts.id"))
    reason: Mapped[str | None]
    """Why it was rejected."""
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]


class LearningTrial(Base):
    """One candidate model: trained apart with what was accepted, compared, and taken into use or refused."""

    __tablename__ = "learning_trials"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'failed', 'refused', 'passed', 'adopted', 'back')", name="state"),
        CheckConstraint("verdict IN ('better', 'same', 'worse')", name="verdict"),
    )

    number: Mapped[int] = mapped_column(Identity(), primary_key=True)
    state: Mapped[str]
    made_by: Mapped[str]
    """Staff username, or `system` for the command line."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    model: Mapped[str | None]
    former: Mapped[str | None]
    """The model it was compared with, and gives way to when one goes back."""
    verdict: Mapped[str | None]
    figures: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    why: Mapped[str | None]
    """Why it was refused or failed, in words."""
    adopted_at: Mapped[datetime | None]
    back_at: Mapped[datetime | None]


class LearningTrialExample(Base):
    """One example in one trial, and how both models read it."""

    __tablename__ = "learning_trial_examples"

    trial: Mapped[int] = mapped_column(ForeignKey("learning_trials.number"), primary_key=True)
    example_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("learning_examples.id"), primary_key=True, index=True)
    held_out: Mapped[bool]
    read_before: Mapped[str | None]
    read_after: Mapped[str | None]


class LearningProgress(Base):
    """How far the turns have been looked through for messages worth learning from."""

    __tablename__ = "learning_progress"

    name: Mapped[str] = mapped_column(primary_key=True)
    upto: Mapped[datetime]
