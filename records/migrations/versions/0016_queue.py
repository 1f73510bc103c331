"""Saved views of the queue, acts on many cases, counts of the resolved, and the indexes the queue is read by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KIND = "team_id, queue, intent, platform, channel, priority, wave, incident_id"
WORDLESS = "('reaction', 'group', 'changed', 'left', 'service', 'moved')"


def upgrade() -> None:
    """Bring the tables to this version; old cases learn their channel and since when they wait."""
    _channel()
    _waiting()
    _opening_and_closing()
    _resolved_counts()
    _indexes()
    _views()
    _bulk()


def _channel() -> None:
    op.add_column("tickets", sa.Column("channel", sa.String(), nullable=True))
    op.execute("UPDATE tickets SET channel = c.channel FROM conversations AS c WHERE c.id = tickets.conversation_id")
    op.alter_column("tickets", "channel", nullable=False)


def _waiting() -> None:
    """The first words no person has answered; while nobody answered at all, the opening."""
    op.execute(f"""
        UPDATE tickets SET waiting_since = CASE WHEN first_reply_at IS NULL THEN opened_at ELSE (
            SELECT min(m.created_at) FROM messages AS m
            WHERE m.conversation_id = tickets.conversation_id AND m.direction = 'in' AND m.kind NOT IN {WORDLESS}
              AND m.created_at >= tickets.opened_at
              AND m.position > COALESCE((
                SELECT max(said.position) FROM messages AS said
                WHERE said.conversation_id = tickets.conversation_id AND said.direction = 'out'
                  AND said.author = 'agent' AND said.created_at >= tickets.opened_at), 0)
        ) END
        WHERE status <> 'resolved'
    """)  # noqa: S608 (names of our own columns)


def _opening_and_closing() -> None:
    op.execute("""
        CREATE FUNCTION begin_case() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.channel IS NULL THEN
                SELECT channel INTO NEW.channel FROM conversations WHERE id = NEW.conversation_id;
            END IF;
            IF NEW.waiting_since IS NULL AND NEW.status <> 'resolved' AND NEW.first_reply_at IS NULL THEN
                NEW.waiting_since := NEW.opened_at;
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER tickets_opening BEFORE INSERT ON tickets
        FOR EACH ROW WHEN (NEW.channel IS NULL OR NEW.waiting_since IS NULL) EXECUTE FUNCTION begin_case()
    """)
    op.execute("""
        CREATE FUNCTION end_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.waiting_since := NULL;
            NEW.snoozed_until := NULL;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER tickets_closing BEFORE UPDATE ON tickets
        FOR EACH ROW WHEN (NEW.status = 'resolved' AND (NEW.waiting_since IS NOT NULL OR NEW.snoozed_until IS NOT NULL))
        EXECUTE FUNCTION end_waiting()
    """)


def _resolved_counts() -> None:
    op.create_table(
        "resolved_counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=True),
        sa.Column("incident_id", sa.String(), nullable=True),
        sa.Column("tag", sa.String(), server_default="", nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolved_counts")),
    )
    unfolded = sa.text("NOT folded")
    op.create_index("ix_resolved_counts_unfolded", "resolved_counts", ["id"], postgresql_where=unfolded)
    op.create_index(
        "ix_resolved_counts_kind",
        "resolved_counts",
        ["tag", "team_id"],
        postgresql_include=[
            *("queue", "intent", "platform", "channel", "priority", "wave", "incident_id", "number"),
        ],
    )
    op.execute(f"""
        INSERT INTO resolved_counts ({KIND}, tag, number, folded)
        SELECT {KIND}, '', count(*), true FROM tickets WHERE status = 'resolved' GROUP BY {KIND}
    """)  # noqa: S608 (names of our own columns)
    _count_inserted()
    _count_changed()
    _fold()


def _count_inserted() -> None:
    """Once a statement: a million rows brought in at once are counted at once."""
    op.execute(f"""
        CREATE FUNCTION count_resolved_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO resolved_counts ({KIND}, tag, number)
            SELECT {KIND}, tag, count(*) FROM added, LATERAL (
                SELECT '' AS tag UNION SELECT jsonb_array_elements_text(tags)) AS each_tag
            WHERE status = 'resolved' GROUP BY {KIND}, tag;
            RETURN NULL;
        END $$
    """)  # noqa: S608 (names of our own columns)
    op.execute("""
        CREATE TRIGGER tickets_resolved_new AFTER INSERT ON tickets REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION count_resolved_new()
    """)


def _count_changed() -> None:
    """Rows are only added, so that two who resolve at once never wait for each other here."""
    columns = [name.strip() for name in KIND.split(",")]
    old, new = (", ".join(f"{side}.{name}" for name in columns) for side in ("OLD", "NEW"))
    of = "SELECT '' AS tag UNION SELECT jsonb_array_elements_text({side}.tags)"
    op.execute(f"""
        CREATE FUNCTION count_resolved_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' AND OLD.status = 'resolved' THEN
                INSERT INTO resolved_counts ({KIND}, tag, number)
                SELECT {old}, tag, -1 FROM ({of.format(side="OLD")}) AS each_tag;
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.status = 'resolved' THEN
                INSERT INTO resolved_counts ({KIND}, tag, number)
                SELECT {new}, tag, 1 FROM ({of.format(side="NEW")}) AS each_tag;
            END IF;
            RETURN NULL;
        END $$
    """)  # noqa: S608 (names of our own columns)
    either = "OLD.status = 'resolved' OR NEW.status = 'resolved'"
    op.execute(f"""
        CREATE TRIGGER tickets_resolved_changed AFTER UPDATE ON tickets FOR EACH ROW WHEN (
            ({either}) AND (OLD.status, OLD.tags, {old}) IS DISTINCT FROM (NEW.status, NEW.tags, {new}))
        EXECUTE FUNCTION count_resolved_changed()
    """)
    op.execute("""
        CREATE TRIGGER tickets_resolved_gone AFTER DELETE ON tickets
        FOR EACH ROW WHEN (OLD.status = 'resolved') EXECUTE FUNCTION count_resolved_changed()
    """)


def _fold() -> None:
    op.execute(f"""
        CREATE FUNCTION fold_resolved_counts() RETURNS void LANGUAGE sql AS $$
            WITH gone AS (DELETE FROM resolved_counts RETURNING *)
            INSERT INTO resolved_counts ({KIND}, tag, number, folded)
            SELECT {KIND}, tag, sum(number), true FROM gone GROUP BY {KIND}, tag HAVING sum(number) <> 0
        $$
    """)  # noqa: S608 (names of our own columns)


def _indexes() -> None:
    unresolved, resolved = sa.text("status <> 'resolved'"), sa.text("status = 'resolved'")
    op.create_index(
        "ix_tickets_waiting",
        "tickets",
        ["promised_at", "number"],
        postgresql_include=[
            *("status", "staff_id", "team_id", "queue", "intent", "platform", "channel", "priority", "wave"),
            *("opened_at", "first_reply_at", "waiting_since", "snoozed_until", "incident_id", "id"),
        ],
        postgresql_where=unresolved,
    )
    op.create_index("ix_tickets_resolved", "tickets", ["resolved_at", "number"], postgresql_where=resolved)
    op.create_index("ix_tickets_resolved_intent", "tickets", ["intent", "resolved_at"], postgresql_where=resolved)
    parts = {"number": "text_pattern_ops"}
    op.create_index("ix_tickets_number_part", "tickets", ["number"], postgresql_ops=parts)
    tagged = sa.text("tags <> '[]'::jsonb")
    op.create_index("ix_tickets_tags", "tickets", ["tags"], postgresql_using="gin", postgresql_where=tagged)


def _views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_views_staff_id_staff")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_saved_views_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_views_staff_id_name")),
    )
    op.create_index(op.f("ix_saved_views_team_id"), "saved_views", ["team_id"])
    op.create_table(
        "default_views",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_default_views_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_views.id"], name=op.f("fk_default_views_view_id_saved_views"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_default_views")),
    )
    op.create_index(op.f("ix_default_views_view_id"), "default_views", ["view_id"])


def _bulk() -> None:
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("given", postgresql.JSONB(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bulk_acts_staff_id_staff")),
        sa.ForeignKeyConstraint(["stopped_by"], ["staff.id"], name=op.f("fk_bulk_acts_stopped_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
    )
    running = sa.text("done_at IS NULL")
    op.create_index("ix_bulk_acts_running", "bulk_acts", ["created_at"], postgresql_where=running)
    op.create_index("ix_bulk_acts_staff_id_created_at", "bulk_acts", ["staff_id", "created_at"])
    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), server_default="waiting", nullable=False),
        sa.Column("said", sa.String(), server_default="", nullable=False),
        sa.Column("at", TIME, nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'done', 'refused', 'left')", name=op.f("ck_bulk_items_status")),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_acts.id"], name=op.f("fk_bulk_items_bulk_id_bulk_acts")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_bulk_items_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("bulk_id", "ticket_id", name=op.f("pk_bulk_items")),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_bulk_items_waiting", "bulk_items", ["bulk_id", "position"], postgresql_where=waiting)
