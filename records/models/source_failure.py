"""Questions that a source did not answer, counted by the minute: what the page about the sources is made of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class SourceFailure(Base):
    """How often in one minute one question could not be asked of one source, for one reason."""

    __tablename__ = "source_failures"
    __table_args__ = (
        CheckConstraint("count > 0", name="count"),
        Index("ix_source_failures_source_last_at", "source", "last_at"),
    )

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    """The label of the evidence, as staff read it."""
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
