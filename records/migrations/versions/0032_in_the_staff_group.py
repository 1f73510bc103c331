"""Who works from the staff group at Telegram is not gone because no page of the desk is open."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("staff", sa.Column("in_group_at", sa.DateTime(timezone=True), nullable=True))
