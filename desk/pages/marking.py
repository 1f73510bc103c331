"""The forms of the conversation page that mark a message for learning: another meaning, unanswered, taken back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.marking import correct, mark_unanswered, take_back
from desk.learning.meanings import MOST_ALSO, Meant, known
from desk.learning.refusals import NotLearnable
from desk.office import Office, office_of
from desk.pages.acting import do_in_conversation
from records.models import Staff

router = APIRouter(prefix="/percakapan/{conversation_id}")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Form(max_length=80)]


@router.post("/ralat")
async def learning_correct(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    message_id: Annotated[UUID | None, Form()] = None,
    meant: Word = "",
    also: Annotated[list[str] | None, Form()] = None,
    ticket: Word = "",
) -> Response:
    """Correct what a message means."""

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        what: dict[str, Any] = {"conversation_id": conversation, "staff": staff, "at": office.clock()}
        message, right = _chosen(message_id), _meant(meant, also or [])
        await correct(session, office.bell, message_id=message, meant=right, ticket_too=bool(ticket), **what)
        return "diralat"

    return await do_in_conversation(request, office, conversation_id, act)


@router.post("/tak-terjawab")
async def learning_unanswered(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    message_id: Annotated[UUID | None, Form()] = None,
    wanted: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Mark a message that nothing answered."""

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        what: dict[str, Any] = {"conversation_id": conversation, "staff": staff, "at": office.clock()}
        await mark_unanswered(session, office.bell, message_id=_chosen(message_id), wanted=wanted, **what)
        return "ditandai"

    return await do_in_conversation(request, office, conversation_id, act)


@router.post("/ralat/{example_id}/urung")
async def learning_take_back(request: Request, office: TheOffice, conversation_id: UUID, example_id: UUID) -> Response:
    """Take a mark back."""

    async def act(session: AsyncSession, conversation: UUID, staff: Staff) -> str:
        what: dict[str, Any] = {"conversation_id": conversation, "staff": staff, "at": office.clock()}
        await take_back(session, office.bell, example_id=example_id, **what)
        return "ralat-urung"

    return await do_in_conversation(request, office, conversation_id, act)


def _chosen(message_id: UUID | None) -> UUID:
    if message_id is None:
        raise NotLearnable("Pilih dulu pesannya.")
    return message_id


def _meant(said: str, others: list[str]) -> Meant:
    intent = known(said)
    if intent is None:
        raise NotLearnable("Pilih dulu keluhan yang benar.")
    also = [it for it in map(known, filter(None, others)) if it and it != intent]
    return Meant(intent, tuple(dict.fromkeys(also))[:MOST_ALSO])
