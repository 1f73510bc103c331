"""Telling the participant what became of their case, on every channel that belongs to it.

What cannot be sent leaves a note that says why.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case
from desk.acts.saying import keep, send, why_gone
from desk.window import is_closed
from records.after_closing import CLOSING
from records.bell import Bell
from records.models import Message, Staff

SENT, WAITS, UNSAID = "", "menunggu", "diam"
"""On its way; kept until WhatsApp's window is open again; the channel lets nothing through."""


@dataclass(frozen=True)
class Said:
    """One message of staff to the participant, under its own key."""

    key: UUID
    text: str
    what: str
    """Names it in the note that says why it was not sent."""
    staff: Staff
    at: datetime
    asks: bool = False
    """It carries the buttons that the conversation offers now."""


async def tell(session: AsyncSession, bell: Bell, case: Case, said: Said) -> str:
    """Say this in the case's conversation and in those joined to it; returns what became of it in the first."""
    told = await _tell_in(session, bell, case, said)
    await tell_joined(session, bell, case, said)
    return told


async def tell_joined(session: AsyncSession, bell: Bell, case: Case, said: Said) -> None:
    """Say this also in the conversations that were joined to the case by merging."""
    for other in case.joined:
        there = replace(case, conversation=other, joined=())
        await _tell_in(session, bell, there, replace(said, key=uuid5(said.key, str(other.id))))


async def _tell_in(session: AsyncSession, bell: Bell, case: Case, said: Said) -> str:
    conversation = case.conversation
    if reason := why_gone(conversation):
        note = {"conversation_id": conversation.id, "direction": "note", "author": "system", "created_at": said.at}
        session.add(Message(**note, text=f"{said.what} tidak dikirim. {reason}"))
        return UNSAID
    kind = CLOSING if said.asks else "text"
    if not await keep(
        session, case, key=said.key, direction="out", text=said.text, staff=said.staff, at=said.at, kind=kind
    ):
        return SENT
    waiting = is_closed(conversation, said.at)
    offered = conversation.offered if said.asks else []
    buttons = [{"title": button["title"], "token": button["token"]} for button in offered]
    version = conversation.owner_version
    await send(
        session, bell, case, message_id=said.key, text=said.text, version=version, waiting=waiting, buttons=buttons
    )
    return WAITS if waiting else SENT
