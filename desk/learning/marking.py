"""An agent's mark on a message: it means something else, or nothing answered it. It can be taken back until reviewed.

A correction also sets right the turn (the trends count it) and, where wanted, the ticket. What the model read stays.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import locked_case, set_ticket
from desk.acts.saying import well_said
from desk.learning.meanings import Meant
from desk.learning.refusals import AlreadyReviewed, NoSuchExample, NotLearnable
from records import audit
from records.bell import DESK, Bell
from records.masking import mask
from records.models import Conversation, LearningExample, Message, Staff, Ticket, Turn
from trends.within import DIALOGUE

LONGEST_WISH = 500


@dataclass(frozen=True)
class Marked:
    """What a mark is about: the message, its turn, and the ticket it belongs to."""

    message: Message
    turn: Turn
    ticket: Ticket | None

    @property
    def object(self) -> str:
        """What an audit entry calls it."""
        return f"ticket:{self.ticket.number}" if self.ticket else f"conversation:{self.message.conversation_id}"


async def correct(
    session: AsyncSession,
    bell: Bell,
    *,
    conversation_id: UUID,
    message_id: UUID,
    meant: Meant,
    ticket_too: bool,
    staff: Staff,
    at: datetime,
) -> UUID:
    """Say what a message really means; returns the example. Raises NoSuchCase, AlreadyReviewed or NotLearnable."""
    marked = await _marked(session, conversation_id, message_id, staff, at)
    ticket = marked.ticket if ticket_too and meant.intent not in DIALOGUE else None
    was = {"intent": ticket.intent, "also": list(ticket.also)} if ticket else None
    if meant == Meant(marked.turn.intent or "") and (ticket is None or ticket.intent == meant.intent):
        raise NotLearnable("Model sudah membacanya begitu. Pilih keluhan lain kalau memang keliru.")
    # SQL's NULL: a JSON null would count as something
    words = {"meant": meant.intent, "also": list(meant.also), "ticket_was": was or null()}
    example = await _put(session, marked, "intent", words, staff, at)
    marked.turn.corrected_intent = meant.intent if meant.intent != marked.turn.intent else None
    if ticket:
        others = dict.fromkeys((*meant.also, *ticket.also))
        await set_ticket(session, ticket, intent=meant.intent, also=[it for it in others if it != meant.intent])
    detail = {"message": str(message_id), "read_as": marked.turn.intent, "meant": meant.intent, "also": [*meant.also]}
    await _told(session, bell, marked, "correct_intent", detail | {"ticket_was": was}, staff, at)
    return example


async def mark_unanswered(
    session: AsyncSession,
    bell: Bell,
    *,
    conversation_id: UUID,
    message_id: UUID,
    wanted: str,
    staff: Staff,
    at: datetime,
) -> UUID:
    """Say that nothing answered a message, and perhaps what would have. Raises NoSuchCase or AlreadyReviewed."""
    marked = await _marked(session, conversation_id, message_id, staff, at)
    wish = mask(well_said(wanted, LONGEST_WISH)).text if wanted.strip() else None
    example = await _put(session, marked, "question", {"wanted": wish}, staff, at)
    await _told(session, bell, marked, "mark_unanswered", {"message": str(message_id)}, staff, at)
    return example


async def take_back(
    session: AsyncSession, bell: Bell, *, conversation_id: UUID, example_id: UUID, staff: Staff, at: datetime
) -> None:
    """Undo a mark that no reviewer has decided on, with what it changed. Raises NoSuchExample or AlreadyReviewed."""
    found = await session.get(LearningExample, example_id)
    if found is None or found.conversation_id != conversation_id or found.message_id is None:
        raise NoSuchExample
    marked = await _marked(session, conversation_id, found.message_id, staff, at)
    example = await session.get_one(LearningExample, example_id, with_for_update=True, populate_existing=True)
    if example.status != "waiting":
        raise AlreadyReviewed if example.status != "withdrawn" else NoSuchExample
    example.status, example.version = "withdrawn", example.version + 1
    if example.kind == "intent":
        marked.turn.corrected_intent = None
        await _ticket_as_it_was(session, marked.ticket, example)
    detail = {"message": str(found.message_id), "kind": example.kind, "meant": example.meant}
    await _told(session, bell, marked, "take_back_mark", detail, staff, at)


async def _marked(session: AsyncSession, conversation_id: UUID, message_id: UUID, staff: Staff, at: datetime) -> Marked:
    """Return what the mark is about, ticket and conversation locked in everybody's order."""
    newest = (
        select(Ticket.id)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Ticket.status == "resolved", Ticket.opened_at.desc())
    )
    ticket_id = await session.scalar(newest.limit(1))
    ticket = (await locked_case(session, ticket_id, by=staff, at=at)).ticket if ticket_id else None
    if ticket is None:
        await session.get(Conversation, conversation_id, with_for_update={"key_share": True})
    said = (
        select(Message, Turn)
        .join(Turn, Turn.inbox_id == Message.inbox_id)
        .where(Message.id == message_id, Message.conversation_id == conversation_id, Message.direction == "in")
    )
    row = (await session.execute(said)).first()
    if row is None:
        raise NoSuchExample
    return Marked(row[0], row[1], ticket)


async def _put(
    session: AsyncSession, marked: Marked, kind: str, words: dict[str, Any], staff: Staff, at: datetime
) -> UUID:
    """Write the mark, over what was gathered or marked before; raises AlreadyReviewed."""
    own = {"source": "agent", "at": at, "marked_by": staff.id, **words}
    new = insert(LearningExample).values(**_of_turn(marked), kind=kind, **own)
    changed = own | {"version": LearningExample.version + 1}
    if "ticket_was" in words:
        # corrected twice: the ticket goes back to what it was before the first time
        changed["ticket_was"] = func.coalesce(LearningExample.ticket_was, new.excluded.ticket_was)
    kept = new.on_conflict_do_update(
        index_elements=["turn_id", "kind"],
        index_where=LearningExample.status != "withdrawn",
        set_=changed,
        where=LearningExample.status == "waiting",
    ).returning(LearningExample.id)
    example: UUID | None = await session.scalar(kept)
    if example is None:
        raise AlreadyReviewed
    return example


def _of_turn(marked: Marked) -> dict[str, Any]:
    turn, message = marked.turn, marked.message
    return {
        "conversation_id": message.conversation_id,
        "message_id": message.id,
        "turn_id": turn.id,
        "ticket_id": marked.ticket.id if marked.ticket else None,
        "said": message.text,
        "read_as": turn.intent,
        "confidence": turn.confidence,
        "ranking": turn.ranking,
        "model": turn.model,
    }


async def _ticket_as_it_was(session: AsyncSession, ticket: Ticket | None, example: LearningExample) -> None:
    """Give the ticket back its complaint, unless it was corrected again through another message."""
    was = example.ticket_was
    if ticket and was and ticket.id == example.ticket_id and ticket.intent == example.meant:
        await set_ticket(session, ticket, intent=was["intent"], also=was["also"])


async def _told(
    session: AsyncSession, bell: Bell, marked: Marked, action: str, detail: dict[str, Any], staff: Staff, at: datetime
) -> None:
    await audit.record(session, at=at, actor=staff.username, action=action, object=marked.object, detail=detail)
    await bell.ring(session, DESK, str(marked.message.conversation_id))
