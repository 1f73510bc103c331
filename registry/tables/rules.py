"""Dated values of the programme's rules, and its waves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class PolicyRow(Base):
    """One value of a rule and the days it was valid."""

    __tablename__ = "policies"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates"),
        {"schema": "programme"},
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str]
    valid_to: Mapped[date | None]
    """Exclusive."""
    source: Mapped[str]
    as_of: Mapped[date]
    note: Mapped[str | None]


class WaveRow(Base):
    """A wave of registration."""

    __tablename__ = "waves"
    __table_args__ = ({"schema": "programme"},)

    wave: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    quota: Mapped[int | None]
    selected: Mapped[int | None]
    source: Mapped[str | None]
