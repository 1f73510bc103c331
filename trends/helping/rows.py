"""Which rows make a figure of the service: bot answers, cases, and what an agent did, each as many as the figure says.

Rows whose turn or case is deleted are counted still, but there is nothing left to show.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from records.database import ReadSession
from records.models import AgentAct, AnswerFact, CaseFact, ChannelIdentity, Conversation, Message, Team, Ticket, Turn
from trends.helping.cases import SCORES, filtered, key_of
from trends.helping.span import moments
from trends.within import Within

PAGE = 100
LOOKED_THROUGH = 20_000
FATES = ("good", "returned", "unknown")
WHICH = (
    *("all", "answered", "waiting", "unanswerable", "resolved", "open", "ended", "reopened"),
    *("kept", "missed", "overdue", "running", "rated", *(f"rated_{score}" for score in SCORES)),
)


@dataclass(frozen=True)
class AnswerRow:
    """One complaint the bot answered."""

    turn_id: UUID
    conversation_id: UUID
    at: datetime
    intent: str
    platform: str
    channel: str
    seconds: int | None
    returned: bool | None
    said: str | None


@dataclass(frozen=True)
class CaseRow:
    """One case."""

    ticket_id: UUID
    number: str
    conversation_id: UUID
    name: str | None
    team: str
    priority: str
    intent: str
    platform: str | None
    channel: str
    status: str
    opened_at: datetime
    promised_at: datetime
    answer_minutes: int | None
    answer_worked: int | None
    resolve_minutes: int | None
    reopened: int


@dataclass(frozen=True)
class ActRow:
    """One thing an agent did with a case."""

    at: datetime
    number: str
    conversation_id: UUID
    intent: str
    team: str


@dataclass(frozen=True)
class Found:
    """A page of rows, and how many the figure counts."""

    rows: list[Any]
    total: int
    gone: int = 0
    """So many of them are deleted at their origin; not looked for among very many."""


async def answer_rows(session: ReadSession, within: Within, fate: str, page: int = 1) -> Found:
    """Return bot answers of a fate (good, returned, unknown, or any), newest first."""
    it = AnswerFact
    fates = {"good": it.returned.is_(False), "returned": it.returned.is_(True), "unknown": it.returned.is_(None)}
    where: list[Any] = [it.day.between(within.first, within.last), *filtered(it, within)]
    where += [fates[fate]] if fate in fates else []
    columns = (Turn.id, Turn.conversation_id, Turn.created_at, it.intent, it.platform, it.channel, it.seconds)
    asked = (
        select(*columns, it.returned, Message.text)
        .join(Turn, Turn.id == it.turn_id)
        .outerjoin(Message, Message.inbox_id == Turn.inbox_id)
        .where(*where)
        .order_by(it.day.desc(), Turn.created_at.desc(), Turn.id)
    )
    counted = await session.scalar(select(func.count()).select_from(it).where(*where)) or 0
    return await _found(session, asked, AnswerRow, counted, page)


async def case_rows(
    session: ReadSession, within: Within, which: str, narrow: dict[str, str], now: datetime, page: int = 1
) -> Found:
    """Return the cases a figure counts (one of WHICH), of one key of a dimension where `narrow` names it."""
    it = CaseFact
    where = [it.day.between(within.first, within.last), *filtered(it, within), *_of(which, now)]
    where += [key_of(it, by) == key for by, key in narrow.items()]
    live = which in ("overdue", "running")
    columns = (Ticket.id, Ticket.number, Ticket.conversation_id, ChannelIdentity.display_name, Team.name, it.priority)
    more = (it.intent, Ticket.platform, it.channel, Ticket.status, Ticket.opened_at, Ticket.promised_at)
    asked = (
        select(*columns, *more, it.answer_minutes, it.answer_worked, it.resolve_minutes, it.reopened)
        .join(Ticket, Ticket.id == it.ticket_id)
        .join(Team, Team.id == Ticket.team_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(*where)
        .order_by(it.day.desc(), Ticket.opened_at.desc(), Ticket.id)
    )
    counting = select(func.count()).select_from(it)
    counting = counting.join(Ticket, Ticket.id == it.ticket_id) if live else counting
    counted = await session.scalar(counting.where(*where)) or 0
    return await _found(session, asked, CaseRow, counted, page)


async def act_rows(session: ReadSession, within: Within, staff: UUID, team: UUID, what: str, page: int = 1) -> Found:
    """Return what somebody did with cases of a team, newest first."""
    it = AgentAct
    first, after = moments(within)
    where = [it.staff_id == staff, it.what == what, it.team_id == team, it.at >= first, it.at < after, it.counted]
    asked = (
        select(it.at, Ticket.number, Ticket.conversation_id, Ticket.intent, Team.name)
        .join(Ticket, Ticket.id == it.ticket_id)
        .join(Team, Team.id == it.team_id)
        .where(*where)
        .order_by(it.at.desc(), it.id)
    )
    counted = await session.scalar(select(func.count()).select_from(it).where(*where)) or 0
    return await _found(session, asked, ActRow, counted, page)


async def _found(session: ReadSession, asked: Any, row: type, counted: int, page: int) -> Found:
    rows = await session.execute(asked.limit(PAGE).offset((page - 1) * PAGE))
    gone = 0
    if counted <= LOOKED_THROUGH:
        there = select(func.count()).select_from(asked.order_by(None).subquery())
        gone = counted - (await session.scalar(there) or 0)
    return Found([row(*one) for one in rows], counted, gone)


def _of(which: str, now: datetime) -> list[Any]:
    it = CaseFact
    waits = and_(Ticket.status != "resolved", Ticket.first_reply_at.is_(None), ~it.ended)
    said: dict[str, list[Any]] = {
        "answered": [it.answer_minutes.is_not(None)],
        "waiting": [it.answer_minutes.is_(None), ~it.ended],
        "unanswerable": [it.answer_minutes.is_(None), it.ended],
        "resolved": [it.resolve_minutes.is_not(None)],
        "open": [it.resolve_minutes.is_(None), ~it.ended],
        "ended": [it.resolve_minutes.is_(None), it.ended],
        "reopened": [it.reopened > 0],
        "kept": [it.kept > 0],
        "missed": [it.missed > 0],
        "overdue": [waits, Ticket.promised_at <= now],
        "running": [waits, Ticket.promised_at > now],
        "rated": [it.rated_1 + it.rated_2 + it.rated_3 + it.rated_4 + it.rated_5 > 0],
        **{f"rated_{score}": [getattr(it, f"rated_{score}") > 0] for score in SCORES},
    }
    return said.get(which, [])
