"""What the queue keeps: views people saved, acts on many cases at once, and how many cases are resolved, by kind.

The open cases of a desk are few and are counted as they are; the resolved ones grow without end, so their numbers are
kept by triggers as rows that are only ever added, and folded together now and then (`fold_resolved_counts`).
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class SavedView(Base):
    """A tab with its filters and order under a name: somebody's own, or shared with a team."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("teams.id"), index=True)
    """Everybody of this team sees it; none: only who made it."""
    name: Mapped[str]
    asked: Mapped[dict[str, Any]]
    """The words of the queue's address: {"tab": "semua", "platform": "tokopedia"}."""
    position: Mapped[int]
    created_at: Mapped[datetime]


class DefaultView(Base):
    """The view somebody's queue opens with."""

    __tablename__ = "default_views"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    view_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)


class BulkAct(Base):
    """One act on many cases; its id is the key of the form, so pressing twice makes one."""

    __tablename__ = "bulk_acts"
    __table_args__ = (
        Index("ix_bulk_acts_running", "created_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_bulk_acts_staff_id_created_at", "staff_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str]
    """assign, claim, reply, tag, priority, resolve or snooze."""
    given: Mapped[dict[str, Any]]
    """What the act is given: text, tag, priority, until, to."""
    total: Mapped[int]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    stopped_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who stopped it before its end; what was done stays done."""


class BulkItem(Base):
    """One case of an act on many, and what became of it."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'done', 'refused', 'left')", name="status"),
        Index("ix_bulk_items_waiting", "bulk_id", "position", postgresql_where=text("status = 'waiting'")),
    )

    bulk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bulk_acts.id"), primary_key=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    position: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="waiting")
    said: Mapped[str] = mapped_column(server_default="")
    """What became of it, in words for staff."""
    at: Mapped[datetime | None]


class ResolvedCount(Base):
    """So many more (or fewer) resolved cases of one kind; the sum over all rows of a kind is how many there are."""

    __tablename__ = "resolved_counts"
    __table_args__ = (
        Index("ix_resolved_counts_unfolded", "id", postgresql_where=text("NOT folded")),
        Index(
            "ix_resolved_counts_kind",
            *("tag", "team_id"),
            postgresql_include=[
                *("queue", "intent", "platform", "channel", "priority", "wave", "incident_id", "number"),
            ],
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    team_id: Mapped[uuid.UUID]
    queue: Mapped[str]
    intent: Mapped[str]
    platform: Mapped[str | None]
    channel: Mapped[str]
    priority: Mapped[str]
    wave: Mapped[int | None]
    incident_id: Mapped[str | None]
    tag: Mapped[str] = mapped_column(server_default="")
    """Empty: all cases of the kind; else those of them with this tag."""
    number: Mapped[int]
    folded: Mapped[bool] = mapped_column(server_default=text("false"))
