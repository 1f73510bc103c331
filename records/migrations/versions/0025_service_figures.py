"""Figures of the service: rows of answers, cases and agents' acts, counts that follow them, and topics of questions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
GRAIN = "grain IN ('day', 'month')"
MEASURES = ("answer_minutes", "answer_worked", "resolve_minutes", "resolve_worked")
KIND = ("team_id", "priority", "intent", "platform", "channel")
SCORES = tuple(f"rated_{score}" for score in range(1, 6))
SUMMED = ("reopened", "kept", "missed", "void", "asked", *SCORES)
SUMS = {
    "cases": "1",
    "answered": "(answer_minutes IS NOT NULL)::int",
    "unanswerable": "(ended AND answer_minutes IS NULL)::int",
    "resolved": "(resolve_minutes IS NOT NULL)::int",
    "ended": "(ended AND resolve_minutes IS NULL)::int",
    "reopened": "(reopened > 0)::int",
    "reopenings": "reopened",
    **{name: name for name in SUMMED[1:]},
}
DIMENSIONS = {"": "''", "team": "team_id::text", **{name: name for name in KIND[1:]}}


def upgrade() -> None:
    """Bring the tables to this version; what happened before is counted by the desk's round, or by a rebuild."""
    _answers()
    _answer_counts()
    _cases()
    _case_counts()
    _agents()
    _topics()
    _news_of_turns()
    _news_of_cases()
    _acts()
    op.create_table(
        "figure_progress",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("upto", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_figure_progress")),
    )


def _answers() -> None:
    op.create_table(
        "answer_facts",
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("intent", "platform", "channel")),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_answer_facts")),
    )
    op.create_index("ix_answer_facts_day", "answer_facts", ["day", "intent"])
    keys = ("intent", "platform", "channel")
    op.create_table(
        "answer_counts",
        sa.Column("grain", sa.String(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in keys),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("answers", "settled", "returned", "sent")),
        sa.CheckConstraint(GRAIN, name=op.f("ck_answer_counts_grain")),
        sa.PrimaryKeyConstraint("grain", "period", *keys, name=op.f("pk_answer_counts")),
    )
    op.create_table(
        "answer_seconds",
        sa.Column("grain", sa.String(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("intent", "channel")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("seconds", "number")),
        sa.CheckConstraint(GRAIN, name=op.f("ck_answer_seconds_grain")),
        sa.PrimaryKeyConstraint("grain", "period", "intent", "channel", "seconds", name=op.f("pk_answer_seconds")),
    )
    _news("answer_news", "turn_id")


def _news(table: str, key: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column(key, sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _answer_counts() -> None:
    """Counts go up and down by exactly what the statement changed."""
    grains = "(VALUES ('day', day), ('month', date_trunc('month', day)::date)) AS at (grain, period)"
    _following(
        "answer_facts",
        f"""
        WITH signed AS ({{signed}}), changed AS (
            SELECT grain, period, intent, platform, channel, sum(sign)::int AS answers,
                   (sum(sign) FILTER (WHERE returned IS NOT NULL))::int AS settled,
                   (sum(sign) FILTER (WHERE returned))::int AS returned,
                   (sum(sign) FILTER (WHERE seconds IS NOT NULL))::int AS sent
            FROM signed, LATERAL {grains} GROUP BY 1, 2, 3, 4, 5
        )
        INSERT INTO answer_counts (grain, period, intent, platform, channel, answers, settled, returned, sent)
        SELECT grain, period, intent, platform, channel, answers, coalesce(settled, 0), coalesce(returned, 0),
               coalesce(sent, 0)
        FROM changed WHERE (answers, coalesce(settled, 0), coalesce(returned, 0), coalesce(sent, 0)) <> (0, 0, 0, 0)
        ON CONFLICT (grain, period, intent, platform, channel) DO UPDATE SET
            answers = answer_counts.answers + excluded.answers, settled = answer_counts.settled + excluded.settled,
            returned = answer_counts.returned + excluded.returned, sent = answer_counts.sent + excluded.sent;
        WITH signed AS ({{signed}})
        INSERT INTO answer_seconds (grain, period, intent, channel, seconds, number)
        SELECT grain, period, intent, channel, seconds, sum(sign) FROM signed, LATERAL {grains}
        WHERE seconds IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) <> 0
        ON CONFLICT (grain, period, intent, channel, seconds) DO UPDATE SET
            number = answer_seconds.number + excluded.number;
        """,  # noqa: S608 (names of our own columns)
    )


def _cases() -> None:
    _news("case_news", "ticket_id")
    op.create_table(
        "case_spells",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("promised_at", TIME, nullable=False),
        *(sa.Column(name, TIME, nullable=True) for name in ("first_reply_at", "resolved_at")),
        sa.PrimaryKeyConstraint("ticket_id", "times", name=op.f("pk_case_spells")),
    )
    op.create_table(
        "case_facts",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KIND[1:]),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in MEASURES),
        sa.Column("ended", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.SmallInteger(), nullable=False) for name in SUMMED),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_case_facts")),
    )
    op.create_index("ix_case_facts_day", "case_facts", ["day"])
    op.create_index("ix_case_facts_intent", "case_facts", ["intent", "day"])
    for name in MEASURES:
        long = sa.text(f"{name} >= 60")
        op.create_index(
            *(f"ix_case_facts_{name}", "case_facts", [name, "day"]),
            postgresql_include=list(KIND),
            postgresql_where=long,
        )
    op.create_table(
        "case_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KIND[1:]),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("month", *KIND, name=op.f("pk_case_months")),
    )
    op.create_table(
        "case_times",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("measure", "dimension")),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("bucket", "number")),
        sa.PrimaryKeyConstraint("measure", "dimension", "month", "key", "bucket", name=op.f("pk_case_times")),
    )


