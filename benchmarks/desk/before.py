"""What the desk is set beside, in the same database: the queue as its questions were before this scale was thought of,
and search as help desks do it without an index of words (`ILIKE '%…%'`, newest first, as Chatwoot's message search).
"""

import time
from collections.abc import Callable
from random import Random

import psycopg

from benchmarks.desk.pages import PHRASES
from helpdesk.rehearsing.words import TOWNS

COUNT = 8
QUEUE = """
    SELECT t.number, c.channel, i.display_name, (
        SELECT min(m.created_at) FROM messages m
        WHERE m.conversation_id = t.conversation_id AND m.direction = 'in' AND m.created_at >= t.opened_at
          AND m.position > coalesce((
            SELECT max(a.position) FROM messages a
            WHERE a.conversation_id = t.conversation_id AND a.direction = 'out' AND a.author = 'agent'
              AND a.created_at >= t.opened_at), 0))
    FROM tickets t JOIN conversations c ON c.id = t.conversation_id LEFT JOIN identities i ON i.id = c.identity_id
    WHERE t.status <> 'resolved' ORDER BY t.first_reply_at IS NOT NULL, t.promised_at, t.number LIMIT 50
"""
COUNTS = """
    SELECT count(*) FILTER (WHERE t.status = 'claimed'), count(*) FILTER (WHERE t.status = 'open'),
           count(*) FILTER (WHERE t.status <> 'resolved'), count(*) FILTER (WHERE t.status = 'resolved')
    FROM tickets t JOIN conversations c ON c.id = t.conversation_id LEFT JOIN identities i ON i.id = c.identity_id
"""
SEARCH = "SELECT id, text FROM messages WHERE text ILIKE %s ORDER BY created_at DESC LIMIT 15"


def measure(connection: psycopg.Connection) -> dict[str, list[float]]:
    """Return the seconds each took."""
    random = Random(4)

    def queue() -> None:
        connection.execute(QUEUE).fetchall()
        connection.execute(COUNTS).fetchall()

    def search() -> None:
        connection.execute(SEARCH, (f"%{random.choice((*PHRASES, *TOWNS))}%",)).fetchall()

    return {"queue": _timed(queue), "search": _timed(search)}


def _timed(act: Callable[[], None]) -> list[float]:
    act()
    took = []
    for _ in range(COUNT):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return took
