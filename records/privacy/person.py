"""Whose data: one person on one channel, and wherever else the same bound participant writes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.privacy.columns import ERASED

IDENTITIES = text(
    """
    SELECT DISTINCT i.id, i.participant_id FROM identities i
    JOIN conversations c ON c.id = :conversation
    JOIN identities own ON own.id = c.identity_id
    WHERE i.id = own.id OR (own.participant_id IS NOT NULL AND i.participant_id = own.participant_id)
    """
)
CONVERSATIONS = text(
    "SELECT id, external_id FROM conversations WHERE id = :conversation OR identity_id = ANY(:identities) "
    "ORDER BY opened_at"
)


class NobodyThere(Exception):
    """The conversation does not exist."""


@dataclass(frozen=True)
class Subject:
    """A person as far as we know who they are."""

    conversation: UUID
    """Where they asked."""
    identities: tuple[UUID, ...]
    conversations: tuple[UUID, ...]
    participant: str | None
    """The programme's id, only while bound."""
    erased: bool
    """Whether they were erased before."""


async def subject_of(session: AsyncSession, conversation: UUID) -> Subject:
    """Return whose conversation this is; raises NobodyThere.

    Other chats count only where the same participant is bound in them: what somebody claims binds nothing.
    """
    people = (await session.execute(IDENTITIES, {"conversation": conversation})).all()
    identities = [row.id for row in people]
    chats = await session.execute(CONVERSATIONS, {"conversation": conversation, "identities": identities})
    found = {row.id: row.external_id for row in chats}
    if conversation not in found:
        raise NobodyThere
    participant = next((row.participant_id for row in people if row.participant_id), None)
    return Subject(
        conversation,
        tuple(identities),
        tuple(found),
        participant,
        erased=found[conversation].startswith(ERASED),
    )
