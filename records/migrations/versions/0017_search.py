"""Full text of messages, people and tickets, masked: what is searched lies in tables of its own, kept by triggers.

A row is its words (as written, and their stems) and its marks: whose team (#), whose team in which week (#~), which
channel (=), which author (@). A team's week is one mark and not two, so that a common word meets only as many rows as a
team has in a week, not all there ever were of the word. The team of a message is that of its conversation's present
case, so that what is found by a mark may nearly always be shown.
Only conversations with a case are in it: nobody may look into another without a permit. Words of many digits and
addresses are left out, whoever wrote them. Why so: docs/decisions/0014-search-in-tables-of-its-own.md.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
PERSONAL = r"\S+@\S+|([0-9][^[:alnum:]]*){5,}|\m(?=\w*\d\w*\d\w*\d)\w{8,}"
"""Addresses, five digits or more however they are parted, and long words of letters and digits (codes)."""
SIGNS = r"""./\_-:;,#&=?<>|@'"’“”()[]{}!*+~`"""


def upgrade() -> None:
    """Bring the tables to this version, and everything there is into them."""
    for name, kind in (("messages", sa.BigInteger()), ("tickets", sa.Uuid()), ("people", sa.Uuid())):
        _table(f"search_{name}", kind)
    _words()
    op.execute(MESSAGES)
    op.execute(TICKETS)
    op.execute(PEOPLE)
    for name in ("messages", "tickets", "people"):
        op.execute(f"INSERT INTO search_{name} (id, at, words) SELECT id, at, words FROM searchable_{name}")  # noqa: S608
    for function in FUNCTIONS:
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(trigger)


