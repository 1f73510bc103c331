"""What was said in a conversation, by whom, and what became of every word that went out.

The latest messages come first; earlier ones page by page, by the position of the first one shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select

from records.database import ReadSession
from records.models import Message, Outbound, Receipt, ReplySource, Staff

LATEST = 60
MOST = 400
"""An open page that has grown keeps showing what it showed, up to this many."""
RECEIPTS = ("sent", "delivered", "read")


@dataclass(frozen=True)
class Sent:
    """One message on its way out, for whoever may send it again."""

    id: UUID
    status: str
    error: str | None
    attempts: int
    repeats: int
    settled: bool
    times: tuple[tuple[str, datetime], ...]
    """When it was sent, delivered and read, as far as the channel tells."""

    @property
    def may_come_again(self) -> bool:
        """Whether there is something to do about it."""
        return self.status in ("refused", "unknown") and not self.settled


@dataclass(frozen=True)
class MadeOf:
    """What a colleague's reply was made from."""

    kind: str
    reference: str
    as_of: datetime | None


@dataclass(frozen=True)
class Said:
    """One message as staff see it."""

    id: UUID
    position: int
    direction: str
    author: str
    by: str | None
    """The member of staff, where a person wrote it."""
    staff_id: UUID | None
    text: str
    kind: str
    buttons: tuple[str, ...]
    at: datetime
    delivery: str | None
    """The fate of what went out; None for what came in and for notes."""
    error: str | None
    inbox_id: int | None
    """The event it came with, which its files came with too."""
    sealed: bool
    """Whether the words as they were typed are still kept."""
    forwarded: bool = False
    """Whether they were passed on, so perhaps another person's words."""
    quoted: str | None = None
    """What it answers to, where the channel says so."""
    quoted_ours: bool = False
    sent: Sent | None = None
    made_of: tuple[MadeOf, ...] = ()


@dataclass(frozen=True)
class Thread:
    """Messages, oldest first, and whether there are earlier and later ones."""

    messages: list[Said]
    earlier: bool
    later: bool = False

    @property
    def first(self) -> int | None:
        """The position of the first message shown."""
        return self.messages[0].position if self.messages else None


async def read_thread(
    session: ReadSession, conversation_id: UUID, *, before: int | None = None, since: int | None = None
) -> Thread:
    """Return the latest messages of a conversation.

    Args:
        session: Where they are read.
        conversation_id: Whose.
        before: Only those earlier than this position: the page before.
        since: All from this position on: what an open page shows already.
    """
    limit = LATEST if since is None else MOST
    query = _messages().where(Message.conversation_id == conversation_id)
    if before is not None:
        query = query.where(Message.position < before)
    if since is not None:
        query = query.where(Message.position >= since)
    rows = list(await session.execute(query.order_by(Message.position.desc()).limit(limit + 1)))
    more = len(rows) > limit
    earlier = more or (since is not None and await _any(session, conversation_id, Message.position < since))
    return Thread([_said(row) for row in reversed(rows[:limit])], earlier=earlier, later=before is not None)


async def read_messages(session: ReadSession, conversation_id: UUID, ids: Sequence[UUID]) -> list[Said]:
    """Return some messages of a conversation, oldest first."""
    query = _messages().where(Message.conversation_id == conversation_id, Message.id.in_(ids))
    return [_said(row) for row in await session.execute(query.order_by(Message.position))]


async def read_newer(session: ReadSession, conversations: Collection[UUID], after: int) -> dict[UUID, list[Said]]:
    """Return by conversation what was said after a position, oldest first."""
    query = _messages().where(Message.conversation_id.in_(conversations), Message.position > after)
    found: dict[UUID, list[Said]] = {}
    for row in await session.execute(query.order_by(Message.position)):
        found.setdefault(row[0].conversation_id, []).append(_said(row))
    return found


async def _any(session: ReadSession, conversation_id: UUID, which: ColumnElement[bool]) -> bool:
    query = select(Message.id).where(Message.conversation_id == conversation_id, which)
    return await session.scalar(query.limit(1)) is not None


def _messages() -> Select[Any]:
    return (
        select(Message, Staff.name, Outbound, _receipts(), _sources())
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Outbound, Outbound.message_id == Message.id)
    )


def _receipts() -> ScalarSelect[Any]:
    told = func.jsonb_agg(func.jsonb_build_array(Receipt.status, Receipt.at))
    query = select(told).where(Receipt.outbox_id == Outbound.id, ~Receipt.superseded)
    return query.correlate(Outbound).scalar_subquery()


def _sources() -> ScalarSelect[Any]:
    told = func.jsonb_agg(func.jsonb_build_array(ReplySource.kind, ReplySource.reference, ReplySource.as_of))
    query = select(told).where(ReplySource.message_id == Message.id, Message.author == "agent")
    return query.correlate(Message).scalar_subquery()


def _said(row: Sequence[Any]) -> Said:
    message, by, outbound, receipts, sources = row
    context = message.context or {}
    quoted = context.get("reply_to") or {}
    sent = _sent(outbound, receipts) if outbound and message.direction == "out" else None
    return Said(
        id=message.id,
        position=message.position,
        direction=message.direction,
        author=message.author,
        by=by,
        staff_id=message.staff_id,
        text=message.text,
        kind=message.kind,
        buttons=tuple(str(button.get("title", "")) for button in message.buttons),
        at=message.created_at,
        delivery=sent.status if sent else None,
        error=sent.error if sent else None,
        inbox_id=message.inbox_id,
        sealed=message.sealed_text is not None,
        forwarded=bool(context.get("forwarded")),
        quoted=quoted.get("text"),
        quoted_ours=bool(quoted.get("ours")),
        sent=sent,
        made_of=tuple(MadeOf(kind, name, _moment(as_of)) for kind, name, as_of in sources or ()),
    )


def _sent(outbound: Outbound, receipts: list[tuple[str, str]] | None) -> Sent:
    told: dict[str, datetime] = {}
    if outbound.sent_at:
        told["sent"] = outbound.sent_at
    for status, at in receipts or ():
        moment = _moment(at)
        if moment and status in RECEIPTS:
            told[status] = min(moment, told.get(status, moment))
    return Sent(
        id=outbound.id,
        status=outbound.status,
        error=outbound.error,
        attempts=outbound.attempts,
        repeats=outbound.repeats,
        settled=outbound.settled_at is not None,
        times=tuple((status, told[status]) for status in RECEIPTS if status in told),
    )


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
