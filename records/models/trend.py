"""What the trends count: a fact a message, and how many messages there were by hour, day and month.

Counts only ever change by what is in `trend_news`, which triggers write and `trends.counting` folds. A message whose
row or person is gone leaves its place in `trend_kept`: facts and kept together are what was counted, at any time.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base

EAGER = {"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "2000"}


def _code(*, key: bool = False, empty: bool = False) -> Any:
    return mapped_column(SmallInteger, primary_key=key, nullable=empty, autoincrement=False)


def ways_in(table: str) -> Iterator[Index]:
    """Yield an index for each filter, so that a question reads about as much as its narrowest one leaves.

    Of three channels every one is a third of all: that would be no help.
    """
    for name in ("intent", "platform", "wave", "institution", "partner", "province"):
        yield Index(f"ix_{table}_{name}", name, "day")


class TrendNews(Base):
    """A message that came, was corrected or is gone, and is to be counted; written by triggers of `turns`."""

    __tablename__ = "trend_news"
    __table_args__ = ({"postgresql_with": EAGER},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    turn_id: Mapped[uuid.UUID]
    was: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Only of a message that is gone: what it was when it went, without whose it was."""


class TrendKey(Base):
    """The number that stands for one value of one dimension; never reused."""

    __tablename__ = "trend_keys"
    __table_args__ = (UniqueConstraint("dimension", "key"),)

    code: Mapped[int] = mapped_column(SmallInteger, Identity(start=1), primary_key=True)
    dimension: Mapped[str]
    """intent … province, outcome; of the sums also kind, date, hour and weekhour."""
    key: Mapped[str]


class TrendFact(Base):
    """One participant's message as it is counted, by codes; what is known of the person, as it was known then."""

    __tablename__ = "trend_facts"
    __table_args__ = (
        Index("ix_trend_facts_at", "at"),
        *ways_in("trend_facts"),
        Index("ix_trend_facts_forgotten", "at", postgresql_where=text("wave IS NULL")),
        CheckConstraint("num_nulls(wave, institution, partner, province) IN (0, 4)", name="forgotten"),
    )

    turn_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    day: Mapped[date]
    """As people in Jakarta count days, like the hour."""
    hour: Mapped[int] = _code()
    intent: Mapped[int] = _code()
    """As corrected by an agent, else as the model read it."""
    platform: Mapped[int] = _code()
    channel: Mapped[int] = _code()
    outcome: Mapped[int] = _code()
    wave: Mapped[int | None] = _code(empty=True)
    """None, like the three below it, once the person was erased: counted in `trend_kept` from then on."""
    institution: Mapped[int | None] = _code(empty=True)
    partner: Mapped[int | None] = _code(empty=True)
    province: Mapped[int | None] = _code(empty=True)


class _Cell:
    """So many messages of one hour that are alike in everything that is counted."""

    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = _code(key=True)
    intent: Mapped[int] = _code(key=True)
    platform: Mapped[int] = _code(key=True)
    channel: Mapped[int] = _code(key=True)
    outcome: Mapped[int] = _code(key=True)
    wave: Mapped[int] = _code(key=True)
    institution: Mapped[int] = _code(key=True)
    partner: Mapped[int] = _code(key=True)
    province: Mapped[int] = _code(key=True)
    messages: Mapped[int]


class TrendHour(_Cell, Base):
    """Every message that was ever counted, by hour and all dimensions: any question can be asked of it."""

    __tablename__ = "trend_hours"
    __table_args__ = tuple(ways_in("trend_hours"))


class TrendKept(_Cell, Base):
    """The part of `trend_hours` whose messages or people are gone: what a rebuild cannot read anywhere else."""

    __tablename__ = "trend_kept"


class TrendDay(Base):
    """How many complaints a day by one value of one dimension or hour; and messages by kind."""

    __tablename__ = "trend_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[int] = _code(key=True)
    messages: Mapped[int]


class TrendMonth(Base):
    """The same a month, also of those alone that have one value of one dimension."""

    __tablename__ = "trend_months"

    filter: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("trend_keys.code"), primary_key=True, autoincrement=False
    )
    """The code of that value; of all messages, that of the dimension `all`."""
    month: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[int] = _code(key=True)
    messages: Mapped[int]


class TrendState(Base):
    """When news was last counted, and when everything was last counted anew: one row."""

    __tablename__ = "trend_state"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    folded_at: Mapped[datetime | None]
    rebuilt_at: Mapped[datetime | None]
    rebuilding: Mapped[date | None]
    """The month a rebuild has reached, from the newest back; none where none is under way."""
