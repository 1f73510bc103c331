"""Files that lie sealed in the records, opened for whoever sends or shows them."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.sending import FileOut, Refused, RetryLater
from records.database import Database
from records.models import Conversation, Media, Message, Outbound
from records.sealed import Seal, SealBroken

SHOWN = ("sent", "delivered", "read")


@dataclass(frozen=True)
class Files:
    """Opens what is kept."""

    database: Database
    seal: Seal

    async def fetch(self, file: FileOut) -> FileOut:
        """Return the file with its bytes; raises Refused when it is no longer kept, RetryLater when we cannot look."""
        query = select(Media.sealed_content, Media.type).where(Media.id == UUID(file.id), Media.status == "kept")
        try:
            async with self.database.read() as session:
                found = (await session.execute(query)).first()
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            raise RetryLater(1, f"berkas belum terbaca: {type(problem).__name__}") from problem
        return self._open(file, *(found or (None, None)))

    async def for_visitor(self, chat: str, file_id: UUID) -> FileOut:
        """Return a file that was sent to this web visitor; raises Refused for any other, as if there were none."""
        query = (
            select(Media.sealed_content, Media.type)
            .join(Message, Message.id == Media.message_id)
            .join(Outbound, Outbound.message_id == Message.id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                *(Media.id == file_id, Media.status == "kept", Message.direction == "out"),
                *(Conversation.channel == "web", Conversation.external_id == chat, Outbound.status.in_(SHOWN)),
            )
        )
        async with self.database.read() as session:
            found = (await session.execute(query)).first()
        return self._open(FileOut(str(file_id), "document"), *(found or (None, None)))

    def _open(self, file: FileOut, sealed: bytes | None, kind: str | None) -> FileOut:
        if sealed is None or kind is None:
            raise Refused("berkas tidak (lagi) disimpan")
        try:
            return replace(file, type=kind, content=self.seal.open_file(bytes(sealed)))
        except SealBroken as broken:
            raise Refused("berkas disegel dengan kunci lain") from broken
