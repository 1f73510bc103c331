"""Courses and packages, and who sells them, when and for how much."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base
from registry.tables.states import COURSE_STATUSES, COURSE_TYPES, EDUCATIONS, one_of


class CourseRow(Base):
    """A course or package of an institution."""

    __tablename__ = "courses"
    __table_args__ = (
        one_of("type", COURSE_TYPES),
        one_of("status", COURSE_STATUSES),
        one_of("min_education", EDUCATIONS),
        {"schema": "programme"},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    institution_id: Mapped[str] = mapped_column(ForeignKey("programme.organisations.id"))
    category: Mapped[str | None]
    type: Mapped[str]
    status: Mapped[str]
    is_bundle: Mapped[bool]
    sell_until: Mapped[datetime | None]
    min_age: Mapped[int | None]
    min_education: Mapped[str | None]
    status_note: Mapped[str | None]


class OfferRow(Base):
    """A course on one platform with one schedule."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("course_code", "platform_id", "schedule_code"),
        CheckConstraint("price >= 0 AND quota_left >= 0", name="amounts"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(ForeignKey("programme.courses.code"))
    platform_id: Mapped[str] = mapped_column(ForeignKey("programme.organisations.id"))
    price: Mapped[int] = mapped_column(BigInteger)
    schedule_code: Mapped[str | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    quota_left: Mapped[int | None]
