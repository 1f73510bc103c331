"""Alarms, and what they are read from. No personal value is in any of them.

Everything here runs on real time but `Alarm.at`, which is the house's own clock for people to read.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class Alarm(Base):
    """Something is not as it must be: open until it is, seen by whoever says so."""

    __tablename__ = "alarms"
    __table_args__ = (
        CheckConstraint("subject_kind IN ('identity', 'target')", name="subject_kind"),
        CheckConstraint("severity IN ('warning', 'severe')", name="severity"),
        Index("ix_alarms_unseen", "at", postgresql_where=sql("seen_by IS NULL")),
        Index("uq_alarms_one_open", "name", "scope", unique=True, postgresql_where=sql("closed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(server_default="lookups_locked")
    """The rule that opened it."""
    scope: Mapped[str] = mapped_column(server_default="")
    """What it is about: a channel, a process, a template; of each name and scope one is open at most."""
    severity: Mapped[str] = mapped_column(server_default="warning")
    opened_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    last_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    """When it was last found to be so."""
    closed_at: Mapped[datetime | None]
    """When it was found to be over; a lock of lookups says beforehand when it ends."""
    value: Mapped[float | None]
    threshold: Mapped[float | None]
    detail: Mapped[str | None]
    told_opened_at: Mapped[datetime | None]
    """When ALARM_WEBHOOK_URL took the news that it opened."""
    told_closed_at: Mapped[datetime | None]
    at: Mapped[datetime]
    """By the injected clock, for people to read."""
    seen_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime | None]

    kind: Mapped[str | None]
    """Of a lock of lookups, what was tried last: contact, nik, ticket, invoice, code or link."""
    channel: Mapped[str | None]
    subject_kind: Mapped[str | None]
    """identity: one chat tried too often; target: one number was tried from anywhere."""
    subject: Mapped[str | None] = mapped_column(index=True)
    """A keyed hash, as in lookup_counts."""
    count: Mapped[int | None]


class Process(Base):
    """One process of the bot, as it last said that it lives."""

    __tablename__ = "processes"

    name: Mapped[str] = mapped_column(primary_key=True)
    """host:pid:start, as in lanes and outbox."""
    part: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    seen_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    stopped_at: Mapped[datetime | None]
    """When it ended as it should; none of one that was killed."""


class Trouble(Base):
    """How often something went wrong (or right again) within a minute, counted over all processes."""

    __tablename__ = "troubles"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class Reading(Base):
    """What one process asked somebody outside for all of them, and when: the webhook's state at Telegram."""

    __tablename__ = "readings"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    taken_by: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
