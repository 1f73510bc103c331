"""Gathering by itself: turns that went badly, each with its reason, so that nobody has to mark what shows by itself.

A participant who was asked what they mean and chose a button has told the meaning: that label is free. What the bot did
not understand and what it answered while unsure stand without one. Turns are looked through once, a while after they
happened, because the choice comes with the next message.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.rounds.round import Round
from records.database import Database

SETTLED = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=30)
"""How far back the first look goes."""
AT_ONCE = 2_000
MOST_BATCHES = 20
UNSURE = 0.75
"""Answered, but barely: the model answers from about 0.66."""
ANSWERED_BY_CHOICE = timedelta(hours=1)
LENGTHS = {"shortest": 3, "longest": 300}

TURNS, RATINGS = "turns", "ratings"
LOW = 2
"""So many of five stars, or fewer, say that the help did not help."""

UPTO = text("SELECT upto FROM learning_progress WHERE name = :name FOR UPDATE")
BEGIN = text("INSERT INTO learning_progress (name, upto) VALUES (:name, :upto) ON CONFLICT DO NOTHING")
REACHED = text("UPDATE learning_progress SET upto = :end WHERE name = :name")
END = text(
    """
    SELECT max(created_at) FROM (
        SELECT created_at FROM turns WHERE created_at > :since AND created_at <= :until
        ORDER BY created_at LIMIT :most
    ) AS batch
    """
)
GATHER = text(
    """
    WITH bad AS (
        SELECT t.*, chosen.intent AS chosen
        FROM turns t
        LEFT JOIN LATERAL (
            SELECT n.intent FROM turns n
            JOIN messages said ON said.inbox_id = n.inbox_id
            JOIN messages asked ON asked.turn_id = t.id AND asked.direction = 'out'
            WHERE t.intent = 'nlu_fallback' AND t.outcome = 'asked'
              AND n.conversation_id = t.conversation_id
              AND n.created_at > t.created_at AND n.created_at <= t.created_at + :by_choice
              AND asked.buttons @> jsonb_build_array(jsonb_build_object('title', said.text))
              AND n.intent NOT IN ('affirm', 'deny', 'inform', 'greet', 'thank', 'nlu_fallback', 'talk_to_human')
            ORDER BY n.created_at LIMIT 1
        ) AS chosen ON true
        WHERE t.created_at > :since AND t.created_at <= :until
          AND (t.intent = 'nlu_fallback' OR t.outcome = 'fallback'
               OR (t.outcome = 'answered' AND t.confidence < :unsure
                   AND t.intent NOT IN ('affirm', 'deny', 'inform', 'greet', 'thank')))
    )
    INSERT INTO learning_examples (id, kind, source, conversation_id, message_id, turn_id, said, at, read_as,
                                   confidence, ranking, model, meant)
    SELECT gen_random_uuid(), 'intent',
           CASE WHEN bad.chosen IS NOT NULL THEN 'chosen'
                WHEN bad.intent = 'nlu_fallback' OR bad.outcome = 'fallback' THEN 'fallback' ELSE 'unsure' END,
           bad.conversation_id, m.id, bad.id, m.text, bad.created_at, bad.intent, bad.confidence, bad.ranking,
           bad.model, bad.chosen
    FROM bad
    JOIN messages m ON m.inbox_id = bad.inbox_id AND m.direction = 'in' AND m.kind IN ('text', 'photo', 'document')
    WHERE length(m.text) BETWEEN :shortest AND :longest AND m.text ~ '[[:alpha:]]' AND m.text <> '[dihapus]'
      AND NOT EXISTS (SELECT FROM learning_examples e WHERE e.turn_id = bad.id AND e.kind = 'intent')
    ON CONFLICT (turn_id, kind) WHERE status <> 'withdrawn' DO NOTHING
    """
)
RATED = text(
    """
    INSERT INTO learning_examples (id, kind, source, conversation_id, message_id, turn_id, ticket_id, said, at,
                                   read_as, confidence, ranking, model)
    SELECT gen_random_uuid(), 'intent', 'rating', t.conversation_id, m.id, t.id, k.id, m.text, r.at, t.intent,
           t.confidence, t.ranking, t.model
    FROM ratings r
    JOIN tickets k ON k.id = r.ticket_id
    JOIN turns t ON t.id = k.opened_by_turn
    JOIN messages m ON m.inbox_id = t.inbox_id AND m.direction = 'in' AND m.kind IN ('text', 'photo', 'document')
    WHERE r.score <= :low AND r.at > :since AND r.at <= :until
      AND length(m.text) BETWEEN :shortest AND :longest AND m.text ~ '[[:alpha:]]' AND m.text <> '[dihapus]'
      AND NOT EXISTS (SELECT FROM learning_examples e WHERE e.turn_id = t.id AND e.kind = 'intent')
    ON CONFLICT (turn_id, kind) WHERE status <> 'withdrawn' DO NOTHING
    """
)


async def gather(database: Database, now: datetime) -> int:
    """Look through the turns and ratings since the last time; returns how many were gathered."""
    found = await _rated(database, now)
    for _ in range(MOST_BATCHES):
        more, added = await _batch(database, now)
        found += added
        if not more:
            break
    return found


async def _batch(database: Database, now: datetime) -> tuple[bool, int]:
    """Look through one batch, in a transaction of its own; says whether there may be more."""
    async with database.write() as session:
        since = await _since(session, TURNS, now)
        span = {"since": since, "until": now - SETTLED}
        end = await session.scalar(END, {**span, "most": AT_ONCE})
        if end is None:
            return False, 0
        how: dict[str, Any] = {"unsure": UNSURE, "by_choice": ANSWERED_BY_CHOICE, **LENGTHS}
        done = await session.execute(GATHER, {"since": since, "until": end, **how})
        await session.execute(REACHED, {"end": end, "name": TURNS})
        return True, done.rowcount if isinstance(done, CursorResult) else 0


async def _rated(database: Database, now: datetime) -> int:
    """Gather what began the cases whose help was rated low."""
    async with database.write() as session:
        span = {"since": await _since(session, RATINGS, now), "until": now - SETTLED}
        done = await session.execute(RATED, {**span, "low": LOW, **LENGTHS})
        await session.execute(REACHED, {"end": max(span.values()), "name": RATINGS})
        return done.rowcount if isinstance(done, CursorResult) else 0


async def _since(session: AsyncSession, name: str, now: datetime) -> datetime:
    await session.execute(BEGIN, {"upto": now - LOOKED_BACK, "name": name})
    since: datetime = (await session.execute(UPTO, {"name": name})).scalar_one()
    return since


async def _run(office: Office) -> int:
    return await gather(office.database, office.clock())


ROUND = Round("learning", timedelta(minutes=1), _run)
