"""Wanting no broadcasts, or wanting them again: a few exact words, read before the model and by nothing else.

It holds for the person, in every chat they are bound in, and for what already waits to be sent. Answers to what they
write themselves go on as ever.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.events import Kind
from bot.heard import Heard
from bot.lanes import Job
from bot.outcome import Outcome

NO_MORE = frozenset(("stop info", "stopinfo", "/stopinfo", "berhenti info", "setop info", "stop siaran", "info stop"))
AGAIN = frozenset(("mulai info", "mulaiinfo", "/mulaiinfo", "mulai siaran", "info mulai"))
MINE = """identities.id IN (
    SELECT other.id FROM identities own
    JOIN identities other ON other.id = own.id OR other.participant_id = own.participant_id
    WHERE own.id = :identity)"""
DECLINE = text(f"UPDATE identities SET broadcasts_declined_at = :at WHERE {MINE}")  # noqa: S608
WITHHOLD = text(
    f"""
    WITH theirs AS (
        SELECT c.id FROM conversations c JOIN identities ON identities.id = c.identity_id WHERE {MINE}
        UNION SELECT CAST(:conversation AS uuid)
    ), held AS (
        UPDATE outbox SET status = 'withheld', settled_at = :now, error = :why
        WHERE conversation_id IN (SELECT id FROM theirs) AND priority >= 2 AND status IN ('due', 'waiting')
        RETURNING message_id
    )
    UPDATE messages SET direction = 'note' FROM held WHERE messages.id = held.message_id
    """  # noqa: S608
)
WHY = "peserta tidak ingin menerima siaran"


@dataclass(frozen=True)
class Wanted:
    """Whether this person wants broadcasts."""

    again: bool = False

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it for every chat of theirs; what waits to be sent in any of them is not sent any more."""
        if job.identity_id is None:
            return
        await session.execute(DECLINE, {"identity": job.identity_id, "at": None if self.again else now})
        if not self.again:
            given = {"identity": job.identity_id, "conversation": job.conversation, "now": now, "why": WHY}
            await session.execute(WITHHOLD, given)


def wanting(heard: Heard) -> Outcome | None:
    """Return what a message comes to that says whether broadcasts are wanted; None for every other message."""
    if heard.event.kind is not Kind.TEXT or heard.event.forwarded:
        return None
    said = " ".join(heard.event.text.casefold().split()).strip(" .!“”\"'")
    if said in NO_MORE:
        return Outcome("answered", wording.NO_MORE_BROADCASTS, changes=(Wanted(),))
    if said in AGAIN:
        return Outcome("answered", wording.BROADCASTS_AGAIN, changes=(Wanted(again=True),))
    return None
