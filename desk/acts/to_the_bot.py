"""Back to the bot: the participant is told that it answers from now on; the case is closed or stays in the queue."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import set_owner, set_ticket
from desk.acts.saying import keep, well_said
from desk.acts.steering import steered_case, write_down
from desk.acts.telling import Said, tell
from desk.refusals import Refusal
from records.bell import Bell
from records.masking import mask
from records.models import Staff

CLOSED = (
    "Laporan {number} kami tutup ya, Kak. Mulai sekarang bot menjawab lagi di sini; kalau masih ada kendala, tulis "
    "saja, atau ketik “petugas” untuk bicara dengan petugas."
)
LEFT_OPEN = (
    "Laporan {number} tetap kami tangani, Kak. Sambil menunggu, pertanyaan lain dijawab bot di sini; ketik “petugas” "
    "untuk bicara dengan petugas."
)
LONGEST_REASON = 500


class BotAnswersAlready(Refusal):
    """Nobody holds the conversation: the bot answers in it."""

    def __init__(self) -> None:
        super().__init__("Percakapan ini sudah dijawab bot.")


async def to_the_bot(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    key: UUID,
    reason: str,
    close: bool,
    staff: Staff,
    at: datetime,
) -> None:
    """Let the bot answer again, with the case closed or left open for whoever takes it.

    Raises BotAnswersAlready, HeldByOther, NotWellSaid, AlreadyResolved, NoSuchCase or NeedsPermit.
    """
    words = mask(well_said(reason, LONGEST_REASON)).text
    case = await steered_case(session, ticket_id, by=staff, at=at)
    if case.conversation.owner == "bot":
        raise BotAnswersAlready
    ended = {"status": "resolved", "resolved_at": at, "resolution": words} if close else {"status": "open"}
    await set_ticket(session, case.ticket, **ended, **({} if close else {"staff_id": None}))
    await set_owner(session, case, owner="bot", staff=None, by=staff, reason=f"kembali ke bot: {words}", at=at)
    for conversation in (case.conversation, *case.joined):
        # what the bot asked before a person came must not wake up as if nothing had happened
        conversation.dialogue_state, conversation.offered = {}, []
    await keep(session, case, key=key, direction="note", text=f"Kembali ke bot: {words}", staff=staff, at=at)
    said = (CLOSED if close else LEFT_OPEN).format(number=case.ticket.number)
    told = await tell(session, bell, case, Said(uuid5(key, "told"), said, "Kabar ke peserta", staff, at))
    detail = {"closed": close, "told": told, "owner_version": case.conversation.owner_version}
    await write_down(session, bell, case, "to_bot", by=staff, at=at, detail=detail)
