"""Files that came with a conversation: what became of each, and opening one, which is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NoSuchCase
from desk.sessions import Person
from desk.thread import Said
from records import audit
from records.database import ReadSession
from records.models import Media, Ticket
from records.sealed import Seal, SealBroken

LATEST = 300
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "video/mp4": "mp4",
}
"""Every type that is kept (records/content_type.py)."""
PLAYABLE = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac")
AGAIN = text(
    """
    UPDATE media SET status = 'waiting', due_at = clock_timestamp(),
           give_up_at = GREATEST(give_up_at, clock_timestamp() + interval '10 minutes')
    WHERE id = :id AND status IN ('lost', 'waiting') RETURNING conversation_id
    """
)


class NotKept(NoSuchCase):
    """There is nothing to show: not fetched yet, refused, or its time is over."""

    def __init__(self) -> None:
        super(NoSuchCase, self).__init__("Lampiran ini tidak (lagi) disimpan, atau belum selesai diperiksa.")


@dataclass(frozen=True)
class Attached:
    """One file as staff see it."""

    id: UUID
    inbox_id: int | None
    ticket_id: UUID | None
    kind: str
    status: str
    reason: str | None
    type: str | None
    size: int | None
    width: int | None
    height: int | None
    named: str | None
    """The sender's name of it: shown, never used."""
    at: datetime
    message_id: UUID | None = None
    """The message of ours that carries it."""

    @property
    def is_picture(self) -> bool:
        """Whether it has a preview."""
        return self.status == "kept" and (self.type or "").startswith("image/")

    @property
    def is_sound(self) -> bool:
        """Whether a browser plays it."""
        return self.status == "kept" and self.type in PLAYABLE


@dataclass(frozen=True)
class Opened:
    """A file somebody is about to look at."""

    id: UUID
    conversation_id: UUID
    kind: str
    status: str
    type: str | None

    @property
    def own_name(self) -> str:
        """The name it is handed out under: ours, never the sender's."""
        return f"lampiran-{str(self.id)[:8]}.{EXTENSIONS.get(self.type or '', 'bin')}"


@dataclass(frozen=True)
class Attachments:
    """The files of a conversation, in the order they came."""

    files: tuple[Attached, ...]

    def of(self, message: Said) -> list[Attached]:
        """Return those that came with a message."""
        return [
            file
            for file in self.files
            if file.message_id == message.id or (file.inbox_id is not None and file.inbox_id == message.inbox_id)
        ]

    def of_case(self, ticket: Ticket | None) -> list[Attached]:
        """Return those that belong to a case; a sticker proves nothing."""
        ours = [file for file in self.files if ticket is not None and file.ticket_id == ticket.id]
        return [file for file in ours if file.kind != "sticker" and file.message_id is None]


async def read_attachments(session: ReadSession, conversation_id: UUID) -> Attachments:
    """Return the files of a conversation, without their content."""
    columns = (Media.id, Media.inbox_id, Media.ticket_id, Media.kind, Media.status, Media.reason, Media.type)
    columns = (*columns, Media.size, Media.width, Media.height, Media.named, Media.received_at, Media.message_id)  # type: ignore[assignment]
    query = (
        select(*columns)
        .where(Media.conversation_id == conversation_id)
        .order_by(Media.received_at.desc(), Media.inbox_id.desc(), Media.number.desc())
        .limit(LATEST)
    )
    rows: Sequence[object] = (await session.execute(query)).all()
    return Attachments(tuple(Attached(*row) for row in reversed(rows)))  # type: ignore[misc]


async def find(session: ReadSession, media_id: UUID) -> Opened:
    """Return a file; raises NoSuchCase, also for one that belongs to no conversation yet."""
    media = await session.get(Media, media_id)
    if media is None or media.conversation_id is None:
        raise NoSuchCase
    return Opened(media.id, media.conversation_id, media.kind, media.status, media.type)


async def preview_of(session: ReadSession, seal: Seal, media: Opened) -> bytes:
    """Return the small picture; raises NotKept."""
    return _opened(seal, await session.scalar(select(Media.sealed_preview).where(Media.id == media.id)), media)


async def content_of(session: ReadSession, seal: Seal, media: Opened) -> bytes:
    """Return what is kept of the file; raises NotKept."""
    return _opened(seal, await session.scalar(select(Media.sealed_content).where(Media.id == media.id)), media)


async def opened(session: AsyncSession, media: Opened, person: Person, how: str, at: datetime) -> None:
    """Write down that this person looked at this file."""
    await audit.record(
        session,
        at=at,
        actor=person.username,
        action=f"attachment_{how}",
        object=f"media:{media.id}",
        detail={"conversation": str(media.conversation_id), "kind": media.kind, "type": media.type},
    )


async def fetch_again(session: AsyncSession, media_id: UUID, person: Person, at: datetime) -> UUID:
    """Have a file that could not be had asked for once more; returns its conversation. Raises NoSuchCase."""
    conversation: UUID | None = await session.scalar(AGAIN, {"id": media_id})
    if conversation is None:
        raise NoSuchCase
    detail = {"conversation": str(conversation)}
    await audit.record(
        session, at=at, actor=person.username, action="attachment_again", object=f"media:{media_id}", detail=detail
    )
    return conversation


def _opened(seal: Seal, sealed: bytes | None, media: Opened) -> bytes:
    if sealed is None or media.status != "kept":
        raise NotKept
    try:
        return seal.open_file(bytes(sealed))
    except SealBroken as broken:
        raise NotKept from broken
