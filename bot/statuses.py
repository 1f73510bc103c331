"""Delivery statuses only move forward, whatever order the provider tells them in.

`refused` stands between sent and delivered: a failure after "sent" is news, and a delivery after a failure is true.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import DeliveryStatus
from records.bell import DESK

RANKS = ("due", "sending", "unknown", "sent", "refused", "delivered", "read")

FORWARD = text(
    """
    UPDATE outbox SET
        status = :status, status_at = :at, error = COALESCE(CAST(:error AS text), error),
        provider_message_id = COALESCE(provider_message_id, :provider_message_id)
    WHERE channel = :channel
      AND (id = CAST(:outbox_id AS uuid)
           OR (CAST(:outbox_id AS uuid) IS NULL AND provider_message_id = :provider_message_id))
      AND array_position(CAST(:ranks AS text[]), status) < array_position(CAST(:ranks AS text[]), :status)
    """
)


async def apply_status(session: AsyncSession, status: DeliveryStatus, now: datetime) -> bool:
    """Move the message forward to this status; returns whether anything changed."""
    changed = await session.execute(
        FORWARD,
        {
            "status": status.status,
            "at": now,
            "error": status.error,
            "provider_message_id": status.provider_message_id,
            "channel": status.channel,
            "outbox_id": _uuid(status.outbox_id),
            "ranks": list(RANKS),
        },
    )
    moved = isinstance(changed, CursorResult) and changed.rowcount > 0
    if moved and status.status == "refused":
        await session.execute(text("SELECT pg_notify(:name, '')"), {"name": DESK})
    return moved


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
