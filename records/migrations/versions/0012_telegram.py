"""What a message answers to, and when a channel last reached us."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("messages", sa.Column("context", JSONB(), nullable=True))
    op.create_table(
        "presences",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("present_at", TIME, nullable=False),
        sa.Column("away_from", TIME, nullable=True),
        sa.Column("back_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_presences")),
    )
