"""The evidence of a case: what every check found and when, and what the model thought was meant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from records.database import ReadSession
from records.models import Message, Ticket, Turn

TURNS = 20
NOTICEABLE = 0.01


@dataclass(frozen=True)
class Row:
    """One thing that was asked, and the answer."""

    label: str
    value: str
    source: str
    as_of: datetime | None
    took_ms: float | None


@dataclass(frozen=True)
class Checked:
    """One finding."""

    check: str
    verdict: str
    summary: str
    rows: tuple[Row, ...]
    escalation: str | None


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


@dataclass(frozen=True)
class Packet:
    """All there is to know before writing the first word."""

    at_opening: list[Checked]
    since: list[Checked]
    thoughts: list[Thought]
    """The turn that opened the case first, then the others, newest first."""


async def read_packet(session: ReadSession, conversation_id: UUID, ticket: Ticket | None) -> Packet:
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
    at_opening = [_checked(finding) for finding in (ticket.evidence if ticket else [])]
    since: list[Checked] = []
    for turn, _ in turns:
        since += [found for found in map(_checked, turn.findings) if found not in at_opening and found not in since]
    thoughts = [_thought(turn, said, ticket) for turn, said in turns if turn.intent]
    thoughts.sort(key=lambda thought: not thought.opened_ticket)
    return Packet(at_opening, since, thoughts)


def _checked(finding: dict[str, Any]) -> Checked:
    escalate = finding.get("escalate") or {}
    return Checked(
        check=str(finding.get("check", "")),
        verdict=str(finding.get("verdict", "unknown")),
        summary=str(finding.get("summary", "")),
        rows=tuple(_row(row) for row in finding.get("evidence") or ()),
        escalation=str(escalate["reason"]) if escalate.get("reason") else None,
    )


def _row(row: dict[str, Any]) -> Row:
    took = row.get("took_ms")
    return Row(
        label=str(row.get("label", "")),
        value=str(row.get("value", "")),
        source=str(row.get("source", "")),
        as_of=_moment(row.get("as_of")),
        took_ms=float(took) if isinstance(took, int | float) else None,
    )


def _moment(said: Any) -> datetime | None:
    """A time without a zone says nothing certain, so it is not shown as one."""
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


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
