"""Setting aside what restored records still call due: it may have been sent, or answered, in the time that was lost.

Nothing is deleted. Messages to send become `withheld` notes that staff see; messages to answer are parked, each
conversation with a ticket, so that a person looks at what was said. The epoch rises, and with it the tide.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from bot.writing import HAND_OVER_QUEUE
from records.promises import promised_at
from records.spoken_time import spoken_moment

MARGIN = 1000
"""How far the tide is raised above what was seen: further than any bot can have noted since."""

OUTBOX = """
    WITH held AS (
        UPDATE outbox SET status = 'withheld', error = %(reason)s, held_until = NULL, held_by = NULL,
               status_at = %(now)s
        WHERE status IN ('due', 'sending', 'unknown') AND created_at <= %(until)s
        RETURNING message_id, priority, conversation_id
    ), noted AS (
        UPDATE messages SET direction = 'note' FROM held WHERE messages.id = held.message_id
    )
    SELECT count(*), count(DISTINCT conversation_id) FROM held
"""
INBOX = """
    WITH parked AS (
        UPDATE inbox SET status = 'parked', error = %(reason)s, done_at = %(now)s
        WHERE status = 'pending' AND stored_at <= %(until)s RETURNING conversation_id
    ), opened AS (
        INSERT INTO tickets (id, conversation_id, participant_id, intent, summary, reason, queue, priority,
                             opened_by_turn, opened_at, promised_at)
        SELECT gen_random_uuid(), c.id, p.participant_id, 'talk_to_human', %(reason)s, %(reason)s, %(queue)s, 'high',
               gen_random_uuid(), %(now)s, %(promised)s
        FROM (SELECT DISTINCT conversation_id AS id FROM parked) c
        JOIN conversations ON conversations.id = c.id
        LEFT JOIN identities p ON p.id = conversations.identity_id
        WHERE NOT EXISTS (SELECT FROM tickets t WHERE t.conversation_id = c.id AND t.status IN ('open', 'claimed'))
        RETURNING id
    )
    SELECT (SELECT count(*) FROM parked), (SELECT count(DISTINCT conversation_id) FROM parked),
           (SELECT count(*) FROM opened)
"""
LANES = "UPDATE lanes SET held_by = NULL, held_until = NULL"
RISE = """
    UPDATE epoch SET number = greatest(number, %(number)s) + 1, tide = greatest(tide, %(tide)s) + %(margin)s,
           moved_at = clock_timestamp(), restored_at = clock_timestamp(), report = %(report)s
    RETURNING number, tide
"""


@dataclass(frozen=True)
class Seen:
    """How far the records were when they were last seen."""

    tide: int
    number: int = 0


@dataclass(frozen=True)
class SetAside:
    """What was set aside."""

    messages: int
    to_people: int
    events: int
    from_people: int
    tickets: int
    number: int
    tide: int


def set_aside(
    connection: psycopg.Connection, until: datetime, seen: Seen, as_of: datetime, now: datetime, report: dict[str, Any]
) -> SetAside:
    """Set aside what was due at `until` (real time), and begin a new epoch; one transaction of the caller's.

    Args:
        connection: to the restored records.
        until: what was written later than this (real time) is new and stays.
        seen: how far the records were before they were lost.
        as_of: what moment the records show, by the house's clock.
        now: the house's clock.
        report: kept with the epoch.
    """
    reason = f"dipulihkan dari cadangan {spoken_moment(as_of)}: mungkin sudah terkirim atau terjawab"
    given = {
        "reason": reason,
        "until": until,
        "now": now,
        "queue": HAND_OVER_QUEUE,
        "promised": promised_at("high", now),
    }
    messages, to_people = _counts(connection, OUTBOX, given)
    events, from_people, tickets = _counts(connection, INBOX, given)
    connection.execute(LANES)
    counted = {"messages": messages, "events": events, "tickets": tickets}
    raised = {"number": seen.number, "tide": seen.tide, "margin": MARGIN, "report": Jsonb(report | counted)}
    number, tide = _counts(connection, RISE, raised)
    return SetAside(messages, to_people, events, from_people, tickets, number, tide)


def _counts(connection: psycopg.Connection, query: LiteralString, given: dict[str, Any]) -> tuple[int, ...]:
    row = connection.execute(query, given).fetchone()
    return tuple(int(value) for value in row or ())
