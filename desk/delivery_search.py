"""Finding deliveries by whatever an operator has in hand: a ticket, an id of ours or a provider's, a name."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from records.database import ReadSession
from records.event_ids import stored_id
from records.models import ChannelIdentity, Conversation, Inbound, Message, Outbound, Ticket

TICKET = re.compile(r"^T?-?\s*(\d{4,})$", re.IGNORECASE)
NAMED = 200
CHANNELS = ("telegram", "whatsapp", "web", "console")


@dataclass(frozen=True)
class Sought:
    """What a search leads to; `everything` when nothing is searched for."""

    everything: bool = True
    conversations: tuple[UUID, ...] = ()
    inbox: tuple[int, ...] = ()
    outbox: tuple[UUID, ...] = ()

    def given(self) -> dict[str, object]:
        """Return the parameters of the condition."""
        return {
            "everything": self.everything,
            "conversations": list(self.conversations),
            "inbox_ids": list(self.inbox),
            "outbox_ids": list(self.outbox),
        }


async def seek(session: ReadSession, words: str) -> Sought:
    """Return what these words lead to."""
    words = words.strip().replace("\0", "")
    if not words:
        return Sought()
    if ticket := TICKET.match(words):
        found = await session.scalars(select(Ticket.conversation_id).where(Ticket.number == f"T-{ticket[1]}"))
        if conversations := tuple(found):
            return Sought(False, conversations)
    if identifier := _uuid(words):
        return await _by_uuid(session, identifier)
    known = await _by_provider_id(session, words)
    return known if known.inbox or known.outbox else await _by_name(session, words)


async def _by_uuid(session: ReadSession, identifier: UUID) -> Sought:
    chat = await session.scalars(select(Conversation.id).where(Conversation.id == identifier))
    sent = await session.scalars(
        select(Outbound.id).where(or_(Outbound.id == identifier, Outbound.message_id == identifier))
    )
    heard = await session.scalars(
        select(Message.inbox_id).where(Message.id == identifier, Message.inbox_id.is_not(None))
    )
    return Sought(False, tuple(chat), tuple(it for it in heard if it is not None), tuple(sent))


async def _by_provider_id(session: ReadSession, words: str) -> Sought:
    """A provider's id of a message we sent, or of an event it brought (kept hashed)."""
    kept = {stored_id(channel, words) for channel in CHANNELS} | {f"update:{words}"}
    heard = await session.scalars(
        select(Inbound.id).where(Inbound.channel.in_(CHANNELS), Inbound.external_id.in_(kept))
    )
    sent = await session.scalars(
        select(Outbound.id).where(Outbound.channel.in_(CHANNELS), Outbound.provider_message_id == words)
    )
    return Sought(False, (), tuple(heard), tuple(sent))


async def _by_name(session: ReadSession, words: str) -> Sought:
    part = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = await session.scalars(
        select(Conversation.id)
        .join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(ChannelIdentity.display_name.ilike(f"%{part}%"))
        .order_by(Conversation.last_inbound_at.desc().nulls_last())
        .limit(NAMED)
    )
    return Sought(False, tuple(found))


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
