"""The forms of the right column: what can be done with a case beside answering it, and what was done."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_conversation
from desk.acts.incident_link import link
from desk.acts.merge import merge, unmerge
from desk.acts.priority import set_priority
from desk.acts.reopen import reopen
from desk.acts.snooze import snooze, until_when, wake
from desk.acts.tags import tag
from desk.acts.take_over import take_over
from desk.acts.to_the_bot import to_the_bot
from desk.acts.transfer import transfer
from desk.door import signed_in
from desk.history import history
from desk.office import Office, office_of
from desk.pages.acting import OVER, REOPENED, do_act, do_in_conversation
from desk.paper import page, render
from desk.refusals import NoSuchCase
from records.models import Staff, Ticket

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form()]
Key = Annotated[UUID, Form()]
Ticked = Annotated[bool, Form()]
CASE = "/tiket/{number}"


@router.post(CASE + "/tag")
async def case_tag(
    request: Request,
    office: TheOffice,
    number: str,
    add: Word = "",
    remove: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Put tags on the case (several with commas) and take others off."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        names = [name for name in add.split(",") if name.strip()]
        what = _what(office, ticket, staff)
        await tag(session, office.bell, **what, add=names if remove else names or [add], remove=remove or ())
        return "ditag"

    return await do_act(request, office, number, act)


@router.post(CASE + "/prioritas")
async def case_priority(request: Request, office: TheOffice, number: str, priority: Word = "") -> Response:
    """Give the case another priority."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        return await set_priority(session, office.bell, **_what(office, ticket, staff), priority=priority)

    return await do_act(request, office, number, act)


@router.post(CASE + "/tunda")
async def case_snooze(
    request: Request, office: TheOffice, number: str, until: Word = "", moment: Word = ""
) -> Response:
    """Put the case off until a choice or a local time."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        when = until_when(until or moment, office.clock())
        await snooze(session, office.bell, **_what(office, ticket, staff), until=when)
        return "ditunda"

    return await do_act(request, office, number, act)


@router.post(CASE + "/bangunkan")
async def case_wake(request: Request, office: TheOffice, number: str) -> Response:
    """Bring the case back before its time."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await wake(session, office.bell, **_what(office, ticket, staff))
        return "dibangunkan"

    return await do_act(request, office, number, act)


@router.post(CASE + "/insiden")
async def case_incident(request: Request, office: TheOffice, number: str, incident: Word = "") -> Response:
    """Link the case to an incident, or to none."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await link(session, office.bell, **_what(office, ticket, staff), incident_id=incident or None)
        return "insiden"

    return await do_act(request, office, number, act)


@router.post(CASE + "/gabung")
async def case_merge(
    request: Request, office: TheOffice, number: str, other: Word = "", typed: Word = "", surely: Ticked = False
) -> Response:
    """Merge another case of the same participant into this one."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        other_id = await _by_number(session, other or typed)
        await merge(session, office.bell, **_what(office, ticket, staff), other_id=other_id, surely=surely)
        return "digabung"

    return await do_act(request, office, number, act)


@router.post(CASE + "/pisah")
async def case_unmerge(request: Request, office: TheOffice, number: str, other: Word = "") -> Response:
    """Part a case again that was merged into this one."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        what = _what(office, await _by_number(session, other), staff)
        await unmerge(session, office.bell, **what)
        return "dipisah"

    return await do_act(request, office, number, act)


@router.post(CASE + "/oper")
async def case_transfer(
    request: Request,
    office: TheOffice,
    number: str,
    key: Key,
    to: Word = "",
    reason: Words = "",
    seen_holder: Word = "",
    although_away: Ticked = False,
) -> Response:
    """Give the case to a colleague or a team, with a reason."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        what: dict[str, Any] = _what(office, ticket, staff) | {"to": _id(to), "seen_holder": _id(seen_holder)}
        await transfer(session, office.bell, **what, reason=reason, although_away=although_away)
        return "dioper"

    return await do_act(request, office, number, act, words=("transfer", reason, key))


@router.post(CASE + "/ke-bot")
async def case_to_bot(
    request: Request, office: TheOffice, number: str, key: Key, reason: Words = "", close: Ticked = False
) -> Response:
    """Let the bot answer again, the case closed or left in the queue."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        what = _what(office, ticket, staff)
        await to_the_bot(session, office.bell, **what, key=key, reason=reason, close=close)
        return "ke-bot"

    return await do_act(request, office, number, act, words=("to_bot", reason, key))


@router.post(CASE + "/buka-lagi")
async def case_reopen(request: Request, office: TheOffice, number: str, key: Key, reason: Words = "") -> Response:
    """Open a resolved case again and hold it."""

    async def act(session: AsyncSession, ticket: UUID, staff: Staff) -> str:
        await reopen(session, office.bell, **_what(office, ticket, staff), reason=reason)
        return REOPENED

    return await do_act(request, office, number, act, words=("reopen", reason, key))


@router.post("/percakapan/{conversation_id}/ambil-alih")
async def conversation_take_over(
    request: Request, office: TheOffice, conversation_id: UUID, key: Key, reason: Words = ""
) -> Response:
    """Step into a conversation that the bot holds: a case is opened."""

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        what: dict[str, Any] = {"staff": staff, "at": office.clock(), "reason": reason}
        await take_over(session, office.bell, conversation_id=conversation, **what)
        return OVER

    return await do_in_conversation(request, office, conversation_id, act, words=("take_over", reason, key))


@router.get(CASE + "/riwayat")
async def case_history_page(request: Request, office: TheOffice, number: str) -> Response:
    """Show what happened to the case, as a page or inside the open one."""
    async with office.database.read() as session:
        ticket = await session.scalar(select(Ticket).where(Ticket.number == number))
        if ticket is None:
            raise NoSuchCase
        await check_conversation(session, signed_in(request), ticket.conversation_id)
        happened = await history(session, ticket, office.clock())
    if "hx-request" in request.headers:
        return Response(render(request, "case_history_lines.html", happened=happened), media_type="text/html")
    return page(request, "case_history.html", ticket=ticket, happened=happened)


def _what(office: Office, ticket: UUID, staff: Staff) -> dict[str, Any]:
    at: datetime = office.clock()
    return {"ticket_id": ticket, "staff": staff, "at": at}


def _id(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None


async def _by_number(session: AsyncSession, said: str) -> UUID:
    number = said.strip().upper()
    plain = f"T-{number}" if number.isdigit() else number
    found: UUID | None = await session.scalar(select(Ticket.id).where(Ticket.number == plain))
    if found is None:
        raise NoSuchCase
    return found
