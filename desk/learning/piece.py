"""What the conversation page shows for learning: messages one can correct, and marks with what became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from desk.learning.fates import Fate, fates_of
from desk.learning.meanings import MOST_ALSO, Meant, in_order, likeliest, name_of
from desk.looking import View
from desk.pieces import KNOWN_BY
from desk.sessions import Person
from records.database import ReadSession
from records.models import LearningExample, Message, Staff, Turn
from trends.within import DIALOGUE

LATEST = 15
SHOWN = 70


@dataclass(frozen=True)
class Read:
    """A message of the participant and what the model made of it."""

    message_id: UUID
    said: str
    read_as: str | None
    confidence: float | None
    guesses: tuple[str, ...]
    """What is offered first, likeliest first; what the model took it for is not among them."""

    @property
    def plain(self) -> bool:
        """Whether the model read a complaint or question in it, so that it is the likeliest to be corrected."""
        return self.read_as is not None and self.read_as not in DIALOGUE


@dataclass(frozen=True)
class Mark:
    """A mark of somebody at the desk on a message of this conversation."""

    id: UUID
    message_id: UUID
    kind: str
    said: str
    read_as: str | None
    meant: Meant
    wanted: str | None
    by: str
    fate: Fate
    waiting: bool


async def read_ralat(session: ReadSession, view: View, person: Person, now: datetime) -> dict[str, Any]:
    """Return what the form needs; it is drawn anew only when a mark, the ticket or the latest message changes."""
    messages = await _messages(session, view.conversation.id)
    marks = await _marks(session, view.conversation.id, now)
    chosen = next((one for one in messages if one.plain), messages[0] if messages else None)
    ticket = view.ticket
    state = (
        [(mark.id, mark.fate, mark.meant, mark.wanted) for mark in marks],
        ticket and (ticket.id, ticket.intent),
        messages[0].message_id if messages else None,
    )
    return {
        "messages": messages,
        "marks": marks,
        "chosen": chosen,
        "meanings": in_order(),
        "most_also": MOST_ALSO,
        "meaning_of": name_of,
        KNOWN_BY: state,
    }


async def _messages(session: ReadSession, conversation_id: UUID) -> list[Read]:
    rows = await session.execute(
        select(Message.id, Message.text, Turn.intent, Turn.confidence, Turn.ranking)
        .join(Turn, Turn.inbox_id == Message.inbox_id)
        .where(Message.conversation_id == conversation_id, Message.direction == "in", Message.text != "")
        .order_by(Message.position.desc())
        .limit(LATEST)
    )
    return [_read(*row) for row in rows]


def _read(
    message_id: UUID, said: str, read_as: str | None, confidence: float | None, ranking: list[dict[str, Any]]
) -> Read:
    guesses = [it for it in likeliest(str(guess.get("name")) for guess in ranking) if it != read_as]
    short = said if len(said) <= SHOWN else said[: SHOWN - 1].rstrip() + "…"
    return Read(message_id, short, read_as, confidence, tuple(guesses))


async def _marks(session: ReadSession, conversation_id: UUID, now: datetime) -> list[Mark]:
    rows = list(
        await session.execute(
            select(LearningExample, Staff.name)
            .join(Staff, Staff.id == LearningExample.marked_by)
            .where(LearningExample.conversation_id == conversation_id, LearningExample.status != "withdrawn")
            .order_by(LearningExample.at.desc())
            .limit(LATEST)
        )
    )
    fates = await fates_of(session, [example for example, _ in rows], now)
    return [_mark(example, by, fates[example.id]) for example, by in rows]


def _mark(example: LearningExample, by: str, became: Fate) -> Mark:
    said = example.said if len(example.said) <= SHOWN else example.said[: SHOWN - 1].rstrip() + "…"
    return Mark(
        id=example.id,
        message_id=example.message_id or example.id,
        kind=example.kind,
        said=said,
        read_as=example.read_as,
        meant=Meant(example.meant or "", tuple(example.also)),
        wanted=example.wanted,
        by=by,
        fate=became,
        waiting=example.status == "waiting",
    )
