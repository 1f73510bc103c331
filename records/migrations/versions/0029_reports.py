"""Weekly reports: one a week and kind of reader, with what was handed out."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "weekly_reports",
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience IN ('staff', 'outside')", name=op.f("ck_weekly_reports_audience")),
        sa.CheckConstraint("EXTRACT(isodow FROM first_day) = 1", name=op.f("ck_weekly_reports_begins_on_monday")),
        sa.PrimaryKeyConstraint("first_day", "audience", name=op.f("pk_weekly_reports")),
    )
