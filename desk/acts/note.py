"""Note: words among staff, beside the conversation; the participant never gets them. Whom it names is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import locked_case
from desk.acts.saying import keep, well_said
from desk.mentions import mention
from records import audit
from records.bell import DESK, Bell
from records.masking import mask
from records.models import Staff


async def note(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, key: UUID, text: str, staff: Staff, at: datetime
) -> bool:
    """Write the note, whoever holds the case; False when this key was written before."""
    # a note is for colleagues: a number they need stands sealed in the thread, not in clear here
    words = mask(well_said(text)).text
    case = await locked_case(session, ticket_id, by=staff, at=at)
    if not await keep(session, case, key=key, direction="note", text=words, staff=staff, at=at):
        return False
    await mention(session, bell, case, message_id=key, text=words, by=staff, at=at)
    await audit.record(
        session,
        at=at,
        actor=staff.username,
        action="note",
        object=f"ticket:{case.ticket.number}",
        detail={"message": str(key)},
    )
    await bell.ring(session, DESK, str(case.conversation.id))
    return True
