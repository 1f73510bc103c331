"""Changing one's own note: for five minutes it can be said better or taken back; earlier words are kept for audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, locked_case
from desk.acts.saying import well_said
from desk.acts.steering import write_down
from desk.mentions import mention
from desk.refusals import NoSuchCase, Refusal
from records.bell import Bell
from records.database import ReadSession
from records.masking import mask
from records.models import Message, NoteVersion, Staff, Ticket

CHANGEABLE = timedelta(minutes=5)
WITHDRAWN = "withdrawn"


class NotChangeable(Refusal):
    """Somebody else's note, or an old one."""

    def __init__(self) -> None:
        super().__init__("Catatan hanya bisa diubah penulisnya, paling lama 5 menit sesudah ditulis.")


@dataclass(frozen=True)
class Version:
    """What a note said before."""

    number: int
    text: str
    replaced_at: datetime
    withdrawn: bool


def changeable(message: Message, staff_id: UUID, now: datetime) -> bool:
    """Say whether this is a note this person may still change."""
    own = message.direction == "note" and message.author == "agent" and message.staff_id == staff_id
    return own and message.kind != WITHDRAWN and now - message.created_at <= CHANGEABLE


async def change_note(
    session: AsyncSession, bell: Bell, *, message_id: UUID, text: str, staff: Staff, at: datetime
) -> bool:
    """Say a note differently; False when it says so already. Raises NotChangeable, NotWellSaid or NoSuchCase."""
    words = mask(well_said(text)).text
    case, message = await _own(session, message_id, staff, at)
    if message.text == words:
        return False
    await _replace(session, case, message, words, at)
    await mention(session, bell, case, message_id=message_id, text=words, by=staff, at=at)
    await write_down(session, bell, case, "note_changed", by=staff, at=at, detail={"message": str(message_id)})
    return True


async def withdraw_note(session: AsyncSession, bell: Bell, *, message_id: UUID, staff: Staff, at: datetime) -> None:
    """Take a note back; that there was one stays to be seen. Raises NotChangeable or NoSuchCase."""
    case, message = await _own(session, message_id, staff, at)
    await _replace(session, case, message, "", at)
    message.kind = WITHDRAWN
    await mention(session, bell, case, message_id=message_id, text="", by=staff, at=at)
    await write_down(session, bell, case, "note_withdrawn", by=staff, at=at, detail={"message": str(message_id)})


async def versions(session: AsyncSession | ReadSession, message_id: UUID) -> list[Version]:
    """Return what the note said before, first words first."""
    found = select(NoteVersion).where(NoteVersion.message_id == message_id).order_by(NoteVersion.number)
    kept = await session.scalars(found)
    return [Version(one.number, one.text, one.replaced_at, one.withdrawn) for one in kept]


async def _own(session: AsyncSession, message_id: UUID, staff: Staff, at: datetime) -> tuple[Case, Message]:
    message = await session.get(Message, message_id)
    if message is None:
        raise NoSuchCase
    latest = (
        select(Ticket.id)
        .where(Ticket.conversation_id == message.conversation_id)
        .order_by(Ticket.status == "resolved", Ticket.opened_at.desc())
        .limit(1)
    )
    ticket_id = await session.scalar(latest)
    if ticket_id is None:
        raise NoSuchCase
    case = await locked_case(session, ticket_id, by=staff, at=at)
    await session.refresh(message)
    if not changeable(message, staff.id, at):
        raise NotChangeable
    return case, message


async def _replace(session: AsyncSession, case: Case, message: Message, words: str, at: datetime) -> None:
    mine = NoteVersion.message_id == message.id
    number = await session.scalar(select(func.count()).select_from(NoteVersion).where(mine)) or 0
    session.add(
        NoteVersion(
            message_id=message.id,
            number=number + 1,
            conversation_id=case.conversation.id,
            text=message.text,
            replaced_at=at,
            withdrawn=not words,
        )
    )
    message.text = words
    await session.flush()
