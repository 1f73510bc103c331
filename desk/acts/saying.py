"""Putting an agent's words into a conversation, once: what is to be sent, and what stays among staff.

The key of a form is the id of the message it makes. A second press finds the message already there and makes no other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case
from desk.refusals import CannotReach, NotWellSaid
from desk.window import is_closed
from desk.wording import moment
from records.bell import OUTBOX, Bell
from records.models import Conversation, Message, Outbound, Staff

NO_LONGER_WAITS = sql("UPDATE tickets SET waiting_since = NULL WHERE id = :ticket AND waiting_since IS NOT NULL")
LONGEST = 4096
"""What Telegram and WhatsApp both carry in one message."""


def well_said(text: str, longest: int = LONGEST) -> str:
    """Return the words trimmed; raises NotWellSaid when nothing is left, or too much."""
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise NotWellSaid("Tulis dulu pesannya.")
    if len(words) > longest:
        raise NotWellSaid(f"Pesan terlalu panjang: {len(words)} huruf, paling banyak {longest}. Pecah menjadi dua.")
    return words


def why_gone(conversation: Conversation) -> str | None:
    """Say why the person cannot be written to at all, or None."""
    if conversation.unreachable:
        return f"Peserta tidak bisa dikirimi pesan di kanal ini: {conversation.unreachable}"
    return None


def why_unreachable(conversation: Conversation, now: datetime) -> str | None:
    """Say why nothing can be sent to this conversation now, or None."""
    if (reason := why_gone(conversation)) or not is_closed(conversation, now):
        return reason
    closed_at = conversation.window_until or now
    return (
        f"Jendela WhatsApp sudah tutup {moment(closed_at, now)}, 24 jam sejak pesan terakhir peserta. "
        "Tulisan Anda disimpan dan terkirim begitu peserta menulis lagi."
    )


async def keep(
    session: AsyncSession,
    case: Case,
    *,
    key: UUID,
    direction: str,
    text: str,
    staff: Staff,
    at: datetime,
    kind: str = "text",
) -> bool:
    """Write the message under its key, words to the participant ending their wait; False when it is there already."""
    kept = await session.execute(
        insert(Message)
        .values(
            id=key,
            conversation_id=case.conversation.id,
            direction=direction,
            author="agent",
            text=text,
            kind=kind,
            staff_id=staff.id,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=[Message.id])
        .returning(Message.id)
    )
    if kept.first() is None:
        return False
    if direction == "out":
        await session.execute(NO_LONGER_WAITS, {"ticket": case.ticket.id})
    return True


async def send(
    session: AsyncSession,
    bell: Bell,
    case: Case,
    *,
    message_id: UUID,
    text: str,
    version: int,
    waiting: bool = False,
    buttons: Sequence[dict[str, str]] = (),
) -> None:
    """Put a kept message into the outbox, under the owner's number at writing; `waiting` until the person writes."""
    session.add(
        Outbound(
            conversation_id=case.conversation.id,
            message_id=message_id,
            channel=case.conversation.channel,
            payload={"text": text, "buttons": list(buttons)},
            author="agent",
            owner_version=version,
            status="waiting" if waiting else "due",
        )
    )
    await session.flush()
    await bell.ring(session, OUTBOX)


def must_reach(conversation: Conversation) -> None:
    """Raise CannotReach when the person cannot be written to at all; a closed window can be waited for."""
    if reason := why_gone(conversation):
        raise CannotReach(reason)
