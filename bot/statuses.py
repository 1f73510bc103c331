"""Delivery statuses: every event is kept as a receipt, and the message's own status follows from all of them.

What a message ends as is the furthest anybody said, so order and repetition make no difference. `refused` stands
between sent and delivered: a failure after "sent" is news, and a delivery after a failure is true. The rows are locked
before the receipts are written: whoever comes second sees what the first has written.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.channels.whatsapp.errors import OTHER_CHANNEL, OUTCOMES, RESTRICT, WINDOW
from bot.events import DeliveryStatus
from bot.masking import mask
from records.bell import DESK
from records.channel_news import SENDING, Told, tell

RANKS = ("due", "sending", "unknown", "sent", "refused", "waiting", "delivered", "read")

WHOSE = text(
    """
    SELECT given.n, outbox.id
    FROM jsonb_to_recordset(CAST(:given AS jsonb))
         AS given (n int, channel text, outbox_id uuid, provider_message_id text)
    JOIN outbox ON outbox.channel = given.channel AND outbox.id = COALESCE(
        (SELECT id FROM outbox WHERE id = given.outbox_id),
        (SELECT id FROM outbox p WHERE p.channel = given.channel AND p.provider_message_id = given.provider_message_id
         LIMIT 1))
    ORDER BY outbox.id FOR UPDATE OF outbox
    """
)
KEEP = text(
    """
    INSERT INTO receipts (outbox_id, status, at, code, error, received_at)
    SELECT outbox_id, status, at, code, error, :now
    FROM jsonb_to_recordset(CAST(:given AS jsonb))
         AS given (outbox_id uuid, status text, at timestamptz, code int, error text)
    ON CONFLICT DO NOTHING
    """
)
FOLLOW = text(
    """
    WITH furthest AS (
        SELECT DISTINCT ON (outbox_id) outbox_id, status, at, code, error FROM receipts
        WHERE outbox_id = ANY(:ids) AND NOT superseded
        ORDER BY outbox_id, array_position(CAST(:ranks AS text[]), status) DESC, at, id
    ), named AS (
        SELECT id, min(provider_message_id) AS provider_message_id
        FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given (id uuid, provider_message_id text) GROUP BY id
    )
    UPDATE outbox SET
        status = furthest.status, status_at = furthest.at, error = furthest.error, held_until = NULL,
        provider_message_id = COALESCE(outbox.provider_message_id, named.provider_message_id)
    FROM furthest JOIN named ON named.id = furthest.outbox_id
    WHERE outbox.id = furthest.outbox_id
      AND array_position(CAST(:ranks AS text[]), outbox.status)
          <= array_position(CAST(:ranks AS text[]), furthest.status)
    RETURNING outbox.id, outbox.conversation_id, outbox.channel, outbox.status, outbox.error, furthest.code
    """
)
WAIT = text(
    """
    WITH again AS (UPDATE receipts SET superseded = true WHERE outbox_id = :id)
    UPDATE outbox SET status = 'waiting' WHERE id = :id
    """
)
GONE = text("UPDATE conversations SET unreachable = :reason WHERE id = :conversation")
NOTE = text(
    """
    INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
    VALUES (:id, :conversation, 'note', 'system', :said, :now) ON CONFLICT DO NOTHING
    """
)
RING = text("SELECT pg_notify(:name, :conversation)")


async def apply_statuses(session: AsyncSession, statuses: Sequence[DeliveryStatus], now: datetime) -> set[int]:
    """Keep the statuses and move their messages forward; returns the places of those of no message of ours."""
    rows = await session.execute(WHOSE, {"given": _asked(statuses)})
    whose: dict[int, UUID] = {row.n: row.id for row in rows}
    if whose:
        await session.execute(KEEP, {"given": _kept(statuses, whose, now), "now": now})
        named = [{"id": i, "provider_message_id": statuses[n].provider_message_id} for n, i in whose.items()]
        given = {"ids": list(set(whose.values())), "ranks": list(RANKS), "given": _json(named)}
        for row in await session.execute(FOLLOW, given):
            if row.status == "refused":
                await _failed(session, row, now)
    return set(range(len(statuses))) - set(whose)


async def _failed(session: AsyncSession, row: Any, now: datetime) -> None:
    """Have staff know that a message which was taken did not arrive, and do what its code asks for."""
    outcome, said = OUTCOMES.get(row.code), wording.NOT_ARRIVED_NOTE.format(reason=row.error or "tanpa alasan")
    given = {"id": row.id, "conversation": row.conversation_id, "now": now}
    if outcome is WINDOW:
        said = wording.WINDOW_CLOSED_NOTE
        await session.execute(WAIT, {"id": row.id})
    if outcome is OTHER_CHANNEL:
        await session.execute(GONE, {"conversation": row.conversation_id, "reason": f"tidak terjangkau: {row.error}"})
    if outcome is RESTRICT:
        words = f"{wording.RESTRICTED} ({row.error})."
        await tell(session, Told(row.channel, SENDING, "broadcasts", str(row.code), True, words, now))
    await session.execute(NOTE, given | {"id": uuid5(row.id, "refused"), "said": said})
    await session.execute(RING, {"name": DESK, "conversation": str(row.conversation_id)})


def _asked(statuses: Sequence[DeliveryStatus]) -> str:
    return _json(
        [
            {
                "n": n,
                "channel": status.channel,
                "outbox_id": _uuid(status.outbox_id),
                "provider_message_id": status.provider_message_id,
            }
            for n, status in enumerate(statuses)
        ]
    )


def _kept(statuses: Sequence[DeliveryStatus], whose: dict[int, UUID], now: datetime) -> str:
    return _json(
        [
            {
                "outbox_id": outbox_id,
                "status": statuses[n].status,
                "at": statuses[n].at or now,
                "code": statuses[n].code,
                "error": mask(said).text if (said := statuses[n].error) else None,
            }
            for n, outbox_id in sorted(whose.items())
        ]
    )


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
