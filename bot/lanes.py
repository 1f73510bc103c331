"""Lanes: at most one worker holds a conversation, by a lease with a fence.

Leases run on the database's real time. A worker that wakes after its lease finds a higher fence and writes nothing.
A held lane is due again when its lease ends, in case its worker dies; an arrival meanwhile makes it due earlier, and so
whoever lets it go sees, in the row itself, that there is more. A lane is due since its oldest message came: who waits
longest is next, and in a backlog every fourth hand is for who came last, so that nobody new waits for all of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.at_once import AtOnce

_CLAIM = """
    WITH due AS (
        SELECT conversation_id FROM lanes
        WHERE due_at <= clock_timestamp() AND (held_until IS NULL OR held_until < clock_timestamp())
        ORDER BY due_at {which} LIMIT %(count)s FOR UPDATE SKIP LOCKED
    ), held AS (
        UPDATE lanes SET held_by = %(worker)s, held_until = statement_timestamp() + %(lease)s,
               due_at = statement_timestamp() + %(lease)s, fence = fence + 1,
               falls = CASE WHEN held_by IS NULL THEN 0 ELSE falls + 1 END
        FROM due WHERE lanes.conversation_id = due.conversation_id
        RETURNING lanes.conversation_id, lanes.fence, lanes.falls
    )
    SELECT held.fence, held.falls, c.id, c.channel, c.external_id, c.address, c.dialogue_state, c.offered, c.owner,
           c.owner_version, c.staff_id, c.window_until, c.unreachable, c.identity_id,
           p.external_id AS person, p.participant_id, p.display_name, p.bound_by, p.bound_at, p.phone_hash,
           p.pending AS pending_number, p.declined_at,
           i.id AS inbox_id, i.external_id AS event_id, i.kind, i.sealed_event, i.received_at, i.attempts
    FROM held
    JOIN conversations c ON c.id = held.conversation_id
    LEFT JOIN identities p ON p.id = c.identity_id
    LEFT JOIN LATERAL (
        SELECT * FROM inbox WHERE conversation_id = held.conversation_id AND status = 'pending'
        ORDER BY order_key, id LIMIT 1
    ) i ON true
"""
CLAIM_OLDEST, CLAIM_NEWEST = _CLAIM.format(which="ASC"), _CLAIM.format(which="DESC")
HOLD = text("SELECT 1 FROM lanes WHERE conversation_id = :conversation AND fence = :fence FOR UPDATE")
LET_GO = text(
    """
    UPDATE lanes SET held_by = NULL, held_until = NULL, due_at = (
        SELECT CASE WHEN CAST(:pause AS interval) = interval '0' THEN oldest
                    WHEN oldest IS NOT NULL THEN clock_timestamp() + CAST(:pause AS interval) END
        FROM (SELECT LEAST(CASE WHEN due_at < held_until THEN due_at END, min(stored_at)) AS oldest FROM inbox
              WHERE conversation_id = :conversation AND status = 'pending') waiting)
    WHERE conversation_id = :conversation RETURNING due_at
    """
)


class Fenced(Exception):
    """Another worker holds this conversation now: write nothing."""


@dataclass(frozen=True)
class Job:
    """The oldest pending event of a claimed conversation, with the conversation as it stood at the claim."""

    fence: int
    conversation: UUID
    channel: str
    chat: str
    address: str
    state: dict[str, Any]
    offered: list[dict[str, Any]]
    owner: str
    owner_version: int
    staff_id: UUID | None
    window_until: datetime | None
    unreachable: str | None
    identity_id: UUID | None
    person: str
    participant_id: str | None
    display_name: str | None
    inbox_id: int
    event_id: str
    kind: str
    sealed_event: bytes
    received_at: datetime
    attempts: int
    bound_by: str | None = None
    bound_at: datetime | None = None
    phone_hash: str | None = None
    pending_number: dict[str, Any] | None = None
    """A proven number that several participants share, until its digits are told."""
    falls: int = 0
    """How many holders in a row ended with this event in their hands."""
    declined: bool = False
    """The person does not want to be looked up by their number."""


async def claim(
    at_once: AtOnce, worker: str, lease: timedelta, count: int, *, newest: bool = False
) -> tuple[list[Job], list[UUID]]:
    """Hold up to `count` due conversations, those who wait longest first, or those who came last.

    Returns their jobs, and the lanes that turned out to be empty.
    """
    given = {"worker": worker, "lease": lease, "count": count}
    rows = await at_once.rows(CLAIM_NEWEST if newest else CLAIM_OLDEST, given)
    return [_job(row) for row in rows if row["inbox_id"] is not None], [
        row["id"] for row in rows if row["inbox_id"] is None
    ]


async def hold(session: AsyncSession, conversation: UUID, fence: int) -> None:
    """Lock the lane for this transaction; raises Fenced when another worker has it."""
    if (await session.execute(HOLD, {"conversation": conversation, "fence": fence})).first() is None:
        raise Fenced


async def let_go(session: AsyncSession, conversation: UUID, pause: timedelta = timedelta()) -> bool:
    """Give the lane back, due again if more is pending; returns whether it is."""
    row = (await session.execute(LET_GO, {"conversation": conversation, "pause": pause})).first()
    return row is not None and row[0] is not None


def _job(row: dict[str, Any]) -> Job:
    return Job(
        fence=row["fence"],
        conversation=row["id"],
        channel=row["channel"],
        chat=row["external_id"],
        address=row["address"],
        state=row["dialogue_state"],
        offered=row["offered"],
        owner=row["owner"],
        owner_version=row["owner_version"],
        staff_id=row["staff_id"],
        window_until=row["window_until"],
        unreachable=row["unreachable"],
        identity_id=row["identity_id"],
        person=row["person"] or "",
        participant_id=row["participant_id"],
        display_name=row["display_name"],
        inbox_id=row["inbox_id"],
        event_id=row["event_id"],
        kind=row["kind"],
        sealed_event=bytes(row["sealed_event"] or b""),
        received_at=row["received_at"],
        attempts=row["attempts"],
        bound_by=row["bound_by"],
        bound_at=row["bound_at"],
        phone_hash=row["phone_hash"],
        pending_number=row["pending_number"],
        falls=row["falls"],
        declined=row["declined_at"] is not None,
    )
