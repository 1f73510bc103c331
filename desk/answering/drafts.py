"""Words being written: kept for their writer alone until they are sent, in whatever browser they go on writing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.answering.sources import named
from records.database import ReadSession
from records.models import Message, ReplyDraft

ACTS = ("reply", "note", "resolve")
LONGEST = 8_000
"""More than can be sent is kept too: too long is for the sender to see."""


async def drafts_of(session: ReadSession, staff_id: UUID, conversation_id: UUID) -> dict[str, ReplyDraft]:
    """Return what this person is writing in this conversation, by act."""
    query = select(ReplyDraft).where(ReplyDraft.staff_id == staff_id, ReplyDraft.conversation_id == conversation_id)
    return {draft.act: draft for draft in await session.scalars(query)}


async def keep_draft(
    session: AsyncSession,
    *,
    staff_id: UUID,
    conversation_id: UUID,
    act: str,
    text: str,
    key: UUID,
    sources: Sequence[str],
    at: datetime,
) -> bool:
    """Keep the words, or forget them where none are left; False: these were sent already."""
    if await session.scalar(select(Message.id).where(Message.id == key)) is not None:
        await forget_draft(session, staff_id, conversation_id, act, key=key)
        return False
    words = text.replace("\0", "")[:LONGEST]
    if not words.strip():
        await forget_draft(session, staff_id, conversation_id, act)
        return True
    given = {"text": words, "key": key, "sources": [source.said for source in named(sources)], "written_at": at}
    row = insert(ReplyDraft).values(staff_id=staff_id, conversation_id=conversation_id, act=act, **given)
    await session.execute(row.on_conflict_do_update(constraint="pk_reply_drafts", set_=given))
    return True


async def forget_draft(
    session: AsyncSession, staff_id: UUID, conversation_id: UUID, act: str, *, key: UUID | None = None
) -> None:
    """Forget what was sent; with a key, only words that were written under it."""
    gone = delete(ReplyDraft).where(
        ReplyDraft.staff_id == staff_id, ReplyDraft.conversation_id == conversation_id, ReplyDraft.act == act
    )
    await session.execute(gone.where(ReplyDraft.key == key) if key else gone)
