"""Opening a conversation: everything its page shows, read at one moment, and the audit entry that somebody looked."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_open
from desk.attachments import Attachments, read_attachments
from desk.evidence import Packet, read_packet
from desk.refusals import NoSuchCase
from desk.sessions import Person
from desk.thread import Thread, read_thread
from records import audit
from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, Staff, Ticket


@dataclass(frozen=True)
class View:
    """One conversation as its page shows it."""

    conversation: Conversation
    identity: ChannelIdentity | None
    ticket: Ticket | None
    """The open case, else the latest one, else none."""
    earlier_tickets: list[Ticket]
    holder: Staff | None
    packet: Packet
    thread: Thread
    attachments: Attachments
    why: str
    """Why this person may look: assigned, team or permit."""

    @property
    def object(self) -> str:
        """What an audit entry calls it."""
        return f"ticket:{self.ticket.number}" if self.ticket else f"conversation:{self.conversation.id}"


async def read_view(
    session: ReadSession,
    conversation_id: UUID,
    person: Person,
    *,
    before: int | None = None,
    since: int | None = None,
) -> View:
    """Return everything about a conversation, with its latest messages; raises NoSuchCase or NeedsPermit.

    Args:
        session: Where it is read.
        conversation_id: Which.
        person: Who looks.
        before: Messages earlier than this position instead of the latest.
        since: Messages from this position on: what an open page shows already.
    """
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None:
        raise NoSuchCase
    tickets = list(
        await session.scalars(
            select(Ticket)
            .where(Ticket.conversation_id == conversation_id)
            .order_by(Ticket.status == "resolved", Ticket.opened_at.desc())
            .limit(10)
        )
    )
    ticket = tickets[0] if tickets else None
    why = check_open(person, conversation_id, ticket)
    holder_id = conversation.staff_id or (ticket.staff_id if ticket else None)
    return View(
        conversation=conversation,
        identity=await session.get(ChannelIdentity, conversation.identity_id) if conversation.identity_id else None,
        ticket=ticket,
        earlier_tickets=tickets[1:],
        holder=await session.get(Staff, holder_id) if holder_id else None,
        packet=await read_packet(session, conversation_id, ticket),
        thread=await read_thread(session, conversation_id, before=before, since=since),
        attachments=await read_attachments(session, conversation_id),
        why=why,
    )


async def looked(session: AsyncSession, view: View, person: Person, at: datetime) -> None:
    """Write down that this person opened this conversation."""
    await audit.record(
        session,
        at=at,
        actor=person.username,
        action="view",
        object=view.object,
        detail={"conversation": str(view.conversation.id), "why": view.why},
    )


def glance_token(person: Person, conversation_id: UUID) -> str:
    """Return what an open page shows to be refreshed: proof that this sign-in opened the page, which was audited."""
    said = f"glance:{conversation_id}".encode()
    return hmac.new(person.csrf_token.encode(), said, hashlib.sha256).hexdigest()


def is_holding(view: View, me: UUID) -> bool:
    """Say whether this person holds both the case and the conversation."""
    ticket, conversation = view.ticket, view.conversation
    if ticket is None or ticket.status != "claimed" or ticket.staff_id != me:
        return False
    return conversation.owner == "human" and conversation.staff_id == me
