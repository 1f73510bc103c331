"""What the inbox says to the database: each a single statement, harmless when it is said again."""

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from records.models import GroupUpdate as KeptGroupUpdate
from records.models import Inbound

STORE = insert(Inbound).on_conflict_do_nothing(index_elements=["channel", "external_id"])
STORE_GROUP = insert(KeptGroupUpdate).on_conflict_do_nothing(index_elements=["id"])
STORE_EVENTS = """
    WITH stored AS (
        INSERT INTO inbox (channel, external_id, conversation_id, kind, sealed_event, order_key, received_at)
        SELECT channel, external_id, conversation_id, kind, sealed_event, order_key, %(now)s
        FROM unnest(%(channels)s::text[], %(external_ids)s::text[], %(conversations)s::uuid[], %(kinds)s::text[],
                    %(sealed)s::bytea[], %(order_keys)s::bigint[]) WITH ORDINALITY
             AS given (channel, external_id, conversation_id, kind, sealed_event, order_key, n)
        ORDER BY n
        ON CONFLICT (channel, external_id) DO NOTHING
        RETURNING conversation_id, channel
    ), woken AS (
        INSERT INTO lanes (conversation_id, due_at)
        SELECT DISTINCT conversation_id, statement_timestamp() FROM stored ORDER BY conversation_id
        ON CONFLICT (conversation_id) DO UPDATE SET due_at = LEAST(lanes.due_at, EXCLUDED.due_at)
    )
    SELECT channel, count(*) AS count FROM stored GROUP BY channel
"""
MEET = """
    WITH given AS (
        SELECT * FROM unnest(%(channels)s::text[], %(persons)s::text[], %(names)s::text[], %(chats)s::text[],
                             %(addresses)s::text[]) AS given (channel, person, name, chat, address)
    ), met AS (
        INSERT INTO identities (id, channel, external_id, display_name)
        SELECT DISTINCT ON (channel, person) gen_random_uuid(), channel, person, name FROM given
        ORDER BY channel, person
        ON CONFLICT (channel, external_id) DO UPDATE
            SET display_name = COALESCE(EXCLUDED.display_name, identities.display_name)
        RETURNING id, channel, external_id
    )
    INSERT INTO conversations (id, channel, external_id, address, identity_id, opened_at)
    SELECT gen_random_uuid(), channel, chat, address, met.id, %(now)s
    FROM given JOIN met USING (channel) WHERE met.external_id = given.person
    ORDER BY channel, chat
    ON CONFLICT (channel, external_id) DO UPDATE
        SET address = COALESCE(NULLIF(EXCLUDED.address, ''), conversations.address)
    RETURNING id, channel, external_id
"""
"""People and chats seen for the first time, or for the first time since this process began."""
SEEN = """
    SELECT channel, external_id FROM inbox JOIN unnest(%(channels)s::text[], %(external_ids)s::text[])
        AS given (channel, external_id) USING (channel, external_id)
"""
ERASED = "HD003"
"""What the database says of an event for a conversation that was erased since its chat was looked up."""
OF_NOBODY = text(
    """
    UPDATE inbox SET status = 'ignored', error = 'kabar tentang pesan yang bukan dari sini'
    WHERE kind = 'status' AND external_id = ANY(:external_ids)
    """
)
