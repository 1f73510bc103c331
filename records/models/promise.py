"""What is promised, when people work, who was given which case and why, and how it was found in the end."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class PromiseRule(Base):
    """Within what time a kind of case is answered and settled; the rule that says most about a case counts."""

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint("priority IN ('normal', 'high', 'urgent')", name="priority"),
        CheckConstraint("answer_minutes BETWEEN 5 AND 43200", name="answer_minutes"),
        CheckConstraint("resolve_minutes BETWEEN answer_minutes AND 86400", name="resolve_minutes"),
    )

    about: Mapped[str] = mapped_column(primary_key=True)
    """An intent, a queue, or empty for every case."""
    priority: Mapped[str] = mapped_column(primary_key=True)
    answer_minutes: Mapped[int]
    """Of working time, until a person has answered: this is told to the participant."""
    resolve_minutes: Mapped[int]
    """Of working time, until the case is closed: an aim of the desk, told to nobody outside."""
    all_hours: Mapped[bool] = mapped_column(server_default=text("false"))
    """Nights and holidays count too: only for a team that then works."""


class CalendarDay(Base):
    """A day that staff set otherwise than `records/holidays.py` has it."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    off: Mapped[bool]
    source: Mapped[str]
    changed_at: Mapped[datetime]


class CalendarYear(Base):
    """A year whose holidays staff have entered to the last, and by which decree."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    changed_at: Mapped[datetime]


class Assignment(Base):
    """A case given to somebody by the desk itself, and the reason it gave."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_staff_id_at", "staff_id", "at"),
        Index("ix_assignments_ticket_id_at", "ticket_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    reason: Mapped[str]


class Rating(Base):
    """How a participant found the help: once a resolution, without anything that says who they are."""

    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"), Index("ix_ratings_at", "at"))

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    times: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """How often the case had been reopened when it was rated."""
    score: Mapped[int]
    at: Mapped[datetime]
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id"))
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who resolved it."""
    intent: Mapped[str]
    queue: Mapped[str]
    channel: Mapped[str]
    told_why: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the person said what was wrong; the words stand in the conversation."""
