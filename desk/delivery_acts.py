"""What an operator may do to a delivery that is stuck: try it again, or settle it. Each act is compare-and-set.

An event tried again goes through the inbox as a new one, whose key makes it one however often it is asked for. A send
tried again is the same message: where the first may have arrived, that is counted in `repeats`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.deliveries import IN_FOUND, IN_LISTS, OUT_FOUND, OUT_LISTS, PARKED, Narrowed
from desk.refusals import CannotReach, ChangedMeanwhile, NoSuchCase, NotWellSaid
from records import audit
from records.bell import INBOX, OUTBOX, Bell
from records.models import Conversation, Inbound, Outbound, Staff

MOST_AT_ONCE = 500
AGAIN, SETTLE = "ulang", "buang"
PERHAPS_SENT = "unknown"

CAN_HEAR_AGAIN = "i.status = 'parked' AND i.sealed_event IS NOT NULL AND i.conversation_id IS NOT NULL"
CAN_SEND_AGAIN = """
    o.status IN ('unknown', 'refused') AND o.settled_at IS NULL AND COALESCE(o.payload ->> 'text', '') <> ''
    AND c.unreachable IS NULL AND (o.author <> 'bot' OR o.owner_version >= c.owner_version)
"""
HEAR_AGAIN = """
    WITH chosen AS (
        SELECT i.* FROM inbox i WHERE {chosen} AND {able} ORDER BY i.id LIMIT :most FOR UPDATE
    ), again AS (
        INSERT INTO inbox (channel, external_id, conversation_id, kind, sealed_event, order_key, received_at)
        SELECT channel, external_id || '/ulang', conversation_id, kind, sealed_event, order_key, received_at FROM chosen
        ON CONFLICT (channel, external_id) DO NOTHING RETURNING conversation_id
    ), set_aside AS (
        UPDATE inbox SET status = 'ignored', error = left(concat_ws(' · ', CAST(:said AS text), inbox.error), 500)
        FROM chosen WHERE inbox.id = chosen.id RETURNING inbox.id
    ), woken AS (
        INSERT INTO lanes (conversation_id, due_at)
        SELECT DISTINCT conversation_id, statement_timestamp() FROM again ORDER BY conversation_id
        ON CONFLICT (conversation_id) DO UPDATE
            SET due_at = LEAST(lanes.due_at, EXCLUDED.due_at), falls = 0
    )
    SELECT id::text FROM set_aside ORDER BY id
"""
SET_ASIDE = """
    UPDATE inbox SET status = 'ignored', error = left(concat_ws(' · ', CAST(:said AS text), error), 500)
    WHERE id IN (SELECT i.id FROM inbox i WHERE {chosen} AND {able} ORDER BY i.id LIMIT :most FOR UPDATE)
    RETURNING id::text
"""
SEND_AGAIN = """
    WITH chosen AS (
        SELECT o.id FROM outbox o JOIN conversations c ON c.id = o.conversation_id
        WHERE {chosen} AND {able} ORDER BY o.position LIMIT :most FOR UPDATE OF o
    ), superseded AS (
        UPDATE receipts SET superseded = true FROM chosen WHERE receipts.outbox_id = chosen.id
    )
    UPDATE outbox SET status = 'due', due_at = clock_timestamp(), attempts = 0, error = NULL, asked_again_at = NULL,
           repeats = repeats + (status = 'unknown')::int, held_by = NULL, held_until = NULL, claimed_at = NULL
    FROM chosen WHERE outbox.id = chosen.id RETURNING outbox.id::text
"""
SETTLE_SENT = """
    UPDATE outbox SET settled_at = clock_timestamp(), settled_by = :staff
    WHERE id IN (SELECT o.id FROM outbox o WHERE {chosen} AND {able} ORDER BY o.position LIMIT :most FOR UPDATE)
    RETURNING id::text
