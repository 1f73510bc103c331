"""Platforms and institutions with their dated roles, and the partners that pay incentives out."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base
from registry.tables.states import PARTNER_KINDS, ROLE_KINDS, one_of


class OrganisationRow(Base):
    """A platform, an institution, or both under one id and two names (Ruangguru, Skill Academy)."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("platform_name IS NOT NULL OR institution_name IS NOT NULL", name="name"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    platform_name: Mapped[str | None]
    platform_aliases: Mapped[list[str] | None]
    invoice_prefix: Mapped[str | None]
    institution_name: Mapped[str | None]
    institution_aliases: Mapped[list[str] | None]
    city: Mapped[str | None]


class OrganisationRoleRow(Base):
    """What an organisation was, from when, to when, and since when the end may be told."""

    __tablename__ = "organisation_roles"
    __table_args__ = (
        one_of("kind", ROLE_KINDS),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates"),
        Index("ix_organisation_roles_kind_valid_from", "kind", "valid_from"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("programme.organisations.id"), index=True)
    kind: Mapped[str]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    """Exclusive."""
    announced_at: Mapped[datetime | None]
    effective_note: Mapped[str | None]
    source: Mapped[str]


class PaymentPartnerRow(Base):
    """A bank or e-wallet through which incentives are paid."""

    __tablename__ = "payment_partners"
    __table_args__ = (
        one_of("kind", PARTNER_KINDS),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates"),
        {"schema": "programme"},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    aliases: Mapped[list[str]]
    kind: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """Exclusive."""
    contact: Mapped[str | None]
    source: Mapped[str]