def _table(name: str, kind: sa.types.TypeEngine[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", kind, nullable=False, autoincrement=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_at_id", name, ["at", "id"])
    # whoever crosses the limit clears the pending list: a small one keeps that short for the turn it meets
    op.create_index(
        f"ix_{name}_words", name, ["words"], postgresql_using="gin", postgresql_with={"gin_pending_list_limit": "512"}
    )


def _words() -> None:
    op.execute("""
        CREATE FUNCTION search_marks(teams uuid[], at timestamptz) RETURNS text[]
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT array_agg(mark) FROM unnest(teams) AS team CROSS JOIN LATERAL (VALUES
                ('#' || left(team::text, 8)),
                ('#' || left(team::text, 8) || '~' || floor(extract(epoch FROM at) / 604800)::int)) AS marks (mark)
        $$
    """)
    op.execute(rf"""
        CREATE FUNCTION search_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT strip(to_tsvector('pg_catalog.simple', plain) || to_tsvector('pg_catalog.indonesian', plain))
            FROM (SELECT translate(regexp_replace(coalesce(said, ''), '{PERSONAL}', ' ', 'g'),
                                   '{SIGNS.replace("'", "''")}', '{" " * len(SIGNS)}') AS plain OFFSET 0) AS cleaned
        $$
    """)  # noqa: S608 (constants of this file)


MESSAGES = """
    CREATE VIEW searchable_messages AS
    SELECT m.position AS id, m.created_at AS at, m.conversation_id,
           search_words(m.text) || array_to_tsvector(
               ARRAY['@' || m.author, '=' || c.channel] || search_marks(cases.teams, m.created_at)) AS words
    FROM messages AS m
    JOIN conversations AS c ON c.id = m.conversation_id AND c.external_id NOT LIKE 'terhapus:%'
    CROSS JOIN LATERAL (
        SELECT ARRAY[t.team_id] AS teams FROM tickets AS t WHERE t.conversation_id = m.conversation_id
        ORDER BY t.status = 'resolved', t.opened_at DESC LIMIT 1) AS cases
"""
TICKETS = """
    CREATE VIEW searchable_tickets AS
    SELECT t.id, t.opened_at AS at,
           search_words(concat_ws(' ', t.summary, t.resolution, t.course))
           || search_words((SELECT string_agg(tag, ' ') FROM jsonb_array_elements_text(t.tags) AS tag))
           || array_to_tsvector(
               ARRAY[substr(t.number, 3), '=' || t.channel] || search_marks(ARRAY[t.team_id], t.opened_at)) AS words
    FROM tickets AS t
    JOIN conversations AS c ON c.id = t.conversation_id AND c.external_id NOT LIKE 'terhapus:%'
"""
PEOPLE = """
    CREATE VIEW searchable_people AS
    SELECT i.id, cases.at,
           search_words(i.display_name)
           || array_to_tsvector(ARRAY['=' || i.channel] || search_marks(cases.teams, cases.at)) AS words
    FROM identities AS i
    CROSS JOIN LATERAL (
        SELECT max(t.opened_at) AS at, array_agg(DISTINCT t.team_id) AS teams
        FROM conversations AS c JOIN tickets AS t ON t.conversation_id = c.id
        WHERE c.identity_id = i.id HAVING count(*) > 0) AS cases
    WHERE i.external_id NOT LIKE 'terhapus:%'
"""
KEEP = """
    INSERT INTO search_{name} (id, at, words) SELECT id, at, words FROM searchable_{name} WHERE {which}
    ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at, words = EXCLUDED.words;
"""
IN_PLACE = "DELETE FROM search_{name} WHERE id = {key};" + KEEP  # noqa: S608 (constants of this file)
THEIR_PERSON = "id = (SELECT identity_id FROM conversations WHERE id = NEW.conversation_id)"

FUNCTIONS = (
    f"""
    CREATE FUNCTION search_new_message() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {KEEP.format(name="messages", which="id = NEW.position")}
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE FUNCTION search_changed_message() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {IN_PLACE.format(name="messages", key="NEW.position", which="id = NEW.position")}
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE FUNCTION search_changed_name() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {IN_PLACE.format(name="people", key="NEW.id", which="id = NEW.id")}
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE FUNCTION search_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {IN_PLACE.format(name="tickets", key="NEW.id", which="id = NEW.id")}
        RETURN NULL;
    END $$
    """,
    # the first case brings what was said before it; a case of another team that becomes, or ends being, the present one
    # changes who may find it all
    f"""
    CREATE FUNCTION search_case() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        moved boolean := TG_OP = 'INSERT' OR OLD.team_id <> NEW.team_id;
    BEGIN
        IF moved AND (TG_OP = 'UPDATE' OR NOT EXISTS (
            SELECT FROM tickets WHERE conversation_id = NEW.conversation_id AND id <> NEW.id))
           OR (moved OR (OLD.status = 'resolved') <> (NEW.status = 'resolved')) AND EXISTS (
            SELECT FROM tickets WHERE conversation_id = NEW.conversation_id AND team_id <> NEW.team_id) THEN
            {KEEP.format(name="messages", which="conversation_id = NEW.conversation_id")}
        END IF;
        IF moved THEN
            {KEEP.format(name="people", which=THEIR_PERSON)}
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608 (constants of this file)
)
TRIGGERS = (
    "CREATE TRIGGER messages_search_new AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION search_new_message()",
    """
    CREATE TRIGGER messages_search_changed AFTER UPDATE OF text ON messages FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION search_changed_message()
    """,
    """
    CREATE TRIGGER identities_search AFTER UPDATE OF display_name, external_id ON identities FOR EACH ROW
    WHEN (OLD.display_name IS DISTINCT FROM NEW.display_name OR OLD.external_id IS DISTINCT FROM NEW.external_id)
    EXECUTE FUNCTION search_changed_name()
    """,
    """
    CREATE TRIGGER tickets_search AFTER INSERT OR UPDATE OF summary, resolution, course, tags, team_id ON tickets
    FOR EACH ROW EXECUTE FUNCTION search_ticket()
    """,
    """
    CREATE TRIGGER tickets_search_case AFTER INSERT OR UPDATE OF team_id, status ON tickets
    FOR EACH ROW EXECUTE FUNCTION search_case()
    """,
)
