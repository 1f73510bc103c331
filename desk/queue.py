"""The queue: which cases wait, since when, and whose promise is in danger. The counts use the filters of the list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, Message, Staff, Ticket

MINE, UNASSIGNED, ALL, RESOLVED = "saya", "belum-diambil", "semua", "selesai"
TABS = {MINE: "Milik saya", UNASSIGNED: "Belum diambil", ALL: "Semua terbuka", RESOLVED: "Selesai"}
PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What to show; an empty value lets everything through."""

    queue: str = ""
    intent: str = ""
    platform: str = ""
    channel: str = ""
    priority: str = ""
    endangered: bool = False
    words: str = ""
    """A ticket number or part of a name."""

    def matches(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition on tickets joined with their conversation and identity."""
        equal = (
            (Ticket.queue, self.queue),
            (Ticket.intent, self.intent),
            (Ticket.platform, self.platform),
            (Conversation.channel, self.channel),
            (Ticket.priority, self.priority),
        )
        said = [column == value for column, value in equal if value]
        if self.endangered:
            said.append(in_danger(now))
        if self.words:
            said.append(_named(self.words))
        return and_(True, *said)


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    ticket: Ticket
    channel: str
    name: str | None
    holder: str | None
    waiting_since: datetime | None
    """Since when the participant waits for words of a person; None while it is their turn to write."""
    conversation_id: UUID
    window_until: datetime | None = None
    """WhatsApp: until then free text may be sent."""


def in_danger(now: datetime) -> ColumnElement[bool]:
    """Match unanswered cases whose promise has a quarter of its time left, or none; see `promise_state`."""
    return and_(
        Ticket.status != "resolved",
        Ticket.first_reply_at.is_(None),
        func.extract("epoch", Ticket.promised_at - now) * 4
        <= func.extract("epoch", Ticket.promised_at - Ticket.opened_at),
    )


def _seconds(span: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.extract("epoch", span)


def promise_state(ticket: Ticket, now: datetime) -> str:
    """Return kept, late, broken, endangered or safe: the rule of `in_danger` for one ticket in hand."""
    answered = ticket.first_reply_at or ticket.resolved_at
    if answered:
        return "kept" if answered <= ticket.promised_at else "late"
    if now >= ticket.promised_at:
        return "broken"
    quarter = (ticket.promised_at - ticket.opened_at) / 4
    return "endangered" if ticket.promised_at - quarter <= now else "safe"


async def counts(session: ReadSession, wanted: Filter, *, me: UUID, now: datetime) -> dict[str, int]:
    """Return how many cases each tab holds under the filter."""
    numbers = select(*(func.count().filter(_in_tab(tab, me)).label(tab) for tab in TABS)).select_from(Ticket)
    row = (await session.execute(_joined(numbers).where(wanted.matches(now)))).one()
    return dict(row._mapping)


async def cases(
    session: ReadSession, wanted: Filter, *, tab: str, me: UUID, now: datetime, page: int = 1
) -> list[Waiting]:
    """Return one page of a tab: the promise that ends first comes first; resolved cases newest first."""
    holder = aliased(Staff)
    order = (
        (Ticket.resolved_at.desc(), Ticket.number)
        if tab == RESOLVED
        else (Ticket.first_reply_at.is_not(None), Ticket.promised_at, Ticket.number)
    )
    found = await session.execute(
        _joined(
            select(
                *(Ticket, Conversation.channel, ChannelIdentity.display_name, holder.name, _waiting_since()),
                Conversation.window_until,
            )
        )
        .outerjoin(holder, holder.id == Ticket.staff_id)
        .where(_in_tab(tab, me), wanted.matches(now))
        .order_by(*order)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [
        Waiting(ticket, channel, name, held_by, since, ticket.conversation_id, window)
        for ticket, channel, name, held_by, since, window in found
    ]


async def filled(session: ReadSession) -> dict[str, list[str]]:
    """Return the values that occur among unresolved cases, for the filters to offer."""
    offers: dict[str, list[str]] = {}
    for name, column in (("intent", Ticket.intent), ("platform", Ticket.platform)):
        values = await session.scalars(select(column).where(Ticket.status != "resolved").distinct().order_by(column))
        offers[name] = [value for value in values if value]
    return offers


def _joined[*Ts](query: Select[*Ts]) -> Select[*Ts]:
    return query.join(Conversation, Conversation.id == Ticket.conversation_id).outerjoin(
        ChannelIdentity, ChannelIdentity.id == Conversation.identity_id
    )


def _in_tab(tab: str, me: UUID) -> ColumnElement[bool]:
    return {
        MINE: and_(Ticket.status == "claimed", Ticket.staff_id == me),
        UNASSIGNED: Ticket.status == "open",
        RESOLVED: Ticket.status == "resolved",
    }.get(tab, Ticket.status != "resolved")


def _waiting_since() -> ColumnElement[datetime]:
    """The first words of the participant that no person has answered yet, but not from before the case."""
    answered = (
        select(func.max(Message.position))
        .where(
            Message.conversation_id == Ticket.conversation_id,
            Message.direction == "out",
            Message.author == "agent",
            Message.created_at >= Ticket.opened_at,
        )
        .correlate(Ticket)
        .scalar_subquery()
    )
    unanswered = (
        select(func.min(Message.created_at))
        .where(
            Message.conversation_id == Ticket.conversation_id,
            Message.direction == "in",
            Message.created_at >= Ticket.opened_at,
            Message.position > func.coalesce(answered, 0),
        )
        .correlate(Ticket)
        .scalar_subquery()
    )
    never = select(Ticket.opened_at).where(Ticket.first_reply_at.is_(None)).correlate(Ticket).scalar_subquery()
    return func.coalesce(never, unanswered)


def _named(words: str) -> ColumnElement[bool]:
    number = words.strip().upper().removeprefix("T-")
    part = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    by_name = ChannelIdentity.display_name.ilike(f"%{part}%")
    return or_(Ticket.number.startswith(f"T-{number}"), by_name) if number.isdigit() else by_name
