"""Suspicions: a change that looks like an outage, with the figures that show it, until a person decides or it is over.

One goes on at most for each kind and scope, so the same rise is never told of twice, whatever was decided about it.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class Suspicion(Base):
    """More complaints, failing checks or failing sends of one scope than are usual at such a time."""

    __tablename__ = "suspicions"
    __table_args__ = (
        CheckConstraint("kind IN ('complaints', 'checks', 'sends')", name="kind"),
        CheckConstraint("status IN ('open', 'incident', 'dismissed', 'over')", name="status"),
        CheckConstraint("status <> 'incident' OR incident_id IS NOT NULL", name="incident"),
        CheckConstraint("status <> 'over' OR over_at IS NOT NULL", name="over"),
        Index(
            "uq_suspicions_going_on",
            *("kind", "intent", "platform", "channel", "source"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sql("over_at IS NULL"),
        ),
        Index("ix_suspicions_open", "found_at", postgresql_where=sql("status = 'open'")),
        Index("ix_suspicions_found_at", "found_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    """complaints, checks (a source does not answer) or sends (a channel does not take messages)."""
    intent: Mapped[str | None]
    """None means all, as it does of the platform and the channel."""
    platform: Mapped[str | None]
    channel: Mapped[str | None]
    source: Mapped[str | None]
    """Of checks, which source."""
    began_at: Mapped[datetime]
    """Since when, as the counts tell it."""
    found_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When it was last seen to go on."""
    over_at: Mapped[datetime | None]
    """When the counts were usual again, whatever was decided."""
    observed: Mapped[float]
    """How many since it began."""
    expected: Mapped[float]
    """How many would have been usual in that time."""
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    status: Mapped[str] = mapped_column(server_default="open")
    """open: waits for somebody's decision; over: it ended before anybody decided."""
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incidents.id"), index=True)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it is no outage, in the words of whoever dismissed it."""
