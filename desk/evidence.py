"""The evidence of a case: what every check found and when, what asking again found, and what the model thought."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.findings import Checked, asked_again, only_asked, read_finding, with_again
from records.database import ReadSession
from records.models import Message, Ticket, Turn

TURNS = 20
BOT_SAID = 3
NOTICEABLE = 0.01


@dataclass(frozen=True)
class Moved:
    """A meaning that the records made likelier or less likely."""

    intent: str
    reason: str
    before: float
    after: float
    offered: bool
    """Whether the bot asked about it or offered it."""


@dataclass(frozen=True)
class Thought:
    """What the model made of one message."""

    said: str | None
    at: datetime
    intent: str | None
    confidence: float | None
    others: tuple[tuple[str, float | None], ...]
    """Runners-up, best first."""
    also: tuple[tuple[str, float | None], ...]
    moved: tuple[Moved, ...]
    """By what the records say, the largest change first."""
    outcome: str
    opened_ticket: bool
    took_ms: float
    """From the message to the bot's answer."""


@dataclass(frozen=True)
class BotSaid:
    """One thing the bot told the participant."""

    id: UUID
    text: str
    at: datetime


@dataclass(frozen=True)
class Packet:
    """All there is to know before writing the first word."""

    at_opening: list[Checked]
    since: list[Checked]
    asked: list[Checked]
    """What only somebody of the desk had asked."""
    thoughts: list[Thought]
    """What the case is about first, then the turn that opened it, then the others, newest first."""
    said: list[BotSaid]
    """What the bot said last, oldest first."""

    @property
    def every(self) -> list[Checked]:
        """All findings, in the order they are shown."""
        return [*self.at_opening, *self.since, *self.asked]


async def read_packet(session: ReadSession | AsyncSession, conversation_id: UUID, ticket: Ticket | None) -> Packet:
    """Return the evidence of a conversation; a finding that was made twice alike is shown once."""
    turns = list(
        await session.execute(
            select(Turn, Message.text)
            .outerjoin(Message, Message.inbox_id == Turn.inbox_id)
            .where(Turn.conversation_id == conversation_id)
            .order_by(Turn.created_at.desc())
            .limit(TURNS)
        )
    )
    at_opening = [read_finding(finding) for finding in (ticket.evidence if ticket else [])]
    since: list[Checked] = []
    for turn, _ in turns:
        since += [it for it in map(read_finding, turn.findings) if not _told(it, at_opening) and not _told(it, since)]
    again = await asked_again(session, conversation_id, ticket)
    before = [*at_opening, *since]
    thoughts = [_thought(turn, said, ticket) for turn, said in turns if turn.intent]
    # an answer to the bot's question ("di sisnaker") opens many a case; what it is about was said before
    thoughts.sort(key=lambda thought: (ticket is None or thought.intent != ticket.intent, not thought.opened_ticket))
    return Packet(
        at_opening=[with_again(it, again) for it in at_opening],
        since=[with_again(it, again) for it in since],
        asked=[found for name, asked in again.items() if (found := only_asked(name, asked, before))],
        thoughts=thoughts,
        said=await _bot_said(session, conversation_id),
    )


async def _bot_said(session: ReadSession | AsyncSession, conversation_id: UUID) -> list[BotSaid]:
    query = (
        select(Message.id, Message.text, Message.created_at)
        .where(Message.conversation_id == conversation_id, Message.direction == "out", Message.author != "agent")
        .order_by(Message.position.desc())
        .limit(BOT_SAID)
    )
    return [BotSaid(*row) for row in (await session.execute(query)).all()][::-1]


def _told(found: Checked, among: list[Checked]) -> bool:
    return any((found.check, found.known) == (it.check, it.known) for it in among)


def _thought(turn: Turn, said: str | None, ticket: Ticket | None) -> Thought:
    ranked = _ranked(turn.ranking)
    return Thought(
        said=said,
        at=turn.created_at,
        intent=turn.intent,
        confidence=turn.confidence,
        others=tuple(pair for pair in ranked if pair[0] != turn.intent)[:4],
        also=_ranked(turn.also),
        moved=_moved(turn.prior),
        outcome=turn.outcome,
        opened_ticket=ticket is not None and ticket.opened_by_turn == turn.id,
        took_ms=turn.took_ms,
    )


def _ranked(guesses: list[dict[str, Any]]) -> tuple[tuple[str, float | None], ...]:
    return tuple((str(guess.get("name", "")), guess.get("confidence")) for guess in guesses if guess.get("name"))


def _moved(told: list[dict[str, Any]]) -> tuple[Moved, ...]:
    """A change that nobody would see in two decimals is no news."""
    every = [
        Moved(
            intent=str(it.get("intent", "")),
            reason=str(it.get("reason", "")),
            before=float(it.get("before") or 0.0),
            after=float(it.get("after") or 0.0),
            offered=bool(it.get("offered")),
        )
        for it in told
    ]
    seen = [it for it in every if it.offered or abs(it.after - it.before) >= NOTICEABLE]
    return tuple(sorted(seen, key=lambda it: -abs(it.after - it.before)))