"""
CAN_SETTLE = "o.status IN ('unknown', 'refused', 'withheld') AND o.settled_at IS NULL"
ONE_IN = "i.id = :id AND i.attempts = :attempts"
ONE_OUT = "o.id = :id AND o.status = :status AND o.attempts = :attempts AND o.repeats = :repeats"


@dataclass(frozen=True)
class Seen:
    """How a delivery stood on the page the operator looked at."""

    status: str
    attempts: int
    repeats: int = 0


async def hear_again(
    session: AsyncSession, bell: Bell, *, inbox_id: int, seen: Seen, staff: Staff, at: datetime
) -> None:
    """Have an event that was set aside answered after all."""
    inbound = await session.get(Inbound, inbox_id)
    if inbound is None:
        raise NoSuchCase
    if inbound.status == "parked" and (inbound.sealed_event is None or inbound.conversation_id is None):
        raise CannotReach("Isi kiriman ini sudah tidak disimpan, jadi tidak bisa dijawab ulang.")
    given = {"id": inbox_id, "attempts": seen.attempts, "said": f"dicoba lagi oleh {staff.username}"}
    await _one(session, HEAR_AGAIN.format(chosen=ONE_IN, able=CAN_HEAR_AGAIN), given)
    await bell.ring(session, INBOX)
    await _audit(session, staff, at, "delivery_heard_again", f"inbox:{inbox_id}")


async def set_aside(session: AsyncSession, *, inbox_id: int, seen: Seen, staff: Staff, at: datetime) -> None:
    """Leave an event that was set aside as it is: its ticket has it."""
    if await session.get(Inbound, inbox_id) is None:
        raise NoSuchCase
    given = {"id": inbox_id, "attempts": seen.attempts, "said": f"dibuang oleh {staff.username}"}
    await _one(session, SET_ASIDE.format(chosen=ONE_IN, able="i.status = 'parked'"), given)
    await _audit(session, staff, at, "delivery_discarded", f"inbox:{inbox_id}")


async def send_again(
    session: AsyncSession, bell: Bell, *, outbox_id: UUID, seen: Seen, understood: bool, staff: Staff, at: datetime
) -> None:
    """Have a message sent again that was refused, or of which nobody knows whether it came.

    `understood`: whoever asks says that they know it may come twice; raises NotWellSaid without it where it may.
    """
    if seen.status == PERHAPS_SENT and not understood:
        raise NotWellSaid("Centang dulu bahwa pesan ini mungkin sampai dua kali.")
    outbound = await session.get(Outbound, outbox_id)
    chat = await session.get(Conversation, outbound.conversation_id) if outbound else None
    if outbound is None or chat is None:
        raise NoSuchCase
    if reason := _cannot_be_sent(outbound, chat):
        raise CannotReach(reason)
    await _one(session, SEND_AGAIN.format(chosen=ONE_OUT, able=CAN_SEND_AGAIN), {"id": outbox_id, **vars(seen)})
    await bell.ring(session, OUTBOX)
    detail = {"was": seen.status, "repeats": seen.repeats}
    await _audit(session, staff, at, "delivery_sent_again", f"outbox:{outbox_id}", detail)


async def settle(session: AsyncSession, *, outbox_id: UUID, seen: Seen, staff: Staff, at: datetime) -> None:
    """Say that a message that did not go the usual way has been seen to."""
    if await session.get(Outbound, outbox_id) is None:
        raise NoSuchCase
    given = {"id": outbox_id, "staff": staff.id, **vars(seen)}
    await _one(session, SETTLE_SENT.format(chosen=ONE_OUT, able=CAN_SETTLE), given)
    await _audit(session, staff, at, "delivery_settled", f"outbox:{outbox_id}", {"was": seen.status})


async def how_many(session: AsyncSession, act: str, listed: str, narrowed: Narrowed) -> int:
    """Return how many of a list an act would be done to."""
    if listed == PARKED:
        able = CAN_HEAR_AGAIN if act == AGAIN else "true"
        asked = f"SELECT count(*) FROM inbox i WHERE {IN_LISTS[listed]} AND {IN_FOUND} AND {able}"  # noqa: S608
    else:
        able = CAN_SEND_AGAIN if act == AGAIN else CAN_SETTLE
        joined = "outbox o JOIN conversations c ON c.id = o.conversation_id"
        asked = f"SELECT count(*) FROM {joined} WHERE {OUT_LISTS[listed]} AND {OUT_FOUND} AND {able}"  # noqa: S608
    return int(await session.scalar(text(asked), narrowed.given()) or 0)


async def do_to_all(
    session: AsyncSession,
    bell: Bell,
    *,
    act: str,
    listed: str,
    narrowed: Narrowed,
    expected: int,
    staff: Staff,
    at: datetime,
) -> int:
    """Do an act to everything of a list, if it is still as many as the operator was shown; returns how many."""
    if await how_many(session, act, listed, narrowed) != expected or not expected:
        raise ChangedMeanwhile
    given = {**narrowed.given(), "most": MOST_AT_ONCE, "staff": staff.id, "said": _said(act, staff)}
    statement = _statement(act, listed)
    done = (await session.scalars(text(statement), _needed(statement, given))).all()
    await bell.ring(session, INBOX if listed == PARKED else OUTBOX)
    detail = {
        "list": listed,
        "channel": narrowed.channel,
        "hours": narrowed.hours,
        "count": len(done),
        "ids": list(done),
    }
    name = "deliveries_again" if act == AGAIN else "deliveries_settled"
    await _audit(session, staff, at, name, f"deliveries:{listed}", detail)
    return len(done)


def _statement(act: str, listed: str) -> str:
    if listed == PARKED:
        chosen = f"{IN_LISTS[listed]} AND {IN_FOUND}"
        return (
            HEAR_AGAIN.format(chosen=chosen, able=CAN_HEAR_AGAIN)
            if act == AGAIN
            else SET_ASIDE.format(chosen=chosen, able="true")
        )
    chosen = f"{OUT_LISTS[listed]} AND {OUT_FOUND}"
    return (
        SEND_AGAIN.format(chosen=chosen, able=CAN_SEND_AGAIN)
        if act == AGAIN
        else SETTLE_SENT.format(chosen=chosen, able=CAN_SETTLE)
    )


async def _one(session: AsyncSession, statement: str, given: Mapping[str, Any]) -> None:
    done = await session.execute(text(statement), _needed(statement, {"most": 1, **given}))
    if not isinstance(done, CursorResult) or len(done.all()) != 1:
        raise ChangedMeanwhile


def _needed(statement: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if f":{name}" in statement}


def _said(act: str, staff: Staff) -> str:
    return f"{'dicoba lagi' if act == AGAIN else 'dibuang'} oleh {staff.username}"


def _cannot_be_sent(outbound: Outbound, chat: Conversation) -> str | None:
    if not outbound.payload.get("text"):
        return "Isi pesan ini sudah tidak disimpan, jadi tidak bisa dikirim ulang."
    if chat.unreachable:
        return f"Peserta tidak bisa dikirimi pesan di kanal ini: {chat.unreachable}"
    if outbound.author == "bot" and outbound.owner_version < chat.owner_version:
        return "Percakapan ini sudah berpindah tangan sejak pesan ini ditulis; pesan bot tidak dikirim lagi."
    return None


async def _audit(
    session: AsyncSession, staff: Staff, at: datetime, action: str, object: str, detail: dict[str, Any] | None = None
) -> None:
    await audit.record(session, at=at, actor=staff.username, action=action, object=object, detail=detail or {})
