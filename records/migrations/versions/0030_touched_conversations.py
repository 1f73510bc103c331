"""What touched a conversation is found by the conversation: it comes first in the key of an incident's people."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    name = "incident_people"
    # looked up once a row, for an incident that was written a moment before and is never deleted
    op.drop_constraint(op.f(f"fk_{name}_incident_id_incidents"), name)
    op.drop_constraint(op.f(f"pk_{name}"), name)
    op.create_primary_key(op.f(f"pk_{name}"), name, ["conversation_id", "incident_id"])
