"""Reply: words to the participant by whoever holds the case, sent once however often the button is pressed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.case import held_case, set_ticket
from desk.saying import keep, must_reach, send, well_said
from records import audit
from records.bell import DESK, Bell
from records.failpoints import reach
from records.models import Staff


async def reply(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, key: UUID, text: str, staff: Staff, at: datetime
) -> bool:
    """Write and send; False when this key was sent before.

    Raises NotHeldByYou, AlreadyResolved, NoSuchCase, NotWellSaid or CannotReach, and then nothing is written.
    """
    words = well_said(text)
    case = await held_case(session, ticket_id, staff)
    must_reach(case.conversation, at)
    if not await keep(session, case, key=key, direction="out", text=words, staff=staff, at=at):
        return False
    version = case.conversation.owner_version
    await send(session, bell, case, message_id=key, text=words, version=version)
    if case.ticket.first_reply_at is None:
        await set_ticket(session, case.ticket, first_reply_at=at)
    await audit.record(
        session,
        at=at,
        actor=staff.username,
        action="reply",
        object=f"ticket:{case.ticket.number}",
        detail={"message": str(key), "owner_version": version},
    )
    await bell.ring(session, DESK, str(case.conversation.id))
    await reach("desk reply")
    return True
