"""What the house itself says to a participant about their case: once, behind replies, and only where it can arrive."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case
from desk.acts.saying import why_gone
from desk.message_templates import Template
from desk.window import is_closed
from records.bell import OUTBOX, Bell
from records.models import Message, Outbound

NOTICE = 1
"""Behind replies, before broadcasts."""


async def say(
    session: AsyncSession,
    bell: Bell,
    case: Case,
    *,
    key: UUID,
    text: str,
    kind: str,
    at: datetime,
    template: Template | None = None,
) -> bool:
    """Say this once (`key`); outside WhatsApp's window only as a template. False: it was said, or cannot be.

    What cannot be said leaves a note for staff under the same key, so that it is looked at once and not again.
    """
    shut = why_gone(case.conversation)
    closed = is_closed(case.conversation, at)
    if shut or (closed and template is None):
        why = shut or "Jendela WhatsApp sudah tutup, dan templatnya belum disetujui."
        await note(session, case, key=key, text=f"Peserta tidak bisa diberi tahu: {text}\n\n{why}", at=at)
        return False
    filled = template.filled({"ticket": case.ticket.number}) if closed and template else None
    words = filled.text if filled else text
    if not await _keep(session, case, key=key, direction="out", text=words, kind=kind, at=at):
        return False
    payload = {"text": words, "buttons": [], **({"template": filled.payload} if filled else {})}
    session.add(
        Outbound(
            id=uuid5(key, "outbox"),
            conversation_id=case.conversation.id,
            message_id=key,
            channel=case.conversation.channel,
            payload=payload,
            author="system",
            owner_version=case.conversation.owner_version,
            priority=NOTICE,
        )
    )
    await session.flush()
    await bell.ring(session, OUTBOX)
    return True


async def note(session: AsyncSession, case: Case, *, key: UUID, text: str, at: datetime) -> bool:
    """Leave a note for staff, once."""
    return await _keep(session, case, key=key, direction="note", text=text, kind="text", at=at)


async def _keep(
    session: AsyncSession, case: Case, *, key: UUID, direction: str, text: str, kind: str, at: datetime
) -> bool:
    values = {"conversation_id": case.conversation.id, "direction": direction, "author": "system", "kind": kind}
    kept = await session.execute(
        insert(Message)
        .values(id=key, text=text, created_at=at, **values)
        .on_conflict_do_nothing(index_elements=[Message.id])
        .returning(Message.id)
    )
    return kept.first() is not None
