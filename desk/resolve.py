"""Resolve: the case is closed, the participant reads how, and the conversation goes back to the bot."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from desk.case import Case, held_case, set_owner, set_ticket
from desk.saying import keep, send, well_said, why_gone
from desk.window import is_closed
from records import audit
from records.bell import DESK, Bell
from records.models import Message, Staff

LONGEST_RESOLUTION = 3_500
SENT, WAITS, UNSAID = "selesai", "selesai-menunggu", "selesai-diam"
"""On its way; kept until WhatsApp's window is open again; the channel lets nothing through."""


def closing_words(number: str, resolution: str) -> str:
    """Return what the participant reads when their case is closed."""
    return f"Laporan {number} sudah selesai.\n\n{resolution}\n\nKalau masih ada kendala, balas saja pesan ini ya, Kak."


async def resolve(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, resolution: str, staff: Staff, at: datetime
) -> str:
    """Close the case; returns what became of the closing message: SENT, WAITS or UNSAID.

    Raises NotHeldByYou, AlreadyResolved, NoSuchCase or NotWellSaid, and then nothing is written.
    """
    words = well_said(resolution, LONGEST_RESOLUTION)
    case = await held_case(session, ticket_id, staff)
    await set_ticket(session, case.ticket, status="resolved", resolved_at=at, resolution=words)
    version = await set_owner(session, case, owner="bot", staff=None, by=staff, reason="selesai", at=at)
    # a form or button from before the hand-over must not wake up and ask on as if nothing had happened
    case.conversation.dialogue_state, case.conversation.offered = {}, []
    told = await _tell(session, bell, case, words=words, version=version, staff=staff, at=at)
    await audit.record(
        session,
        at=at,
        actor=staff.username,
        action="resolve",
        object=f"ticket:{case.ticket.number}",
        detail={"told": told, "owner_version": version},
    )
    await bell.ring(session, DESK, str(case.conversation.id))
    return told


async def _tell(
    session: AsyncSession, bell: Bell, case: Case, *, words: str, version: int, staff: Staff, at: datetime
) -> str:
    key = uuid5(case.ticket.id, "closing")
    if reason := why_gone(case.conversation):
        session.add(
            Message(
                conversation_id=case.conversation.id,
                direction="note",
                author="system",
                text=f"Pesan penutup tidak dikirim. {reason}",
                created_at=at,
            )
        )
        return UNSAID
    text = closing_words(case.ticket.number, words)
    await keep(session, case, key=key, direction="out", text=text, staff=staff, at=at)
    waiting = is_closed(case.conversation, at)
    await send(session, bell, case, message_id=key, text=text, version=version, waiting=waiting)
    return WAITS if waiting else SENT
