"""Deciding about a broadcast: a second person approves it, anybody who supervises stops it, and it goes on or ends.

A stop holds from its commit: what was not handed to a channel by then is withheld in the same transaction, and what was
just being tried and came back is withheld by the round within a second.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts.making import locked, still_over, write_down
from desk.refusals import ChangedMeanwhile, NotWellSaid, Refusal
from desk.sessions import Person
from records.bell import OUTBOX, Bell
from records.models import Broadcast

LIFE = timedelta(days=3)
"""After that nothing more of it is sent."""
LONGEST_REASON = 500
NOT_SENT = text(
    """
    WITH open AS (
        SELECT o.id, o.message_id FROM broadcast_people p JOIN outbox o ON o.message_id = p.message_id
        WHERE p.broadcast_id = :broadcast AND o.status IN ('due', 'waiting') ORDER BY o.id FOR UPDATE OF o
    ), held AS (
        UPDATE outbox SET status = 'withheld', settled_at = :now, settled_by = :by, error = :why
        FROM open WHERE outbox.id = open.id RETURNING outbox.message_id
    )
    UPDATE messages SET direction = 'note' FROM held WHERE messages.id = held.message_id
    """
)
SENT_AFTER_ALL = text(
    """
    WITH back AS (
        UPDATE outbox SET status = 'due', settled_at = NULL, settled_by = NULL, error = NULL, attempts = 0,
               due_at = clock_timestamp(), owner_version = c.owner_version
        FROM broadcast_people p, conversations c
        WHERE p.broadcast_id = :broadcast AND outbox.message_id = p.message_id AND outbox.status = 'withheld'
          AND c.id = outbox.conversation_id AND c.external_id NOT LIKE 'terhapus:%'
          AND NOT EXISTS (SELECT FROM identities i WHERE i.id = c.identity_id AND i.broadcasts_declined_at IS NOT NULL)
        RETURNING outbox.message_id
    )
    UPDATE messages SET direction = 'out' FROM back WHERE messages.id = back.message_id
    """
)
STOPPED = "siaran dihentikan"


class NotYourOwn(Refusal):
    """Who prepared it does not approve it."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "Isi atau penerima siaran ini dari Anda sendiri. Mintalah rekan lain memeriksa dan menyetujuinya."
        )


class NotOver(Refusal):
    """What it tells of as over is not."""

    def __init__(self) -> None:
        super().__init__(
            "Insidennya terbuka lagi, jadi kabar pulih tidak boleh dikirim. Tunggu sampai insiden itu dipantau atau "
            "selesai."
        )


async def approve(
    session: AsyncSession, bell: Bell, broadcast_id: UUID, *, version: int, person: Person, at: datetime
) -> None:
    """Approve the version that was seen; raises NotYourOwn, ChangedMeanwhile or NotOver."""
    broadcast = await locked(session, broadcast_id)
    if broadcast.prepared_by == person.id:
        raise NotYourOwn
    if broadcast.status != "draft" or broadcast.version != version:
        raise ChangedMeanwhile
    if not await still_over(session, broadcast):
        raise NotOver
    broadcast.status, broadcast.approved_by, broadcast.approved_at = "approved", person.id, at
    broadcast.until = at + LIFE
    await write_down(session, bell, broadcast, "broadcast_approved", person, at)


async def take_back(session: AsyncSession, bell: Bell, broadcast_id: UUID, *, person: Person, at: datetime) -> None:
    """Take an approval back before it began; raises ChangedMeanwhile."""
    broadcast = await locked(session, broadcast_id)
    if broadcast.status != "approved":
        raise ChangedMeanwhile
    broadcast.status, broadcast.approved_by, broadcast.approved_at, broadcast.until = "draft", None, None, None
    await write_down(session, bell, broadcast, "broadcast_approval_taken_back", person, at)


async def stop(session: AsyncSession, bell: Bell, broadcast_id: UUID, *, why: str, person: Person, at: datetime) -> int:
    """Stop it now; returns how many messages that had their turn are withheld. Raises ChangedMeanwhile."""
    broadcast = await locked(session, broadcast_id)
    reason = why.strip()[:LONGEST_REASON]
    if not reason:
        raise NotWellSaid("Tulis alasannya, satu kalimat.")
    if broadcast.status not in ("approved", "running"):
        raise ChangedMeanwhile
    broadcast.status, broadcast.stopped_by, broadcast.stopped_at, broadcast.stopped_why = (
        *("stopped", person.id, at),
        reason,
    )
    await session.flush()
    withheld = await withhold(session, broadcast, at)
    await write_down(session, bell, broadcast, "broadcast_stopped", person, at, withheld=withheld)
    return withheld


async def go_on(session: AsyncSession, bell: Bell, broadcast_id: UUID, *, person: Person, at: datetime) -> None:
    """Let a stopped one go on as it was approved: what was withheld is due again.

    Raises ChangedMeanwhile or NotOver.
    """
    broadcast = await locked(session, broadcast_id)
    if broadcast.status != "stopped" or (broadcast.until and broadcast.until <= at):
        raise ChangedMeanwhile
    if not await still_over(session, broadcast):
        raise NotOver
    broadcast.status, broadcast.paced_at = "running", None
    broadcast.stopped_by = broadcast.stopped_at = broadcast.stopped_why = None
    await session.flush()
    await session.execute(SENT_AFTER_ALL, {"broadcast": broadcast.id})
    await bell.ring(session, OUTBOX)
    await write_down(session, bell, broadcast, "broadcast_went_on", person, at)


async def end(session: AsyncSession, bell: Bell, broadcast_id: UUID, *, person: Person, at: datetime) -> None:
    """End a stopped one for good: whoever had no turn is left out, and so is what came back since the stop.

    Raises ChangedMeanwhile.
    """
    broadcast = await locked(session, broadcast_id)
    if broadcast.status != "stopped":
        raise ChangedMeanwhile
    await withhold(session, broadcast, at)
    await session.execute(LEFT_OUT, {"broadcast": broadcast.id, "now": at, "reason": "ended"})
    broadcast.status, broadcast.done_at = "done", at
    await write_down(session, bell, broadcast, "broadcast_ended", person, at)


LEFT_OUT = text(
    """
    UPDATE broadcast_people SET state = 'skipped', reason = :reason, settled_at = :now
    WHERE broadcast_id = :broadcast AND state NOT IN ('queued', 'to_agents', 'skipped')
    """
)


async def withhold(session: AsyncSession, broadcast: Broadcast, at: datetime) -> int:
    """Withhold what of it was not sent yet; returns how many."""
    given = {"broadcast": broadcast.id, "now": at, "by": broadcast.stopped_by, "why": STOPPED}
    held = await session.execute(NOT_SENT, given)
    return held.rowcount if isinstance(held, CursorResult) else 0
