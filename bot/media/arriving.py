"""Files are noted in the transaction of the turn that heard of them: with the message, or not at all.

The key is the event and the file's place in it, so a turn written twice notes nothing twice. A file belongs to the case
that is open; one that came shortly before a case is opened belongs to that (a picture first, then what is wrong).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import InboundEvent
from bot.lanes import Job
from bot.masking import mask
from bot.media import reasons
from bot.media.attachments import Attachment, attachments_of
from bot.media.uploads import upload_id
from bot.outcome import Outcome
from bot.settings import MediaSettings

FILES = UUID("0f5a6f0e-6a65-4b0b-9b1c-54a9d1a7c1d2")
"""Namespace of file ids: the same file of the same event always is the same row."""
SHORTLY_BEFORE = timedelta(hours=24)

NOTE = text(
    """
    INSERT INTO media (id, conversation_id, inbox_id, number, ticket_id, channel, kind, reference, digest, named,
                       received_at, status, reason, give_up_at)
    SELECT CAST(:id AS uuid), CAST(:conversation AS uuid), CAST(:inbox AS bigint), CAST(:number AS int),
           (SELECT id FROM tickets WHERE conversation_id = :conversation AND status IN ('open', 'claimed')),
           CAST(:channel AS text), CAST(:kind AS text), CAST(:reference AS text), CAST(:digest AS text),
           CAST(:named AS text), CAST(:received_at AS timestamptz), CAST(:status AS text), CAST(:reason AS text),
           clock_timestamp() + CAST(:life AS interval)
    WHERE NOT (CAST(:again AS boolean) AND EXISTS (
        SELECT FROM media WHERE conversation_id = :conversation AND digest = CAST(:digest AS text)
    ))
    ON CONFLICT (inbox_id, number) DO NOTHING
    """
)
"""An edited message tells its file once more; that is the same file."""
TAKE_UPLOAD = text(
    """
    UPDATE media SET conversation_id = :conversation, inbox_id = :inbox, number = :number, received_at = :received_at,
           due_at = clock_timestamp(), ticket_id = (
               SELECT id FROM tickets WHERE conversation_id = :conversation AND status IN ('open', 'claimed'))
    WHERE id = :upload AND inbox_id IS NULL
    """
)
JOIN_CASE = text(
    """
    UPDATE media SET ticket_id = :ticket
    WHERE conversation_id = :conversation AND ticket_id IS NULL AND received_at > :since AND status <> 'gone'
    """
)


@dataclass(frozen=True)
class Arrived:
    """Files that came with an event."""

    files: tuple[Attachment, ...]
    edited: bool
    settings: MediaSettings

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Note each."""
        for number, file in enumerate(self.files):
            place = {"conversation": job.conversation, "inbox": job.inbox_id, "number": number}
            place |= {"received_at": job.received_at}
            if job.channel == "web":
                await session.execute(TAKE_UPLOAD, place | {"upload": upload_id(job.chat, file.reference)})
            else:
                await session.execute(NOTE, place | self._of(job, file, number))

    def _of(self, job: Job, file: Attachment, number: int) -> dict[str, object]:
        too_large = file.size is not None and file.size > self.settings.cap(file.kind)
        name = mask(file.named) if file.named else None
        return {
            "id": uuid5(FILES, f"{job.inbox_id}:{number}"),
            "channel": job.channel,
            "kind": file.kind,
            "reference": file.reference,
            "digest": file.digest,
            "named": name.text if name and not name.secret else None,
            "status": "refused" if too_large else "waiting",
            "reason": reasons.TOO_LARGE if too_large else None,
            "life": self.settings.media_life,
            "again": self.edited and file.digest is not None,
        }


def with_files(outcome: Outcome, event: InboundEvent, settings: MediaSettings) -> Outcome:
    """Return the outcome with the event's files among what it writes."""
    files = attachments_of(event)
    if not files:
        return outcome
    return replace(outcome, changes=(*outcome.changes, Arrived(files, event.kind == "edited", settings)))


async def join_case(session: AsyncSession, conversation: UUID, ticket: UUID, now: datetime) -> None:
    """Give a case the files that came shortly before it was opened."""
    given = {"conversation": conversation, "ticket": ticket, "since": now - SHORTLY_BEFORE}
    await session.execute(JOIN_CASE, given)
