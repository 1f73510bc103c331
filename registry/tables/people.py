"""Participants, their applications to waves, and their cards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base
from registry.tables.states import ACCOUNT_STATUSES, APPLICATION_STATUSES, CARD_STATUSES, EDUCATIONS, one_of


class ParticipantRow(Base):
    """A registered person; identifiers only as keyed hashes, contact data masked."""

    __tablename__ = "participants"
    __table_args__ = (
        one_of("account_status", ACCOUNT_STATUSES),
        one_of("education", EDUCATIONS),
        CheckConstraint("province ~ '^[1-9][0-9]$'", name="province"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    nik_hash: Mapped[str | None] = mapped_column(unique=True)
    nik_last4_hash: Mapped[str | None]
    """Of this participant's id and the last four digits, to tell people on one phone apart."""
    name: Mapped[str]
    email_masked: Mapped[str]
    phone_hash: Mapped[str] = mapped_column(index=True)
    phone_masked: Mapped[str]
    birth_year: Mapped[int | None]
    education: Mapped[str | None]
    account_status: Mapped[str]
    verified_email: Mapped[bool]
    verified_ktp: Mapped[bool]
    verified_face: Mapped[bool]
    verified_nik_kk: Mapped[bool]
    registered_at: Mapped[datetime]
    recipient_wave: Mapped[int | None]
    province: Mapped[str | None]
    """Two digits, as the national statistics number provinces."""


class WaveApplicationRow(Base):
    """One application to a wave."""

    __tablename__ = "wave_applications"
    __table_args__ = (
        UniqueConstraint("participant_id", "wave"),
        one_of("status", APPLICATION_STATUSES),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("programme.participants.id"))
    wave: Mapped[int]
    status: Mapped[str]
    applied_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class CardRow(Base):
    """A participant's only card; its balance is the sum of the ledger and stands nowhere."""

    __tablename__ = "cards"
    __table_args__ = (
        one_of("status", CARD_STATUSES),
        CheckConstraint("status <> 'revoked' OR revoked_at IS NOT NULL", name="revoked_at"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("programme.participants.id"), unique=True)
    number_hash: Mapped[str] = mapped_column(unique=True)
    last4: Mapped[str]
    status: Mapped[str]
    recipient_since: Mapped[datetime | None]
    first_purchase_due: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str | None]
