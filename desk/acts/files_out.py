"""A file to the participant, by whoever holds the case: kept sealed, looked through by the bot, and only then sent.

The key of the form is the id of the message, as with words; a second press sends nothing twice. What a file is, its
first bytes say: pictures and PDF go out, nothing else.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, held_case, set_ticket
from desk.acts.saying import keep, must_reach, well_said, why_gone
from desk.answering.variables import must_be_filled
from desk.refusals import NotWellSaid
from records import audit
from records.bell import DESK, Bell
from records.content_type import PDF, PICTURES, type_of
from records.models import Media, Message, Staff
from records.sealed import Seal

LARGEST = {"photo": 5_000_000, "document": 10_000_000}
"""Bytes; a picture is what WhatsApp carries, a PDF what a poor line does."""
LONGEST_CAPTION = 1024
"""What Telegram and WhatsApp both carry beside a file."""
FAR = timedelta(days=3650)


@dataclass(frozen=True)
class Given:
    """What staff chose to send."""

    content: bytes
    caption: str = ""

    @property
    def kind(self) -> str:
        """Return photo or document; raises NotWellSaid for what cannot be sent."""
        found = type_of(self.content)
        if not self.content:
            raise NotWellSaid("Pilih dulu berkasnya.")
        if found is None or found not in (*PICTURES, PDF):
            raise NotWellSaid("Hanya gambar (JPG, PNG, WEBP, GIF) dan PDF yang bisa dikirim. Berkas ini jenis lain.")
        kind = "photo" if found in PICTURES else "document"
        if len(self.content) > LARGEST[kind]:
            most = LARGEST[kind] // 1_000_000
            raise NotWellSaid(f"Berkas terlalu besar; paling besar {most} MB untuk {'gambar' if most == 5 else 'PDF'}.")
        return kind


@dataclass(frozen=True)
class Sent:
    """A file on its way, the same in every conversation of the case."""

    kind: str
    caption: str
    sealed: bytes
    staff: Staff
    at: datetime


async def send_file(
    session: AsyncSession,
    bell: Bell,
    seal: Seal,
    *,
    ticket_id: UUID,
    key: UUID,
    given: Given,
    staff: Staff,
    at: datetime,
) -> None:
    """Keep the file with its message, in every conversation of the case; the bot looks it through and sends it.

    Raises NotHeldByYou, AlreadyResolved, NoSuchCase, NotWellSaid or CannotReach, and then nothing is written.
    """
    kind = given.kind
    caption = well_said(given.caption, LONGEST_CAPTION) if given.caption.strip() else ""
    must_be_filled(caption)
    case = await held_case(session, ticket_id, staff)
    must_reach(case.conversation)
    sent = Sent(kind, caption, seal.close_file(given.content), staff, at)
    if not await _keep_in(session, case, key, sent):
        return
    for other in case.joined:
        there = replace(case, conversation=other, joined=())
        if reason := why_gone(other):
            note = {"conversation_id": other.id, "direction": "note", "author": "system", "created_at": at}
            session.add(Message(**note, text=f"Berkas tidak dikirim. {reason}"))
        else:
            await _keep_in(session, there, uuid5(key, str(other.id)), sent)
    if case.ticket.first_reply_at is None:
        await set_ticket(session, case.ticket, first_reply_at=at)
    await audit.record(
        session,
        at=at,
        actor=staff.username,
        action="send_file",
        object=f"ticket:{case.ticket.number}",
        detail={"message": str(key), "kind": kind, "bytes": len(given.content)},
    )
    await bell.ring(session, DESK, str(case.conversation.id))


async def _keep_in(session: AsyncSession, case: Case, key: UUID, sent: Sent) -> bool:
    """Keep the message and its file in this conversation; False when they are there already."""
    said: dict[str, Any] = {"text": sent.caption, "staff": sent.staff, "at": sent.at, "kind": sent.kind}
    if not await keep(session, case, key=key, direction="out", **said):
        return False
    row = {"id": uuid5(key, "file"), "conversation_id": case.conversation.id, "message_id": key, "kind": sent.kind}
    row |= {"ticket_id": case.ticket.id, "channel": case.conversation.channel, "received_at": sent.at}
    row |= {"status": "unscanned", "sealed_content": sent.sealed}
    await session.execute(insert(Media).values(**row, give_up_at=func.clock_timestamp() + FAR))
    return True
