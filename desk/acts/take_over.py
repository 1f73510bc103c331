"""Take over: a person steps into a conversation that the bot holds and nobody asked a person into; a case is opened."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_permit
from desk.acts.case import Case, locked_case, set_owner
from desk.acts.claim import claim
from desk.acts.saying import well_said
from desk.acts.steering import write_down
from desk.refusals import ChangedMeanwhile, NoSuchCase
from records.bell import Bell
from records.failpoints import reach
from records.masking import mask
from records.models import ChannelIdentity, Conversation, Staff, Ticket, Turn
from records.promises import read_rules

LONGEST_REASON = 500
QUEUE = "PMO_TRANSACTION"
UNNAMED = "talk_to_human"


async def take_over(
    session: AsyncSession, bell: Bell, *, conversation_id: UUID, reason: str, staff: Staff, at: datetime
) -> Case:
    """Open a case in this conversation and hold it; one that is open already is claimed.

    Raises NotWellSaid, NoSuchCase, NeedsPermit, TakenByOther or ChangedMeanwhile, and then nothing is written.
    """
    words = mask(well_said(reason, LONGEST_REASON)).text
    there = select(Ticket.id).where(Ticket.conversation_id == conversation_id, Ticket.status != "resolved")
    if ticket_id := await session.scalar(there):
        return await claim(session, bell, ticket_id=ticket_id, staff=staff, at=at)
    await check_permit(session, staff, conversation_id, at)
    # the case before the conversation's lock, as the bot does it: of two who open one, the second finds it there
    case = await locked_case(session, await _open(session, conversation_id, words, staff, at), by=staff, at=at)
    version = await set_owner(
        session, case, owner="human", staff=staff, by=staff, reason=f"diambil alih: {words}", at=at
    )
    await write_down(session, bell, case, "take_over", by=staff, at=at, detail={"owner_version": version})
    await reach("desk take-over")
    return case


async def _open(session: AsyncSession, conversation_id: UUID, words: str, staff: Staff, at: datetime) -> UUID:
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NoSuchCase
    known = await session.get(ChannelIdentity, conversation.identity_id) if conversation.identity_id else None
    last = await session.scalar(
        select(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.intent.is_not(None))
        .order_by(Turn.created_at.desc())
        .limit(1)
    )
    intent = last.intent if last and last.intent else UNNAMED
    made = (await read_rules(session, queue=QUEUE)).promised(intent, QUEUE, "normal", at)
    opened: UUID | None = await session.scalar(
        insert(Ticket)
        .values(
            conversation_id=conversation_id,
            participant_id=known.participant_id if known else None,
            intent=intent,
            platform=last.platform if last else None,
            summary=words,
            reason=f"Diambil alih petugas: {words}",
            queue=QUEUE,
            status="claimed",
            staff_id=staff.id,
            opened_by_turn=uuid4(),
            opened_at=at,
            promised_at=made.answer_by,
            resolve_by=made.resolve_by,
        )
        .on_conflict_do_nothing()
        .returning(Ticket.id)
    )
    if opened is None:
        raise ChangedMeanwhile
    return opened
