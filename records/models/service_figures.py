"""Figures of the service: a narrow row an answer, a case, an act of an agent; and counts the database keeps of them.

Rows name nobody. When a turn or case is deleted its row is cut off from it and stays, so no figure of the past changes.
`answer_counts`, `answer_seconds`, `case_months` and `case_times` follow their rows by triggers.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class AnswerFact(Base):
    """A complaint that the bot answered by itself: how quickly, and whether the person came back."""

    __tablename__ = "answer_facts"
    __table_args__ = (Index("ix_answer_facts_day", "day", "intent"),)

    turn_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    """In WIB, as all days here."""
    intent: Mapped[str]
    platform: Mapped[str]
    """`-` where none was named."""
    channel: Mapped[str]
    seconds: Mapped[int | None]
    """From receiving the message to sending the first words; none where nothing was sent."""
    returned: Mapped[bool | None]
    """Whether they wrote again about the same within 72 hours; none while those are not over."""


class AnswerCount(Base):
    """Bot answers of a day or month and kind."""

    __tablename__ = "answer_counts"
    __table_args__ = (CheckConstraint("grain IN ('day', 'month')", name="grain"),)

    grain: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    intent: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[int]
    settled: Mapped[int]
    """Of them so many are older than 72 hours."""
    returned: Mapped[int]
    sent: Mapped[int]
    """So many have a time."""


class AnswerSeconds(Base):
    """How many bot answers of a day or month took so many seconds."""

    __tablename__ = "answer_seconds"
    __table_args__ = (CheckConstraint("grain IN ('day', 'month')", name="grain"),)

    grain: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    intent: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class AnswerNews(Base):
    """A turn whose meaning an agent corrected: its answer is counted anew."""

    __tablename__ = "answer_news"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    turn_id: Mapped[uuid.UUID]


class CaseNews(Base):
    """A case that changed in something the figures count."""

    __tablename__ = "case_news"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[uuid.UUID]


class CaseSpell(Base):
    """How a case stood when it was reopened: its promise and answer until then, which the case itself forgets."""

    __tablename__ = "case_spells"

    ticket_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """How often it had been reopened before."""
    promised_at: Mapped[datetime]
    first_reply_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]


class CaseFact(Base):
    """A case as it is counted, on the WIB day it was opened."""

    __tablename__ = "case_facts"
    __table_args__ = (
        Index("ix_case_facts_day", "day"),
        Index("ix_case_facts_intent", "intent", "day"),
        *(
            Index(
                f"ix_case_facts_{column}",
                column,
                "day",
                postgresql_include=["team_id", "priority", "intent", "platform", "channel"],
                postgresql_where=text(f"{column} >= 60"),
            )
            for column in ("answer_minutes", "answer_worked", "resolve_minutes", "resolve_worked")
        ),
    )

    ticket_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    team_id: Mapped[uuid.UUID]
    priority: Mapped[str]
    intent: Mapped[str]
    platform: Mapped[str]
    channel: Mapped[str]
    answer_minutes: Mapped[int | None]
    """Until a person's first words; none while nobody has answered."""
    answer_worked: Mapped[int | None]
    """The same in time that counts for the promise: its team's working time, or every hour."""
    resolve_minutes: Mapped[int | None]
    """Until it was closed for good; none while it is open, or open again."""
    resolve_worked: Mapped[int | None]
    ended: Mapped[bool]
    """It ended otherwise: merged into another, or its person's data were erased."""
    reopened: Mapped[int] = mapped_column(SmallInteger)
    kept: Mapped[int] = mapped_column(SmallInteger)
    missed: Mapped[int] = mapped_column(SmallInteger)
    """Promises answered too late; those still unanswered are looked at when they are shown."""
    void: Mapped[int] = mapped_column(SmallInteger)
    """Promises that ended with the case being merged or erased."""
    asked: Mapped[int] = mapped_column(SmallInteger)
    """How often the person was asked how the help was."""
    rated_1: Mapped[int] = mapped_column(SmallInteger)
    rated_2: Mapped[int] = mapped_column(SmallInteger)
    rated_3: Mapped[int] = mapped_column(SmallInteger)
    rated_4: Mapped[int] = mapped_column(SmallInteger)
    rated_5: Mapped[int] = mapped_column(SmallInteger)


class CaseMonth(Base):
    """The cases opened in a month, by kind, added up."""

    __tablename__ = "case_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    priority: Mapped[str] = mapped_column(primary_key=True)
    intent: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    cases: Mapped[int]
    answered: Mapped[int]
    unanswerable: Mapped[int]
    """Ended otherwise before a person answered."""
    resolved: Mapped[int]
    ended: Mapped[int]
    """Ended otherwise, unresolved."""
    reopened: Mapped[int]
    """Cases that were reopened."""
    reopenings: Mapped[int]
    kept: Mapped[int]
    missed: Mapped[int]
    void: Mapped[int]
    asked: Mapped[int]
    rated_1: Mapped[int]
    rated_2: Mapped[int]
    rated_3: Mapped[int]
    rated_4: Mapped[int]
    rated_5: Mapped[int]


class CaseTime(Base):
    """How many cases of a month took so long: by the minute within the first hour, by the hour afterwards."""

    __tablename__ = "case_times"

    measure: Mapped[str] = mapped_column(primary_key=True)
    """The column of `case_facts`."""
    dimension: Mapped[str] = mapped_column(primary_key=True)
    """Empty: all; else team, priority, intent, platform or channel."""
    month: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class AgentAct(Base):
    """Something an agent did with a case: took it, answered, resolved it."""

    __tablename__ = "agent_acts"
    __table_args__ = (
        CheckConstraint("what IN ('taken', 'replied', 'resolved')", name="what"),
        Index("ix_agent_acts_staff", "staff_id", "what", "at"),
        Index("ix_agent_acts_uncounted", "id", postgresql_where=text("NOT counted")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    what: Mapped[str]
    staff_id: Mapped[uuid.UUID]
    team_id: Mapped[uuid.UUID]
    ticket_id: Mapped[uuid.UUID]
    counted: Mapped[bool] = mapped_column(server_default=text("false"))


class AgentDay(Base):
    """How much an agent did in a day, by the team of the case."""

    __tablename__ = "agent_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class FigureProgress(Base):
    """Up to when something has been counted."""

    __tablename__ = "figure_progress"

    name: Mapped[str] = mapped_column(primary_key=True)
    upto: Mapped[datetime]
