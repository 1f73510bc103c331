"""Reply: words to the participant by whoever holds the case, sent once however often the button is pressed.

They go to the case's conversation, and to those joined to it by merging: each channel gets its answer.
Where WhatsApp's window is closed the words wait until the person writes; a template may ask them to.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import held_case, set_ticket
from desk.acts.inviting import invite
from desk.acts.saying import keep, must_reach, send, well_said
from desk.acts.telling import Said, tell_joined
from desk.answering.sources import Source, keep_sources
from desk.answering.variables import must_be_filled
from desk.message_templates import Template
from desk.window import is_closed
from records import audit
from records.bell import DESK, Bell
from records.failpoints import reach
from records.models import Staff


async def reply(
    session: AsyncSession,
    bell: Bell,
    *,
    ticket_id: UUID,
    key: UUID,
    text: str,
    staff: Staff,
    at: datetime,
    template: Template | None = None,
    sources: Iterable[Source] = (),
) -> str:
    """Write and send; returns terkirim, menunggu or diajak, and nothing when this key was sent before.

    Raises NotHeldByYou, AlreadyResolved, NoSuchCase, NotWellSaid or CannotReach, and then nothing is written.
    """
    words = well_said(text)
    must_be_filled(words)
    case = await held_case(session, ticket_id, staff)
    must_reach(case.conversation)
    if not await keep(session, case, key=key, direction="out", text=words, staff=staff, at=at):
        return ""
    await keep_sources(session, key, sources)
    version = case.conversation.owner_version
    waiting = is_closed(case.conversation, at)
    await send(session, bell, case, message_id=key, text=words, version=version, waiting=waiting)
    await tell_joined(session, bell, case, Said(key, words, "Balasan", staff, at))
    asked = waiting and template and await invite(session, bell, case, template, key=key, staff=staff, at=at)
    if case.ticket.first_reply_at is None:
        await set_ticket(session, case.ticket, first_reply_at=at)
    await audit.record(
        session,
        at=at,
        actor=staff.username,
        action="reply",
        object=f"ticket:{case.ticket.number}",
        detail={"message": str(key), "owner_version": version, **({"waiting": True} if waiting else {})},
    )
    await bell.ring(session, DESK, str(case.conversation.id))
    await reach("desk reply")
    return "diajak" if asked else "menunggu" if waiting else "terkirim"
