"""Staff, their sessions, and the audit trail of what was done and looked at."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.models.base import Base, new_id


class Staff(Base):
    """Somebody who signs in at the desk."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'lead', 'agent', 'pmo', 'auditor')", name="role"),
        CheckConstraint("capacity BETWEEN 0 AND 100", name="capacity"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]
    capacity: Mapped[int] = mapped_column(server_default="8")
    """How many open cases they hold before nothing more is given to them; they may still take some themselves."""
    skills: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """Queues they know best (as `Ticket.queue`); empty: all of their teams."""
    away_since: Mapped[datetime | None]
    """Since when nothing is given to them, by the injected clock."""
    telegram_user_id: Mapped[str | None] = mapped_column(unique=True)
    """Who they are in the staff group, once they have proven it."""
    in_group_at: Mapped[datetime | None]
    """When they last did something there, in real time."""
    email: Mapped[str | None] = mapped_column(unique=True)
    """In small letters; a sign-in from outside may be known by it."""


class Team(Base):
    """Agents who look after some queues together; a case belongs to one team."""

    __tablename__ = "teams"
    __table_args__ = (
        Index("uq_teams_one_default", "is_default", unique=True, postgresql_where=text("is_default")),
        CheckConstraint("silent_minutes BETWEEN 5 AND 1440", name="silent_minutes"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    queues: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """New cases of these queues go to this team."""
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    """Takes every case that no team's queues name."""
    hours: Mapped[dict[str, Any] | None]
    """When they work: {"0": [480, 1200], …}, minutes of the day by weekday from Monday; none: as most do."""
    gives_cases: Mapped[bool] = mapped_column(server_default=text("false"))
    """Cases are given to its people; otherwise they take them."""
    silent_minutes: Mapped[int] = mapped_column(server_default="60")
    """A case goes back to the queue when its holder lets the participant wait so long, in working time."""


class TeamMember(Base):
    """Somebody's place in a team."""

    __tablename__ = "team_members"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)


class StaffSession(Base):
    """A signed-in browser: only a hash of its token is kept, and deleting the row signs it out."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf_token: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    """Real time, to a few minutes."""
    address: Mapped[str] = mapped_column(server_default="")
    device: Mapped[str] = mapped_column(server_default="")
    """What the browser says it is, shortened: for its owner to recognise it by."""
    via: Mapped[str] = mapped_column(server_default="password")
    """password or oidc."""
    strong: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether a second factor was shown."""


class AuditEntry(Base):
    """One act, chained by hash to the one before it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_actor_id", "actor", "id"),
        Index("ix_audit_action_id", "action", "id"),
        Index("ix_audit_object_id", "object", "id"),
        Index("ix_audit_at", "at"),
    )

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
