"""Words of the corridor itself: a message and its outbox row, under a key that makes saying it twice impossible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Message, Outbound


@dataclass(frozen=True)
class Notice:
    """Something to tell in a conversation; `id` is made from what it is about."""

    id: UUID
    conversation: UUID
    channel: str
    owner_version: int
    text: str
    kind: str
    buttons: tuple[dict[str, str], ...] = ()
    """[{"title", "token"}]."""


async def tell(session: AsyncSession, notices: Sequence[Notice], now: datetime) -> int:
    """Write the notices that were not told before; returns how many that are."""
    if not notices:
        return 0
    ordered = sorted(notices, key=lambda notice: notice.conversation)
    said = insert(Message).on_conflict_do_nothing().returning(Message.id)
    new = set((await session.scalars(said, [_message(notice, now) for notice in ordered])).all())
    rows = [_outbound(notice) for notice in ordered if notice.id in new]
    if rows:
        await session.execute(insert(Outbound), rows)
    return len(rows)


def _message(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "id": notice.id,
        "conversation_id": notice.conversation,
        "direction": "out",
        "author": "system",
        "kind": notice.kind,
        "text": notice.text,
        "buttons": [{"title": button["title"]} for button in notice.buttons],
        "created_at": now,
    }


def _outbound(notice: Notice) -> dict[str, Any]:
    return {
        "id": uuid5(notice.id, "outbox"),
        "conversation_id": notice.conversation,
        "message_id": notice.id,
        "channel": notice.channel,
        "payload": {"text": notice.text, "buttons": list(notice.buttons), "request_contact": False},
        "author": "system",
        "owner_version": notice.owner_version,
    }
