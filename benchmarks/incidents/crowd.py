"""So many people could not buy at one platform on one day, and four times as many had other troubles."""

from datetime import UTC, datetime

import psycopg

from benchmarks.report import Tell

NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
OTHERS = 4
"""For each person the incident touches, so many it does not."""
CHATS = """
INSERT INTO identities (id, channel, external_id, display_name, participant_id, bound_by, bound_at)
SELECT md5('i' || n)::uuid, (ARRAY['telegram', 'whatsapp', 'web'])[1 + n %% 3], 'bench-' || n, 'Orang ' || n,
       CASE WHEN n %% 2 = 0 THEN 'P-' || n / 4 END, CASE WHEN n %% 2 = 0 THEN 'rehearsal' END,
       CASE WHEN n %% 2 = 0 THEN %(now)s END
FROM generate_series(1, %(all)s) n;
"""
CONVERSATIONS = """
INSERT INTO conversations (id, channel, external_id, identity_id, opened_at, last_inbound_at)
SELECT md5('c' || n)::uuid, (ARRAY['telegram', 'whatsapp', 'web'])[1 + n %% 3], 'bench-' || n, md5('i' || n)::uuid,
       %(now)s - interval '1 day', %(now)s
FROM generate_series(1, %(all)s) n;
"""
INBOX = """
INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at, status)
SELECT 'telegram', 'bench-' || n || '-' || turn, md5('c' || n)::uuid, 'text', turn, %(now)s, 'done'
FROM generate_series(1, %(all)s) n, generate_series(1, 3) turn;
"""
TURNS = """
INSERT INTO turns (id, inbox_id, conversation_id, channel, participant_id, intent, confidence, also, entities, platform,
                   outcome, took_ms, created_at)
SELECT md5('t' || n || '-' || turn)::uuid, b.id, md5('c' || n)::uuid,
       (ARRAY['telegram', 'whatsapp', 'web'])[1 + n %% 3],
       CASE WHEN n %% 2 = 0 THEN 'P-' || n / 4 END,
       CASE WHEN turn = 3 THEN 'thank' WHEN n <= %(people)s THEN 'package_not_found'
            ELSE (ARRAY['certificate_missing', 'incentive_not_received', 'login_otp', 'payment_failed'])[1 + n %% 4]
       END,
       0.9, '[]', '[]',
       CASE WHEN turn = 3 THEN NULL WHEN n <= %(people)s THEN CASE WHEN n %% 10 = 4 THEN NULL ELSE 'sisnaker' END
            ELSE (ARRAY['tokopedia', 'bukalapak', NULL])[1 + n %% 3] END,
       'answered', 20, %(now)s - interval '6 hours' * (n %% 1000) / 1000.0 + interval '1 second' * turn
FROM generate_series(1, %(all)s) n CROSS JOIN generate_series(1, 3) turn
JOIN inbox b ON b.external_id = 'bench-' || n || '-' || turn;
"""
PURCHASES = """
INSERT INTO programme.purchases (id, participant_id, course_code, platform_id, price, state, selected_at)
SELECT 'B-' || n, 'P-' || n, 'K-1', CASE WHEN n <= %(people)s / 4 THEN 'sisnaker' ELSE 'tokopedia' END, 100000,
       'failed', %(now)s - interval '3 days'
FROM generate_series(1, %(all)s / 4) n;
"""
TICKETS = """
INSERT INTO tickets (team_id, channel, conversation_id, opened_by_turn, opened_at, promised_at, status, version, intent,
                     platform, queue, priority, summary, reason, evidence, id)
SELECT (SELECT id FROM teams WHERE is_default), (ARRAY['telegram', 'whatsapp', 'web'])[1 + n %% 3],
       md5('c' || n)::uuid, md5('t' || n || '-1')::uuid, %(now)s - interval '1 hour', %(now)s + interval '1 day',
       'open', 0,
       CASE WHEN n <= %(people)s THEN 'package_not_found' ELSE 'certificate_missing' END, 'sisnaker', 'PMO_TRANSACTION',
       'normal', 'Tidak bisa beli.', 'Lama.', '[]', md5('k' || n)::uuid
FROM generate_series(1, %(all)s) n WHERE n %% 10 = 1;
"""
LATER = """
WITH heard AS (
    INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at, status)
    SELECT 'telegram', 'later-' || n, md5('c' || n)::uuid, 'text', 9, %(at)s, 'done'
    FROM generate_series(%(people)s + 1, %(people)s + %(count)s) n RETURNING id, conversation_id
)
INSERT INTO turns (id, inbox_id, conversation_id, channel, intent, platform, outcome, took_ms, created_at)
SELECT gen_random_uuid(), id, conversation_id, 'telegram', 'package_not_found', 'sisnaker', 'answered', 20, %(at)s
FROM heard
"""


def fill(url: str, people: int, tell: Tell) -> None:
    """Write everything down: five chats for each of the people, three messages in each, a case in every tenth."""
    given = {"now": NOW, "all": people * (1 + OTHERS), "people": people}
    with psycopg.connect(url) as connection:
        # what a table hangs on is left out here, and what is worked out from it does not matter to an incident
        connection.execute("SET session_replication_role = replica")
        for name, statement in (
            ("identities", CHATS),
            ("conversations", CONVERSATIONS),
            ("inbox", INBOX),
            ("turns", TURNS),
            ("purchases", PURCHASES),
            ("cases", TICKETS),
        ):
            tell(f"writing {name}")
            connection.execute(statement.encode(), given)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def more(url: str, people: int, count: int, at: datetime) -> None:
    """Let so many others complain of it too."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(LATER.encode(), {"people": people, "count": count, "at": at})
