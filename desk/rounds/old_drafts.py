"""Forgets drafts nobody went on with: words about a participant are not kept for ever because nobody sent them."""

from datetime import timedelta

from sqlalchemy import CursorResult, delete

from desk.office import Office
from desk.rounds.round import Round
from records.models import ReplyDraft

KEPT = timedelta(days=30)


async def forget_old_drafts(office: Office) -> int:
    """Forget what was last written to too long ago and return how many that was."""
    async with office.database.write() as session:
        gone = await session.execute(delete(ReplyDraft).where(ReplyDraft.written_at < office.clock() - KEPT))
    return gone.rowcount if isinstance(gone, CursorResult) else 0


ROUND = Round("old drafts", timedelta(hours=1), forget_old_drafts)
