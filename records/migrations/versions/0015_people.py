"""Second factors, sign-ins from outside, attempts, permits to look, and an audit that is quick to read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("staff", sa.Column("email", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_staff_email"), "staff", ["email"])
    _sessions()
    _factors()
    _permits()
    for name in ("actor", "action", "object"):
        op.create_index(f"ix_audit_{name}_id", "audit", [name, "id"])
    op.create_index("ix_audit_at", "audit", ["at"])


def _sessions() -> None:
    for column in (
        sa.Column("last_seen_at", TIME, nullable=True),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("device", sa.String(), server_default="", nullable=False),
        sa.Column("via", sa.String(), server_default="password", nullable=False),
        sa.Column("strong", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("staff_sessions", column)
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_key_at", "sign_in_attempts", ["key", "at"])
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["at"])


def _factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_second_factors_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_codes_staff_id_staff")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_staff_id"), "recovery_codes", ["staff_id"])


def _permits() -> None:
    op.create_table(
        "look_permits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("session_hash", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_look_permits_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["session_hash"],
            ["staff_sessions.token_hash"],
            name=op.f("fk_look_permits_session_hash_staff_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_look_permits_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_permits")),
    )
    for column in ("session_hash", "conversation_id"):
        op.create_index(op.f(f"ix_look_permits_{column}"), "look_permits", [column])
    op.create_index("ix_look_permits_staff_conversation", "look_permits", ["staff_id", "conversation_id"])