def _case_counts() -> None:
    """By the minute within the first hour, by the hour afterwards: the minute is then looked up in the rows."""
    op.execute("""
        CREATE FUNCTION time_bucket(minutes integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN minutes < 60 THEN minutes ELSE 59 + minutes / 60 END
        $$
    """)
    kind, sums = ", ".join(KIND), ", ".join(SUMS)
    signed_sums = ", ".join(f"sum(sign * {value})::int AS {name}" for name, value in SUMS.items())
    up = ", ".join(f"{name} = case_months.{name} + excluded.{name}" for name in SUMS)
    changed = " OR ".join(f"{name} <> 0" for name in SUMS)
    dimensions = ", ".join(f"('{name}', {value})" for name, value in DIMENSIONS.items())
    measures = ", ".join(f"('{name}', {name})" for name in MEASURES)
    _following(
        "case_facts",
        f"""
        INSERT INTO case_months (month, {kind}, {sums})
        SELECT * FROM (
            SELECT date_trunc('month', day)::date AS month, {kind}, {signed_sums}
            FROM ({{signed}}) AS signed GROUP BY 1, {kind}
        ) AS changed WHERE {changed}
        ON CONFLICT (month, {kind}) DO UPDATE SET {up};
        INSERT INTO case_times (measure, dimension, month, key, bucket, number)
        SELECT measure, dimension, date_trunc('month', day)::date, key, time_bucket(minutes), sum(sign)
        FROM ({{signed}}) AS signed, LATERAL (VALUES {measures}) AS taken (measure, minutes),
             LATERAL (VALUES {dimensions}) AS said (dimension, key)
        WHERE minutes IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) <> 0
        ON CONFLICT (measure, dimension, month, key, bucket) DO UPDATE SET
            number = case_times.number + excluded.number;
        """,  # noqa: S608 (names of our own columns)
    )


