"""Facts and counts of the trends, kept by triggers and folding; the province of participants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
FILTERS = ("intent", "platform", "wave", "institution", "partner", "province")
"""What a question is narrowed to; of three channels every one is a third of all."""
CELL = ("hour", "intent", "platform", "channel", "outcome", "wave", "institution", "partner", "province")

NEWS = """
CREATE FUNCTION tell_trends_of_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trend_news (turn_id) SELECT id FROM said;
    RETURN NULL;
END $$;
CREATE TRIGGER turns_said AFTER INSERT ON turns REFERENCING NEW TABLE AS said
    FOR EACH STATEMENT EXECUTE FUNCTION tell_trends_of_turns();

CREATE FUNCTION tell_trends_of_a_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trend_news (turn_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER turns_changed AFTER UPDATE OF corrected_intent, platform ON turns FOR EACH ROW
    WHEN ((OLD.corrected_intent, OLD.platform) IS DISTINCT FROM (NEW.corrected_intent, NEW.platform))
    EXECUTE FUNCTION tell_trends_of_a_change();

CREATE FUNCTION tell_trends_what_is_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trend_news (turn_id, was)
    SELECT id, jsonb_build_object(
        'at', created_at, 'intent', COALESCE(corrected_intent, intent), 'platform', platform, 'channel', channel,
        'outcome', outcome)
    FROM gone;
    RETURN NULL;
END $$;
CREATE TRIGGER turns_gone AFTER DELETE ON turns REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION tell_trends_what_is_gone();
"""

KEPT = """
CREATE FUNCTION keep_trend_of_the_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trend_kept VALUES (OLD.day, OLD.hour, OLD.intent, OLD.platform, OLD.channel,
                                   OLD.outcome, OLD.wave, OLD.institution, OLD.partner, OLD.province, 1)
    ON CONFLICT (day, hour, intent, platform, channel, outcome, wave, institution, partner, province)
    DO UPDATE SET messages = trend_kept.messages + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER trend_facts_forgotten AFTER UPDATE OF wave ON trend_facts FOR EACH ROW
    WHEN (OLD.wave IS NOT NULL AND NEW.wave IS NULL) EXECUTE FUNCTION keep_trend_of_the_forgotten();
"""

CODE_OF = """
CREATE FUNCTION trend_code(of_dimension text, of_key text) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE found smallint;
BEGIN
    SELECT code INTO found FROM trend_keys WHERE dimension = of_dimension AND key = of_key;
    IF found IS NULL THEN
        INSERT INTO trend_keys (dimension, key) VALUES (of_dimension, of_key)
        ON CONFLICT (dimension, key) DO UPDATE SET key = EXCLUDED.key RETURNING code INTO found;
    END IF;
    RETURN found;
END $$;
"""

KNOWN_KEYS = """
INSERT INTO trend_keys (dimension, key)
SELECT 'all', '' UNION ALL
SELECT 'kind', unnest(ARRAY['complaint', 'dialogue', 'off_topic', 'not_understood', 'not_read']) UNION ALL
SELECT 'date', number::text FROM generate_series(1, 31) AS number UNION ALL
SELECT 'outcome', 'handed_over' UNION ALL
SELECT 'hour', number::text FROM generate_series(0, 23) AS number UNION ALL
SELECT 'weekhour', number::text FROM generate_series(0, 167) AS number
"""


def upgrade() -> None:
    """Bring the tables to this version; messages that are there already become news and are counted soon."""
    op.add_column("participants", sa.Column("province", sa.String(), nullable=True), schema="programme")
    op.create_check_constraint(
        op.f("ck_participants_province"), "participants", "province ~ '^[1-9][0-9]$'", schema="programme"
    )
    _news_and_facts()
    _counts()
    for statement in (NEWS, KEPT, CODE_OF, KNOWN_KEYS):
        op.execute(statement)
    op.execute("INSERT INTO trend_state (id) VALUES (1)")
    op.execute("INSERT INTO trend_news (turn_id) SELECT id FROM turns ORDER BY created_at")


def _news_and_facts() -> None:
    op.create_table(
        "trend_news",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("was", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_news")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "2000"},
    )
    op.create_table(
        "trend_keys",
        sa.Column("code", sa.SmallInteger(), sa.Identity(always=False, start=1), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_trend_keys")),
        sa.UniqueConstraint("dimension", "key", name=op.f("uq_trend_keys_dimension_key")),
    )
    person = ("wave", "institution", "partner", "province")
    op.create_table(
        "trend_facts",
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(_code(name) for name in ("hour", "intent", "platform", "channel", "outcome")),
        *(_code(name, empty=True) for name in person),
        sa.CheckConstraint(f"num_nulls({', '.join(person)}) IN (0, 4)", name=op.f("ck_trend_facts_forgotten")),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_trend_facts")),
    )
    op.create_index("ix_trend_facts_at", "trend_facts", ["at"])
    _ways_in("trend_facts")
    op.create_index("ix_trend_facts_forgotten", "trend_facts", ["at"], postgresql_where=sa.text("wave IS NULL"))


def _counts() -> None:
    for table in ("trend_hours", "trend_kept"):
        op.create_table(
            table,
            sa.Column("day", sa.Date(), nullable=False),
            *map(_code, CELL),
            sa.Column("messages", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("day", *CELL, name=op.f(f"pk_{table}")),
        )
    _ways_in("trend_hours")
    op.create_table(
        "trend_days",
        sa.Column("day", sa.Date(), nullable=False),
        _code("key"),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "key", name=op.f("pk_trend_days")),
    )
    op.create_table(
        "trend_months",
        _code("filter"),
        sa.Column("month", sa.Date(), nullable=False),
        _code("key"),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["filter"], ["trend_keys.code"], name=op.f("fk_trend_months_filter_trend_keys")),
        sa.PrimaryKeyConstraint("filter", "month", "key", name=op.f("pk_trend_months")),
    )
    op.create_table(
        "trend_state",
        _code("id"),
        sa.Column("folded_at", TIME, nullable=True),
        sa.Column("rebuilt_at", TIME, nullable=True),
        sa.Column("rebuilding", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_trend_state_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_state")),
    )


def _ways_in(table: str) -> None:
    for name in FILTERS:
        op.create_index(f"ix_{table}_{name}", table, [name, "day"])


def _code(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), autoincrement=False, nullable=empty)
