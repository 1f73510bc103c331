"""Counting bot answers: how quickly each came, and whether the person wrote again about the same within 72 hours.

The rule: a complaint that the bot answered by itself has *returned* when within 72 hours the same conversation, or the
same participant anywhere, wrote a complaint of the same kind, or asked for a person. Everything else is answered for
good once the 72 hours are over; until then nobody can know.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from trends.within import LEFT_OUT

SETTLES = timedelta(hours=72)
SENT_BY = timedelta(minutes=2)
"""So long after a message its answer is looked at first."""
AT_ONCE = 10_000
WISHES = ("talk_to_human", "support_complaint")
COLLECTED, SETTLED = "answers", "answers settled"
NEWS_AT_ONCE = 500

COLLECT = """
    INSERT INTO answer_facts (turn_id, day, intent, platform, channel, seconds)
    SELECT t.id, (t.created_at AT TIME ZONE 'Asia/Jakarta')::date, coalesce(t.corrected_intent, t.intent),
           coalesce(t.platform, '-'), t.channel, first.seconds
    FROM turns t JOIN inbox i ON i.id = t.inbox_id LEFT JOIN LATERAL (
        SELECT greatest(0, extract(epoch FROM o.sent_at - i.received_at))::int AS seconds
        FROM messages m JOIN outbox o ON o.message_id = m.id
        WHERE m.conversation_id = t.conversation_id AND m.turn_id = t.id AND m.direction = 'out'
          AND o.sent_at IS NOT NULL
        ORDER BY m.position LIMIT 1
    ) AS first ON true
    WHERE t.outcome = 'answered' AND coalesce(t.corrected_intent, t.intent) IS NOT NULL
      AND coalesce(t.corrected_intent, t.intent) <> ALL(:left_out) AND {which}
    ON CONFLICT (turn_id) DO NOTHING
