"""Resolve: the case is closed, the participant reads how, and the conversation goes back to the bot."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, held_case, set_owner, set_ticket
from desk.acts.saying import well_said
from desk.acts.steering import write_down
from desk.acts.telling import Said, tell
from desk.answering.variables import must_be_filled
from records.after_closing import NOT_YET, REOPENABLE, offers, with_tokens
from records.bell import Bell
from records.models import Staff

LONGEST_RESOLUTION = 3_500
AND_NOW = (
    "Bagaimana bantuan kami, Kak? Pilih 1 (jelek) sampai 5 (bagus). Kalau kendalanya masih ada, tekan atau ketik "
    f"“{NOT_YET}” dalam {REOPENABLE.days} hari."
)
SENT, WAITS, UNSAID = "selesai", "selesai-menunggu", "selesai-diam"
"""On its way; kept until WhatsApp's window is open again; the channel lets nothing through."""


def closing_words(number: str, resolution: str) -> str:
    """Return what the participant reads when their case is closed."""
    return f"Laporan {number} sudah selesai.\n\n{resolution}\n\n{AND_NOW}"


async def resolve(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, resolution: str, staff: Staff, at: datetime
) -> str:
    """Close the case; returns what became of the closing message: SENT, WAITS or UNSAID.

    Raises NotHeldByYou, AlreadyResolved, NoSuchCase or NotWellSaid, and then nothing is written.
    """
    words = well_said(resolution, LONGEST_RESOLUTION)
    must_be_filled(words)
    case = await held_case(session, ticket_id, staff)
    await set_ticket(session, case.ticket, status="resolved", resolved_at=at, resolution=words)
    version = await set_owner(session, case, owner="bot", staff=None, by=staff, reason="selesai", at=at)
    asked = offers(case.ticket.id, case.ticket.reopened)
    for conversation in (case.conversation, *case.joined):
        # a form or button from before the hand-over must not wake up and ask on as if nothing had happened
        conversation.dialogue_state, conversation.offered = {}, with_tokens(asked)
    text = closing_words(case.ticket.number, words)
    closing = Said(closing_key(case), text, "Pesan penutup", staff, at, asks=True)
    told = await tell(session, bell, case, closing)
    became = f"{SENT}-{told}" if told else SENT
    await write_down(session, bell, case, "resolve", by=staff, at=at, detail={"told": became, "owner_version": version})
    return became


def closing_key(case: Case) -> UUID:
    """Return the id of the message that closes the case; closed anew, it says so anew."""
    times = case.ticket.reopened
    return uuid5(case.ticket.id, f"closing {times}" if times else "closing")
