"""Messages of a conversation are counted in their index alone: an export would look up each of them in its table."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    name = "ix_messages_conversation_position"
    op.drop_index(name, "messages")
    op.create_index(name, "messages", ["conversation_id", "position"], postgresql_include=["direction", "created_at"])
