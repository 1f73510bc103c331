"""Each step made ready: the call it is, and what it leaves in our own records before it is made."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.staff_group import card
from desk.staff_group.planning import Step, digest_of
from desk.staff_group.wording import COLOURS
from desk.staff_group.words import in_one_post, untold
from records.models import GroupTopic, Message, Ticket

type Json = dict[str, Any]
SAID = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


@dataclass(frozen=True)
class Made:
    """A call about to be made."""

    kind: str
    key: str
    method: str
    params: Json
    topic: GroupTopic | None
    effect: Json = field(default_factory=dict)
    """What the topic is once it is done."""
    told: list[UUID] = field(default_factory=list)
    """Words that it tells."""


async def make(session: AsyncSession, step: Step, chat_id: int, latest: int, now: datetime) -> Made | None:
    """Return the call of a step, or None where it is not wanted any more."""
    ticket = await session.get_one(Ticket, step.ticket_id)
    if step.topic_id is None:
        return await _topic(session, ticket, chat_id, latest)
    topic = await session.get_one(GroupTopic, step.topic_id, with_for_update=True)
    if step.kind in ("card", "edit"):
        return await _card(session, step.kind, topic, ticket, now)
    if step.kind == "words":
        return await _words(session, topic, ticket)
    return _turn(step.kind, topic)


async def _topic(session: AsyncSession, ticket: Ticket, chat_id: int, latest: int) -> Made:
    topic = GroupTopic(id=uuid4(), ticket_id=ticket.id, chat_id=chat_id, seen_before=latest)
    session.add(topic)
    await session.flush()
    params = {"chat_id": chat_id, "name": card.title(ticket), "icon_color": COLOURS[ticket.priority]}
    return Made("topic", f"topic:{topic.id}", "createForumTopic", params, topic)


async def _card(session: AsyncSession, kind: str, topic: GroupTopic, ticket: Ticket, now: datetime) -> Made:
    shown = await card.read_case(session, ticket)
    params: Json = {
        "chat_id": topic.chat_id,
        "text": card.text(shown, now),
        "reply_markup": card.buttons(ticket),
        **SAID,
    }
    effect: Json = {"digest": await digest_of(session, ticket.id)}
    if kind == "edit":
        return Made(kind, _once(kind, topic), "editMessageText", params | {"message_id": topic.card_id}, topic, effect)
    # what stands in the card is not told again
    topic.from_position = shown.position
    params |= {"message_thread_id": topic.thread_id, "disable_notification": ticket.priority != "urgent"}
    return Made(kind, _once(kind, topic), "sendMessage", params, topic, effect)


async def _words(session: AsyncSession, topic: GroupTopic, ticket: Ticket) -> Made | None:
    said, told = in_one_post(await untold(session, topic, ticket))
    if not told:
        return None
    quiet = not await session.scalar(
        select(func.count()).select_from(Message).where(Message.id.in_(told), Message.direction == "in")
    )
    params = {"chat_id": topic.chat_id, "message_thread_id": topic.thread_id, "text": said, **SAID}
    made = params | {"disable_notification": quiet}
    return Made("words", _once("words", topic), "sendMessage", made, topic, told=told)


def _turn(kind: str, topic: GroupTopic) -> Made:
    """Pin, close, reopen or delete; doing it again changes nothing."""
    turns: dict[str, tuple[str, Json, Json]] = {
        "pin": ("pinChatMessage", {"message_id": topic.card_id, "disable_notification": True}, {"pinned": True}),
        "close": ("closeForumTopic", {"message_thread_id": topic.thread_id}, {"closed": True}),
        "reopen": ("reopenForumTopic", {"message_thread_id": topic.thread_id}, {"closed": False}),
        "forget": ("deleteForumTopic", {"message_thread_id": topic.thread_id}, {"status": "gone", "forget": False}),
    }
    method, params, effect = turns[kind]
    return Made(kind, _once(kind, topic), method, {"chat_id": topic.chat_id, **params}, topic, effect)


def _once(kind: str, topic: GroupTopic) -> str:
    return f"{kind}:{topic.id}:{uuid4()}"
