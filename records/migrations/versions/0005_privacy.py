"""Retention of raw words, requests about personal data and their receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# a WhatsApp id holds the sender's number, a web id the visitor's cookie
HASH_EVENT_IDS = """
UPDATE inbox SET external_id = encode(sha256(convert_to(external_id, 'UTF8')), 'hex') WHERE channel <> 'telegram'
"""

# a process that still knows the chat under its old key must look again instead of writing to an erased one
REFUSE_ERASED = """
CREATE FUNCTION refuse_events_of_the_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM conversations WHERE id = NEW.conversation_id AND external_id LIKE 'terhapus:%') THEN
        RAISE EXCEPTION 'conversation % was erased', NEW.conversation_id USING ERRCODE = 'HD003';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inbox_erased BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.conversation_id IS NOT NULL)
    EXECUTE FUNCTION refuse_events_of_the_erased();
"""


def upgrade() -> None:
    """Bring the tables to this version."""
    op.execute(sa.schema.CreateSequence(sa.Sequence("data_request_numbers", start=100001)))
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.String(), server_default=sa.text("'DP-' || nextval('data_request_numbers')"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("counts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('show', 'correct', 'delete')", name=op.f("ck_data_requests_kind")),
        sa.CheckConstraint("status IN ('waiting', 'done')", name=op.f("ck_data_requests_status")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_data_requests_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["messages.id"], name=op.f("fk_data_requests_notice_id_messages")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_data_requests_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_data_requests_number")),
    )
    op.create_index(op.f("ix_data_requests_conversation_id"), "data_requests", ["conversation_id"])
    op.create_index(
        "ix_data_requests_waiting", "data_requests", ["made_at"], postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("dry", sa.Boolean(), nullable=False),
        sa.Column("limits", postgresql.JSONB(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("oldest_left", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    op.create_index("ix_inbox_sealed", "inbox", ["received_at"], postgresql_where=sa.text("sealed_event IS NOT NULL"))
    op.create_index(
        "ix_messages_sealed", "messages", ["created_at"], postgresql_where=sa.text("sealed_text IS NOT NULL")
    )
    op.execute(HASH_EVENT_IDS)
    op.execute(REFUSE_ERASED)