def _following(table: str, counting: str) -> None:
    """Once a statement, whatever the statement did."""
    parts = {
        "insert": ("SELECT 1 AS sign, * FROM added", "NEW TABLE AS added"),
        "delete": ("SELECT -1 AS sign, * FROM gone", "OLD TABLE AS gone"),
        "update": (
            "SELECT 1 AS sign, * FROM added UNION ALL SELECT -1 AS sign, * FROM gone",
            "NEW TABLE AS added OLD TABLE AS gone",
        ),
    }
    for event, (signed, tables) in parts.items():
        op.execute(f"""
            CREATE FUNCTION count_{table}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN {counting.format(signed=signed)} RETURN NULL; END $$
        """)
        _each_statement(f"{table}_{event}", f"{event.upper()} ON {table}", tables, f"count_{table}_{event}")


def _each_statement(name: str, after: str, tables: str, calls: str) -> None:
    _fires(f"{name} AFTER {after} REFERENCING {tables} FOR EACH STATEMENT", calls)


def _each_row(name: str, after: str, when: str, calls: str) -> None:
    _fires(f"{name} AFTER {after} FOR EACH ROW WHEN ({when})", calls)


def _fires(trigger: str, calls: str) -> None:
    op.execute(f"CREATE TRIGGER {trigger} EXECUTE FUNCTION {calls}()")


def _agents() -> None:
    op.create_table(
        "agent_acts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("staff_id", "team_id", "ticket_id")),
        sa.Column("counted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("what IN ('taken', 'replied', 'resolved')", name=op.f("ck_agent_acts_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_acts")),
    )
    op.create_index("ix_agent_acts_staff", "agent_acts", ["staff_id", "what", "at"])
    op.create_index("ix_agent_acts_uncounted", "agent_acts", ["id"], postgresql_where=sa.text("NOT counted"))
    op.create_table(
        "agent_days",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("staff_id", "team_id")),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "staff_id", "team_id", "what", name=op.f("pk_agent_days")),
    )


