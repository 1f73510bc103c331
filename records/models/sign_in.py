"""What proves that somebody is who they say at the desk: second factors, recovery codes, and counted attempts."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base


class SecondFactor(Base):
    """Somebody's authenticator: its secret is kept sealed, and a code that was taken once is never taken again."""

    __tablename__ = "second_factors"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    """Real time, as everything here."""
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The time step of the last code that was taken: only later ones fit."""


class RecoveryCode(Base):
    """A code for whoever lost their authenticator: only its hash is kept, and it opens once."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One failed try, counted by name, by address and by both; gone after a quarter of an hour."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_key_at", "key", "at"), Index("ix_sign_in_attempts_at", "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[str]
    """A keyed hash: what a stranger typed as a name may be a password."""
    at: Mapped[datetime]
    """Real time."""
