"""How a form does an act: one transaction, and then the page as it is now, or the reason why not.

A refused act shows the conversation again with the reason and, where there were words, the words.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_conversation
from desk.door import SignInFirst, signed_in
from desk.office import Office
from desk.pages.conversation import NEWS, Draft, show, show_parts
from desk.refusals import NeedsPermit, NoSuchCase, Refusal
from desk.silence import bot_is_silent
from records.failpoints import reach
from records.models import Conversation, Staff, Ticket

QUEUE = "/antrean"
TAKEN, OVER, REOPENED = "diambil", "diambil-alih", "dibuka-lagi"
SILENCING = frozenset({TAKEN, OVER, REOPENED})
"""News of acts after which the bot must be silent: what it is just sending is waited for."""
type Act = Callable[[AsyncSession, UUID, Staff], Awaitable[str]]
"""Does the act on a ticket (or a conversation) as this member of staff, and says which news to show."""
type Words = tuple[str, str, UUID]
"""What was written: for which act, the text, the form's key."""


async def do_act(request: Request, office: Office, number: str, act: Act, words: Words | None = None) -> Response:
    """Do an act on the ticket of this number; raises NoSuchCase or SignInFirst."""
    async with office.database.read() as session:
        ticket = (
            await session.execute(select(Ticket.id, Ticket.conversation_id).where(Ticket.number == number))
        ).first()
    if ticket is None:
        raise NoSuchCase
    return await _do(request, office, ticket[0], ticket[1], act, words)


async def do_in_conversation(
    request: Request, office: Office, conversation_id: UUID, act: Act, words: Words | None = None
) -> Response:
    """Do an act on a conversation that may have no ticket; raises NoSuchCase or SignInFirst."""
    async with office.database.read() as session:
        if await session.get(Conversation, conversation_id) is None:
            raise NoSuchCase
    return await _do(request, office, conversation_id, conversation_id, act, words)


async def staff_of(session: AsyncSession, request: Request) -> Staff:
    """Return who does this, as the database knows them now; raises SignInFirst when they were deactivated."""
    staff = await session.get(Staff, signed_in(request).id)
    if staff is None or not staff.active:
        raise SignInFirst
    return staff


async def _do(
    request: Request, office: Office, subject: UUID, conversation_id: UUID, act: Act, words: Words | None
) -> Response:
    try:
        async with office.database.write() as session:
            staff = await staff_of(session, request)
            await check_conversation(session, signed_in(request), conversation_id)
            news = await act(session, subject, staff)
        await reach("desk committed")
        if news in SILENCING:
            await bot_is_silent(office.database, conversation_id)
    except Refusal as refusal:
        said = str(refusal)
        draft = Draft(words[0], words[1], said, words[2]) if words else None
        problem = None if draft else said
        again = show_parts if "hx-request" in request.headers else show
        return await again(request, office, conversation_id, status=refusal.status, problem=problem, draft=draft)
    return await _onward(request, office, conversation_id, news)


async def _onward(request: Request, office: Office, conversation_id: UUID, news: str) -> Response:
    """Show what became of it; a case that went to another team is out of sight, so back to the queue."""
    live = "hx-request" in request.headers
    try:
        if live:
            return await show_parts(request, office, conversation_id, news=NEWS[news])
        async with office.database.read() as session:
            await check_conversation(session, signed_in(request), conversation_id)
    except NeedsPermit:
        gone = f"{QUEUE}?kabar={news}"
        return Response(headers={"HX-Redirect": gone}) if live else RedirectResponse(gone, status_code=303)
    return RedirectResponse(f"/percakapan/{conversation_id}?kabar={news}", status_code=303)
