"""Staff, their sessions, and the audit trail of what was done and looked at."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class Staff(Base):
    """Somebody who signs in at the desk."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('admin', 'agent', 'pmo')", name="role"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]


class StaffSession(Base):
    """A signed-in browser: only a hash of its token is kept, and deleting the row signs it out."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf_token: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AuditEntry(Base):
    """One act, chained by hash to the one before it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    """Staff username, or `system`."""
    action: Mapped[str]
    object: Mapped[str]
    """Kind and id of what it was done to, as `ticket:T-100001`."""
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
