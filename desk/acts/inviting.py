"""Asking somebody to write again, with a template: the only words WhatsApp takes when its window is closed.

Once is enough: until the person writes, no second template goes out for the same conversation.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case
from desk.acts.saying import keep
from desk.message_templates import Template, usable
from desk.window import is_closed
from records.bell import OUTBOX, Bell
from records.channel_news import latest
from records.models import Conversation, Message, Outbound, Staff

KIND = "template"


@dataclass(frozen=True)
class Asking:
    """What there is to ask a person to write again with, while the window is closed."""

    templates: list[Template]
    since: datetime | None
    """When they were asked already."""


async def asking(session: AsyncSession, conversation: Conversation, approved: str, now: datetime) -> Asking | None:
    """Return what can be asked with; None while the window is open or the person cannot be reached at all."""
    if conversation.unreachable or not is_closed(conversation, now):
        return None
    return Asking(usable(approved, await latest(session)), await invited_at(session, conversation))


async def invite(
    session: AsyncSession, bell: Bell, case: Case, template: Template, *, key: UUID, staff: Staff, at: datetime
) -> bool:
    """Send the template; False when one went out since the person last wrote. `key` is that of the words that wait."""
    if await invited_at(session, case.conversation) is not None:
        return False
    filled = template.filled({"ticket": case.ticket.number})
    message = uuid5(key, KIND)
    await keep(session, case, key=message, direction="out", text=filled.text, staff=staff, at=at, kind=KIND)
    session.add(
        Outbound(
            conversation_id=case.conversation.id,
            message_id=message,
            channel=case.conversation.channel,
            payload={"text": filled.text, "buttons": [], "template": filled.payload},
            author="agent",
            owner_version=case.conversation.owner_version,
        )
    )
    await session.flush()
    await bell.ring(session, OUTBOX)
    return True


async def invited_at(session: AsyncSession, conversation: Conversation) -> datetime | None:
    """Return when a template went out since the person last wrote, or None."""
    asked = select(Message.created_at).where(
        Message.conversation_id == conversation.id, Message.direction == "out", Message.kind == KIND
    )
    if conversation.last_inbound_at:
        asked = asked.where(Message.created_at > conversation.last_inbound_at)
    return await session.scalar(asked.order_by(Message.position.desc()).limit(1))
