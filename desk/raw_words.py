"""The words of a participant as they were typed: opened for a reason, by who handles cases, and audited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import check_conversation
from desk.refusals import NoSuchCase, NotWellSaid
from desk.sessions import Person
from records import audit
from records.masking import mask
from records.models import Message
from records.sealed import Seal, SealBroken

SHORTEST_REASON = 10


class NotKept(NoSuchCase):
    """The raw words are gone: their time is over, or they were never kept."""

    def __init__(self) -> None:
        super(NoSuchCase, self).__init__("Teks asli pesan ini sudah tidak disimpan.")


def good_reason(reason: str) -> str:
    """Return the reason trimmed; raises NotWellSaid when it says nothing."""
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON:
        raise NotWellSaid(f"Tulis alasannya, paling sedikit {SHORTEST_REASON} huruf; alasan ini dicatat.")
    return words[:300]


async def open_raw(
    session: AsyncSession, seal: Seal, message_id: UUID, *, reason: str, person: Person, at: datetime
) -> tuple[Message, str]:
    """Return the message and its raw words, audited at once; raises NoSuchCase, NeedsPermit, NotKept or NotWellSaid."""
    words = good_reason(reason)
    message = await session.get(Message, message_id)
    if message is None:
        raise NoSuchCase
    why = await check_conversation(session, person, message.conversation_id)
    if message.sealed_text is None:
        raise NotKept
    try:
        raw = seal.open(bytes(message.sealed_text))
    except SealBroken as broken:
        raise NotKept from broken
    await audit.record(
        session,
        at=at,
        actor=person.username,
        action="raw_words_opened",
        object=f"message:{message.id}",
        detail={"conversation": str(message.conversation_id), "reason": mask(words).text, "why": why},
    )
    return message, raw
