"""Sending a message again from where it stands in the thread: by who holds the case, or who looks after deliveries."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk import delivery_acts
from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.acting import do_in_conversation
from desk.refusals import NoSuchCase, NotHeldByYou
from desk.rights import may
from records.models import Conversation, Outbound, Staff

router = APIRouter(prefix="/percakapan/{conversation_id}")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=40)]
Count = Annotated[int, Form(ge=0, lt=2**31)]
SENT_AGAIN = "dikirim-ulang"


@router.post("/kirim-ulang/{outbox_id}")
async def send_again_here(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    outbox_id: UUID,
    status: Field = "",
    tries: Count = 0,
    repeats: Count = 0,
    paham: Field = "",
) -> Response:
    """Have a message sent again; where it may have come already, only by somebody who says that they know."""

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        outbound = await session.get(Outbound, outbox_id)
        if outbound is None or outbound.conversation_id != conversation:
            raise NoSuchCase
        if not may(signed_in(request).role, "delivery_out_again"):
            await _must_be_theirs(session, outbound, staff)
        what: dict[str, Any] = {"outbox_id": outbox_id, "seen": delivery_acts.Seen(status, tries, repeats)}
        what |= {"understood": bool(paham), "staff": staff, "at": office.clock()}
        await delivery_acts.send_again(session, office.bell, **what)
        return SENT_AGAIN

    return await do_in_conversation(request, office, conversation_id, act)


async def _must_be_theirs(session: AsyncSession, outbound: Outbound, staff: Staff) -> None:
    """An agent repeats what agents wrote, in a conversation they hold."""
    chat = await session.get_one(Conversation, outbound.conversation_id)
    if outbound.author != "agent" or chat.owner != "human" or chat.staff_id != staff.id:
        raise NotHeldByYou
