"""What waits of people's requests about their own data, and the receipts of what was done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from desk.refusals import Refusal
from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, DataRequest, Ticket
from records.privacy.requests import DUE_AFTER

INTENT = "personal_data_request"
CONFIRMED = "HAPUS"
RECEIPTS = 50


class NoSuchReceipt(Refusal):
    """There is no receipt of this number."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Tanda terima dengan nomor itu tidak ada.")


class NotConfirmed(Refusal):
    """Erasing cannot be undone, so it is asked for by a word."""

    status = 422

    def __init__(self) -> None:
        super().__init__(f"Ketik {CONFIRMED} untuk menghapus; penghapusan tidak bisa dibatalkan.")


class ErasedAlready(Refusal):
    """There is nothing left of this person."""

    def __init__(self) -> None:
        super().__init__("Data percakapan ini sudah dihapus.")


class NothingToCorrect(Refusal):
    """The form was sent without a change."""

    status = 422

    def __init__(self) -> None:
        super().__init__("Isi dulu apa yang dibetulkan.")


@dataclass(frozen=True)
class Waiting:
    """A ticket by which somebody asks about their own data."""

    ticket: Ticket
    name: str | None
    channel: str
    due_at: datetime


async def waiting_tickets(session: ReadSession) -> list[Waiting]:
    """Return open tickets about personal data, the first due first."""
    rows = await session.execute(
        select(Ticket, ChannelIdentity.display_name, Conversation.channel)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .outerjoin(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(Ticket.status != "resolved", (Ticket.intent == INTENT) | (Ticket.queue == "PRIVACY"))
        .order_by(Ticket.opened_at)
    )
    return [Waiting(ticket, name, channel, ticket.opened_at + DUE_AFTER) for ticket, name, channel in rows]


async def latest_requests(session: ReadSession, conversation: UUID | None = None) -> list[DataRequest]:
    """Return requests and receipts, newest first; of one conversation where that is given."""
    query = select(DataRequest).order_by(DataRequest.made_at.desc(), DataRequest.number.desc()).limit(RECEIPTS)
    if conversation:
        query = query.where(DataRequest.conversation_id == conversation)
    return list(await session.scalars(query))


async def receipt(session: ReadSession, number: str) -> DataRequest:
    """Return a receipt; raises NoSuchReceipt."""
    found = await session.scalar(select(DataRequest).where(DataRequest.number == number))
    if found is None:
        raise NoSuchReceipt
    return found


async def ticket_of(session: ReadSession, conversation: UUID) -> Ticket | None:
    """Return the open ticket of the conversation, the one about personal data first."""
    found: Ticket | None = await session.scalar(
        select(Ticket)
        .where(Ticket.conversation_id == conversation, Ticket.status != "resolved")
        .order_by(Ticket.intent != INTENT, Ticket.opened_at.desc())
        .limit(1)
    )
    return found
