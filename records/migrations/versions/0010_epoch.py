"""How far the records are, so that a backup is known for one and nothing old is sent from it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "epoch",
        sa.Column("only_row", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("lineage", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("tide", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("moved_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("restored_at", TIME, nullable=True),
        sa.Column("report", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.CheckConstraint("only_row", name=op.f("ck_epoch_only_row")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("pk_epoch")),
    )
    op.execute("INSERT INTO epoch DEFAULT VALUES")
