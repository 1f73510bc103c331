"""Weekly reports as they were handed out: figures of a week, made once for each kind of reader."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class WeeklyReport(Base):
    """The report of one week (WIB, Monday to Sunday); what was handed out does not change afterwards."""

    __tablename__ = "weekly_reports"
    __table_args__ = (
        CheckConstraint("audience IN ('staff', 'outside')", name="audience"),
        CheckConstraint("EXTRACT(isodow FROM first_day) = 1", name="begins_on_monday"),
    )

    first_day: Mapped[date] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    """staff, or outside: small figures are left out, and nobody is named."""
    made_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    """Up to when messages were counted; none where that is not known."""
    html: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    filed_at: Mapped[datetime | None]
    """When both files were laid into the folder for reports, if there is one."""
