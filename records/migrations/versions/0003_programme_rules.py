"""The programme's own rules held by the database: states that may follow each other, money that must agree."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("participants", sa.Column("nik_last4_hash", sa.String(), nullable=True), schema="programme")
