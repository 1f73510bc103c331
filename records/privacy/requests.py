"""Requests about personal data, from filing to receipt.

A deletion first tells the person its number, through the outbox like every message, and waits until that message was
sent or refused; only then is the address erased. `finish_deletions` is called by the bot now and then.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from records import audit
from records.bell import OUTBOX, Bell
from records.models import Conversation, DataRequest, Message, Outbound, Ticket
from records.privacy.erasing import StillBusy, erase
from records.privacy.person import subject_of

DUE_AFTER = timedelta(hours=72)
"""Three times 24 hours (UU 27/2022)."""
SETTLED = ("sent", "delivered", "read", "unknown", "refused", "withheld", "waiting")
TIME_TO_FETCH = timedelta(minutes=2)
"""Web and console fetch their messages: the last one stays so long."""
FETCHED = ("web", "console")
KEEPER_LOCK = 7_240_824


@dataclass(frozen=True)
class Asked:
    """What a request is: whose, of what kind, by whom, why."""

    kind: str
    conversation: UUID
    by: str
    reason: str
    ticket: UUID | None = None


async def file_request(session: AsyncSession, asked: Asked, *, what: str, now: datetime) -> DataRequest:
    """Write the request down, due three times 24 hours after the person asked."""
    asked_at = now
    if asked.ticket:
        asked_at = await session.scalar(select(Ticket.opened_at).where(Ticket.id == asked.ticket)) or now
    request = DataRequest(
        kind=asked.kind,
        status="waiting" if asked.kind == "delete" else "done",
        conversation_id=asked.conversation,
        ticket_id=asked.ticket,
        asked_at=asked_at,
        due_at=asked_at + DUE_AFTER,
        made_at=now,
        made_by=asked.by,
        reason=asked.reason,
        what=what,
    )
    session.add(request)
    await session.flush()
    await session.refresh(request, ["number"])
    return request


async def conclude(session: AsyncSession, request: DataRequest, counts: dict[str, int], now: datetime) -> None:
    """Make the receipt: counts, time, a digest over both, and the audit entry that carries it."""
    request.status, request.counts, request.done_at = "done", counts, now
    request.digest = digest_of(request)
    await session.flush()
    detail = {
        "kind": request.kind,
        "counts": counts,
        "digest": request.digest,
        "conversation": str(request.conversation_id),
    }
    await audit.record(
        session,
        at=now,
        actor=request.made_by,
        action="data_request_done",
        object=f"request:{request.number}",
        detail=detail,
    )


def digest_of(request: DataRequest) -> str:
    """Return the sha256 over what the receipt says was done."""
    said: list[Any] = [request.number, request.kind, request.what, sorted(request.counts.items())]
    said += [request.made_by, request.done_at.isoformat() if request.done_at else None]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


async def ask_to_delete(
    session: AsyncSession, bell: Bell, asked: Asked, *, what: str, farewell: str, now: datetime
) -> DataRequest:
    """File a deletion and put the last message, with the receipt's number in it, on its way."""
    if waiting := await session.scalar(
        select(DataRequest).where(DataRequest.conversation_id == asked.conversation, DataRequest.status == "waiting")
    ):
        return waiting
    request = await file_request(session, asked, what=what, now=now)
    conversation = await session.get_one(Conversation, asked.conversation)
    words = farewell.format(number=request.number)
    message = Message(conversation_id=conversation.id, direction="out", author="system", text=words, created_at=now)
    session.add(message)
    await session.flush()
    session.add(
        Outbound(
            conversation_id=conversation.id,
            message_id=message.id,
            channel=conversation.channel,
            payload={"text": words, "buttons": []},
            author="system",
            owner_version=conversation.owner_version,
        )
    )
    request.notice_id = message.id
    await session.flush()
    await audit.record(
        session,
        at=now,
        actor=asked.by,
        action="data_request_filed",
        object=f"request:{request.number}",
        detail={"kind": asked.kind, "conversation": str(conversation.id), "reason_length": len(asked.reason)},
    )
    await bell.ring(session, OUTBOX)
    return request


async def waiting_deletions(session: AsyncSession) -> list[UUID]:
    """Return the requests that wait, oldest first."""
    query = select(DataRequest.id).where(DataRequest.status == "waiting").order_by(DataRequest.made_at)
    return list(await session.scalars(query))


async def finish_deletion(session: AsyncSession, request_id: UUID, now: datetime) -> bool:
    """Erase if the last message is settled and nothing is being worked on; returns whether it was done now.

    Of two processes one does it: the other finds the lock taken or the request done.
    """
    if not await session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": KEEPER_LOCK}):
        return False
    request = await session.get(DataRequest, request_id, with_for_update=True)
    if request is None or request.status != "waiting" or not await _farewell_settled(session, request, now):
        return False
    subject = await subject_of(session, request.conversation_id)
    try:
        counts = await erase(session, subject, now)
    except StillBusy:
        return False
    await session.refresh(request)
    await conclude(session, request, counts, now)
    return True


async def _farewell_settled(session: AsyncSession, request: DataRequest, now: datetime) -> bool:
    sent = await session.scalar(select(Outbound).where(Outbound.message_id == request.notice_id))
    if sent is None:
        return True
    fetched_by_now = sent.channel not in FETCHED or now >= request.made_at + TIME_TO_FETCH
    return sent.status in SETTLED and fetched_by_now


async def show_request(session: AsyncSession, asked: Asked, counts: dict[str, int], now: datetime) -> DataRequest:
    """Write down that a person's data was shown, with its receipt."""
    request = await file_request(session, asked, what="Semua data yang disimpan tentang peserta ditunjukkan.", now=now)
    await conclude(session, request, counts, now)
    return request
