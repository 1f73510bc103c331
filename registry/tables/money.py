"""The ledger behind every card, the incentives and where they are paid to."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base
from registry.tables.states import (
    INCENTIVE_KINDS,
    INCENTIVE_STATUSES,
    KYC_LEVELS,
    LEDGER_KINDS,
    PAYOUT_STATUSES,
    one_of,
)


class LedgerEntryRow(Base):
    """One line of the ledger; append-only (a trigger refuses every change).

    A purchase has at most one entry of each kind: captured once, refunded once. A trigger a statement holds that each
    entry is the price of its purchase, that nothing comes back that was not taken, and that no balance falls below 0.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("purchase_id", "kind"),
        Index("ix_ledger_entries_participant_id_at", "participant_id", "at"),
        one_of("kind", LEDGER_KINDS),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "CASE kind WHEN 'grant' THEN purchase_id IS NULL WHEN 'forfeit' THEN true ELSE purchase_id IS NOT NULL END",
            name="purchase",
        ),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("programme.participants.id"))
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    purchase_id: Mapped[str | None] = mapped_column(ForeignKey("programme.purchases.id"))
    at: Mapped[datetime]
    note: Mapped[str | None]


class IncentiveRow(Base):
    """One incentive payment, promised or made; a trigger refuses a status that cannot follow."""

    __tablename__ = "incentives"
    __table_args__ = (
        UniqueConstraint("participant_id", "kind", "sequence"),
        one_of("kind", INCENTIVE_KINDS),
        one_of("status", INCENTIVE_STATUSES),
        CheckConstraint("amount >= 0 AND sequence > 0", name="amount"),
        CheckConstraint("status <> 'paid' OR paid_at IS NOT NULL", name="paid_at"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("programme.participants.id"))
    kind: Mapped[str]
    sequence: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    held_from: Mapped[str | None]
    """The status in which it was put on hold, written by the trigger: it goes on from there."""
    scheduled_for: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("programme.payment_partners.id"))
    reason: Mapped[str | None]


class PayoutAccountRow(Base):
    """A bank account or e-wallet that is, was or should be linked."""

    __tablename__ = "payout_accounts"
    __table_args__ = (
        one_of("kyc", KYC_LEVELS),
        one_of("status", PAYOUT_STATUSES),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("programme.participants.id"), index=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("programme.payment_partners.id"))
    last4: Mapped[str]
    nik_matches: Mapped[bool]
    kyc: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    linked_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
