"""How somebody was bound, one-time links, and how often a lookup was tried."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# who is bound already was proven by the number that is registered now
NUMBERS_OF_THE_BOUND = """
UPDATE identities SET phone_hash = p.phone_hash FROM programme.participants p WHERE p.id = identities.participant_id
"""


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("identities", sa.Column("phone_hash", sa.String(), nullable=True))
    op.add_column("identities", sa.Column("bound_through", sa.Uuid(), nullable=True))
    op.add_column("identities", sa.Column("pending", postgresql.JSONB(), nullable=True))
    op.add_column("identities", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identities", sa.Column("session_hash", sa.String(), nullable=True))
    op.create_foreign_key(
        op.f("fk_identities_bound_through_identities"), "identities", "identities", ["bound_through"], ["id"]
    )
    op.create_index(op.f("ix_identities_bound_through"), "identities", ["bound_through"])
    op.execute(NUMBERS_OF_THE_BOUND)
    _links()
    _counts()
    _alarms()


def _links() -> None:
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_one_time_links_identity_id_identities")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_one_time_links_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_index(op.f("ix_one_time_links_identity_id"), "one_time_links", ["identity_id"])


def _counts() -> None:
    op.create_table(
        "lookup_counts",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("failed_at", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_lookup_counts")),
    )


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("subject_kind IN ('identity', 'target')", name=op.f("ck_alarms_subject_kind")),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_alarms_seen_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index(op.f("ix_alarms_subject"), "alarms", ["subject"])
    op.create_index("ix_alarms_unseen", "alarms", ["at"], postgresql_where=sa.text("seen_by IS NULL"))