def _topics() -> None:
    op.create_table(
        "topic_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("first", "last")),
        *(sa.Column(name, sa.String(), server_default="", nullable=False) for name in ("platform", "channel")),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("made_at", TIME, nullable=True),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("texts", "before", "left_out", "alone", "took_ms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_runs")),
    )
    op.create_index("ix_topic_runs_range", "topic_runs", ["first", "last", "platform", "channel", "asked_at"])
    waiting = sa.text("made_at IS NULL")
    op.create_index("ix_topic_runs_waiting", "topic_runs", ["asked_at"], postgresql_where=waiting)
    op.create_table(
        "topics",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "run_id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("size", "before", "conversations")),
        sa.Column("platforms", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["topic_runs.id"], name=op.f("fk_topics_run_id_topic_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    op.create_index("ix_topics_run_id", "topics", ["run_id", "position"])
    op.create_table(
        "topic_turns",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("topic_id", "turn_id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("now", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_turns_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "turn_id", name=op.f("pk_topic_turns")),
    )
    op.create_index(op.f("ix_topic_turns_turn_id"), "topic_turns", ["turn_id"])


def _news_of_turns() -> None:
    """A correction is news; a deleted turn leaves its row behind under an id that leads nowhere."""
    op.execute("""
        CREATE FUNCTION tell_corrected_answer() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO answer_news (turn_id) VALUES (NEW.id); RETURN NULL; END $$
    """)
    corrected = "OLD.corrected_intent IS DISTINCT FROM NEW.corrected_intent"
    _each_row("turns_corrected_answer", "UPDATE OF corrected_intent ON turns", corrected, "tell_corrected_answer")
    _cut_off("turns", "answer_facts", "turn_id")


def _news_of_cases() -> None:
    op.execute("""
        CREATE FUNCTION tell_new_cases() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO case_news (ticket_id) SELECT id FROM added; RETURN NULL; END $$
    """)
    _each_statement("tickets_new_cases", "INSERT ON tickets", "NEW TABLE AS added", "tell_new_cases")
    op.execute("""
        CREATE FUNCTION tell_changed_case() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.reopened > OLD.reopened THEN
                INSERT INTO case_spells (ticket_id, times, promised_at, first_reply_at, resolved_at)
                VALUES (OLD.id, OLD.reopened, OLD.promised_at, OLD.first_reply_at, OLD.resolved_at)
                ON CONFLICT DO NOTHING;
            END IF;
            INSERT INTO case_news (ticket_id) VALUES (NEW.id);
            RETURN NULL;
        END $$
    """)
    counted = ("status", "first_reply_at", "resolved_at", "promised_at", "opened_at", "reopened", "merged_into_id")
    old, new = (", ".join(f"{side}.{name}" for name in (*counted, *KIND)) for side in ("OLD", "NEW"))
    changed = f"({old}) IS DISTINCT FROM ({new})"
    _each_row("tickets_changed_case", "UPDATE ON tickets", changed, "tell_changed_case")
    op.execute("""
        CREATE FUNCTION tell_rated_cases() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO case_news (ticket_id) SELECT ticket_id FROM added; RETURN NULL; END $$
    """)
    for event in ("INSERT", "UPDATE"):
        _each_statement(f"ratings_{event.lower()}", f"{event} ON ratings", "NEW TABLE AS added", "tell_rated_cases")
    _cut_off("tickets", "case_facts", "ticket_id")


def _cut_off(table: str, facts: str, key: str) -> None:
    op.execute(f"""
        CREATE FUNCTION cut_off_{facts}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE {facts} SET {key} = gen_random_uuid() FROM gone WHERE {facts}.{key} = gone.id;
            RETURN NULL;
        END $$
    """)  # noqa: S608 (names of our own columns)
    _each_statement(f"{table}_cut_off_{facts}", f"DELETE ON {table}", "OLD TABLE AS gone", f"cut_off_{facts}")


def _acts() -> None:
    """What agents do is written down where it is done; who resolves keeps the case's name on it."""
    put = "INSERT INTO agent_acts (at, what, staff_id, team_id, ticket_id)"
    op.execute(f"""
        CREATE FUNCTION tell_taken_case() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {put} SELECT NEW.at, 'taken', t.staff_id, t.team_id, t.id FROM tickets t
            WHERE t.id = NEW.ticket_id AND t.conversation_id = NEW.conversation_id AND t.status = 'claimed'
              AND t.staff_id IS NOT NULL;
            RETURN NULL;
        END $$
    """)  # noqa: S608 (our own words)
    taken = "NEW.to_owner = 'human' AND NEW.ticket_id IS NOT NULL"
    _each_row("hand_overs_taken_case", "INSERT ON hand_overs", taken, "tell_taken_case")
    op.execute(f"""
        CREATE FUNCTION tell_agent_reply() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {put} SELECT NEW.created_at, 'replied', NEW.staff_id, t.team_id, t.id FROM tickets t
            WHERE t.conversation_id = NEW.conversation_id AND t.status = 'claimed';
            RETURN NULL;
        END $$
    """)  # noqa: S608 (our own words)
    replied = "NEW.author = 'agent' AND NEW.direction = 'out' AND NEW.kind <> 'closing' AND NEW.staff_id IS NOT NULL"
    _each_row("messages_agent_reply", "INSERT ON messages", replied, "tell_agent_reply")
    op.execute(f"""
        CREATE FUNCTION tell_resolved_case() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {put} VALUES (NEW.resolved_at, 'resolved', NEW.staff_id, NEW.team_id, NEW.id);
            RETURN NULL;
        END $$
    """)
    resolved = """
        OLD.status = 'claimed' AND NEW.status = 'resolved' AND NEW.merged_into_id IS NULL
        AND NEW.resolved_at IS NOT NULL AND NEW.staff_id IS NOT NULL AND NEW.summary <> '[dihapus]'
    """
    _each_row("tickets_resolved_case", "UPDATE ON tickets", resolved, "tell_resolved_case")