"""
# backwards, so that each row adds one to what is looked at: forwards every row would look at all after it again
SETTLE = """
    WITH said AS (
        SELECT id, conversation_id, participant_id, created_at, outcome,
               coalesce(corrected_intent, intent) AS intent
        FROM turns t
        WHERE created_at > :since AND created_at <= CAST(:until AS timestamptz) + :settles
          AND coalesce(corrected_intent, intent) IS NOT NULL
          AND coalesce(corrected_intent, intent) <> ALL(:left_out) {whose}
    ), followed AS (
        SELECT id, created_at, outcome,
               lead(created_at) OVER (PARTITION BY conversation_id, intent ORDER BY created_at, id) AS here,
               CASE WHEN participant_id IS NOT NULL THEN
                   lead(created_at) OVER (PARTITION BY participant_id, intent ORDER BY created_at, id) END AS theirs,
               min(created_at) FILTER (WHERE intent = ANY(:wishes)) OVER (PARTITION BY conversation_id
                   ORDER BY created_at DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS wish,
               CASE WHEN participant_id IS NOT NULL THEN
                   min(created_at) FILTER (WHERE intent = ANY(:wishes)) OVER (PARTITION BY participant_id
                       ORDER BY created_at DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                   END AS their_wish
        FROM said
    )
    UPDATE answer_facts SET returned = coalesce(least(here, theirs, wish, their_wish) <= created_at + :settles, false),
        seconds = coalesce(answer_facts.seconds, (
            SELECT greatest(0, extract(epoch FROM o.sent_at - i.received_at))::int
            FROM turns t JOIN inbox i ON i.id = t.inbox_id
            JOIN messages m ON m.conversation_id = t.conversation_id AND m.turn_id = t.id AND m.direction = 'out'
            JOIN outbox o ON o.message_id = m.id AND o.sent_at IS NOT NULL
            WHERE t.id = followed.id ORDER BY m.position LIMIT 1))
    FROM followed
    WHERE answer_facts.turn_id = followed.id AND followed.created_at <= :until {which}
"""
COLLECT_SPAN = text(COLLECT.format(which="t.created_at > :since AND t.created_at <= :until"))
SETTLE_SPAN = text(SETTLE.format(whose="", which=""))
COLLECT_THESE = text(COLLECT.format(which="t.id = ANY(:turns) AND t.created_at <= :until"))
SETTLE_THESE = text(
    SETTLE.format(
        whose="AND (conversation_id = ANY(:conversations) OR participant_id = ANY(:participants))",
        which="AND followed.id = ANY(:turns)",
    )
)
FORGET = text("DELETE FROM answer_facts WHERE turn_id = ANY(:turns)")
NEWS = text(
    """
    WITH gone AS (
        DELETE FROM answer_news WHERE id IN (SELECT id FROM answer_news ORDER BY id LIMIT :most) RETURNING turn_id
    )
    SELECT t.id, t.conversation_id, t.participant_id, t.created_at FROM gone JOIN turns t ON t.id = gone.turn_id
    """
)
TOUCHED = text(
    """
    SELECT id FROM turns WHERE created_at > :since AND created_at <= :until
      AND (conversation_id = ANY(:conversations) OR participant_id = ANY(:participants))
    """
)
END = text(
    """
    SELECT min(created_at) AS begins, (
        SELECT created_at FROM turns WHERE created_at > :since AND created_at <= :end
        ORDER BY created_at OFFSET :most LIMIT 1) AS ends
    FROM turns WHERE created_at > :since AND created_at <= :end
    """
)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PROGRESS = text("SELECT upto FROM figure_progress WHERE name = :name")
REACHED = text(
    """
    INSERT INTO figure_progress (name, upto) VALUES (:name, :upto)
    ON CONFLICT (name) DO UPDATE SET upto = excluded.upto
    """
)


async def collect(session: AsyncSession, now: datetime, most: int = AT_ONCE) -> bool:
    """Take in the answers of the next batch; says whether there may be more."""
    return await _onwards(session, COLLECTED, COLLECT_SPAN, now - SENT_BY, most)


async def settle(session: AsyncSession, now: datetime, most: int = AT_ONCE) -> bool:
    """Say of the next batch of answers that are old enough whether people came back; says whether there may be more."""
    return await _onwards(session, SETTLED, SETTLE_SPAN, now - SETTLES, most)


async def _onwards(session: AsyncSession, name: str, statement: Any, end: datetime, most: int) -> bool:
    reached_before = await progress(session, name)
    since = reached_before or LONG_AGO
    begins, ends = (await session.execute(END, {"since": since, "end": end, "most": most})).one()
    until: datetime = ends or end
    if begins is not None:
        # the first row itself lies within its batch
        span = {"since": begins - timedelta(microseconds=1), "until": until}
        await session.execute(statement, _needed(statement, {**span, **_rule()}))
    if reached_before is None or until > reached_before:
        await reached(session, name, until)
    return ends is not None


async def corrected(session: AsyncSession) -> int:
    """Count anew what corrections changed: the turns themselves, and answers they may have been the return to."""
    rows = (await session.execute(NEWS, {"most": NEWS_AT_ONCE})).all()
    if not rows:
        return 0
    whose: dict[str, Any] = {
        "conversations": list({row.conversation_id for row in rows}),
        "participants": list({row.participant_id for row in rows if row.participant_id}),
    }
    first, last = min(row.created_at for row in rows), max(row.created_at for row in rows)
    span = {"since": first - SETTLES - timedelta(microseconds=1), "until": last}
    turns = list(await session.scalars(TOUCHED, {**whose, **span}))
    collected, settled = await progress(session, COLLECTED), await progress(session, SETTLED)
    await session.execute(FORGET, {"turns": turns})
    if collected:
        given = {"turns": turns, "until": collected, "left_out": list(LEFT_OUT)}
        await session.execute(COLLECT_THESE, given)
    if settled:
        given = {**whose, **_rule(), "turns": turns, "since": span["since"], "until": min(settled, last)}
        await session.execute(SETTLE_THESE, given)
    return len(rows)


async def progress(session: AsyncSession, name: str) -> datetime | None:
    """Return up to when something has been counted."""
    upto: datetime | None = await session.scalar(PROGRESS, {"name": name})
    return upto


async def reached(session: AsyncSession, name: str, upto: datetime) -> None:
    """Write down up to when something has been counted."""
    await session.execute(REACHED, {"name": name, "upto": upto})


def rows_of(done: Any) -> int:
    """Return how many rows a statement touched."""
    return done.rowcount if isinstance(done, CursorResult) else 0


def _rule() -> dict[str, Any]:
    return {"left_out": list(LEFT_OUT), "wishes": list(WISHES), "settles": SETTLES}


def _needed(statement: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if f":{name}" in str(statement)}
