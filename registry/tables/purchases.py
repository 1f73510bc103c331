"""Purchases in their state machine, as the programme's tables say."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base
from registry.tables.states import PLATFORM_STATUSES, PURCHASE_STATES, UNPAID_STATES, one_of

_UNPAID = ", ".join(f"'{state}'" for state in UNPAID_STATES)


class PurchaseRow(Base):
    """One attempt to buy; the redeem code only as a keyed hash and its last four.

    A trigger refuses a state that cannot follow (registry/purchase_states.py), a second code, and another price or
    buyer once the ledger knows it.
    """

    __tablename__ = "purchases"
    __table_args__ = (
        one_of("state", PURCHASE_STATES),
        one_of("platform_status", PLATFORM_STATUSES),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint(f"state IN ({_UNPAID}) OR (invoice_code IS NOT NULL AND paid_at IS NOT NULL)", name="paid"),
        CheckConstraint(f"redeem_code_hash IS NULL OR state NOT IN ({_UNPAID}, 'paid_without_code')", name="code"),
        CheckConstraint("redeemed_at IS NULL OR (paid_at IS NOT NULL AND redeemed_at >= paid_at)", name="redeemed"),
        Index("ix_purchases_participant_id_selected_at", "participant_id", "selected_at"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("programme.participants.id"))
    course_code: Mapped[str] = mapped_column(ForeignKey("programme.courses.code"))
    platform_id: Mapped[str] = mapped_column(ForeignKey("programme.organisations.id"))
    schedule_code: Mapped[str | None]
    price: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    platform_status: Mapped[str | None]
    invoice_code: Mapped[str | None] = mapped_column(unique=True)
    transaction_code: Mapped[str | None] = mapped_column(unique=True)
    redeem_code_hash: Mapped[str | None] = mapped_column(unique=True)
    redeem_code_last4: Mapped[str | None]
    selected_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    code_issued_at: Mapped[datetime | None]
    redeemed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    class_starts_at: Mapped[datetime | None]
    class_ends_at: Mapped[datetime | None]
    certificate_at: Mapped[datetime | None]
    rated_at: Mapped[datetime | None]
    failure_reason: Mapped[str | None]
