"""Handing messages to the outbox: message, outbox row and the person's state in one transaction, under own keys.

So a process that dies leaves a person either with their message or with their turn still to come. How many go is
decided by the broadcast's own pace; the outbox below keeps the channels' limits and lets every reply pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts import handing
from desk.broadcasts.standing import CLOSED, FROM, OUT, standing_given, templates_sent
from desk.broadcasts.words import ALL, FIXED, RECOVERY, About, Of, by_template, reading, templates_of
from desk.broadcasts.words import CLOSED as CLOSED_TEXT
from desk.message_templates import Template
from desk.office import Office
from records.bell import DESK, OUTBOX
from records.failpoints import reach
from records.models import Broadcast, BroadcastPerson, Incident

KIND = "broadcast"
PRIORITY = 2
"""Behind every reply and notice."""
LOOK_AGAIN = timedelta(minutes=5)
READY = {RECOVERY: ("fixed", "cannot_say")}
"""In which state it is their turn to be written to; elsewhere it is `waiting`."""
NEXT = text(
    f"""
    SELECT p.person_key, p.state, p.intent, p.told_at, p.checked_at, p.channel, p.conversation_id, p.identity_id,
           c.owner_version, {OUT} AS out, {CLOSED} AS closed
    FROM {FROM}
    WHERE p.broadcast_id = :broadcast AND p.state = ANY(:states) AND p.due_at <= :now
      AND (p.state <> 'fixed' OR p.checked_at > :stale)
    ORDER BY p.position LIMIT :most FOR UPDATE OF p SKIP LOCKED
    """  # noqa: S608 (conditions of our own)
)
SAY = text(
    """
    INSERT INTO messages (id, conversation_id, direction, author, kind, text, created_at)
    SELECT message_id, conversation_id, 'out', 'system', :kind, said, :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (message_id uuid, conversation_id uuid, said text)
    ON CONFLICT DO NOTHING
    """
)
SEND = text(
    """
    INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, priority)
    SELECT outbox_id, conversation_id, message_id, channel, payload, 'system', owner_version, :priority
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS r (outbox_id uuid, conversation_id uuid, message_id uuid, channel text, payload jsonb, owner_version int)
    ON CONFLICT DO NOTHING
    """
)
QUEUED = text(
    """
    UPDATE broadcast_people p SET state = 'queued', reason = NULL, message_id = r.message_id,
           by_template = r.by_template, queued_at = :now, settled_at = :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (person_key text, message_id uuid, by_template boolean)
    WHERE p.broadcast_id = :broadcast AND p.person_key = r.person_key
    """
)
NOT_NOW = text(
    """
    UPDATE broadcast_people p SET reason = r.reason,
           state = CASE WHEN r.out THEN 'skipped' ELSE p.state END,
           settled_at = CASE WHEN r.out THEN CAST(:now AS timestamptz) END,
           due_at = CASE WHEN r.out THEN p.due_at ELSE CAST(:later AS timestamptz) END
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (person_key text, reason text, out boolean)
    WHERE p.broadcast_id = :broadcast AND p.person_key = r.person_key
    """
)


@dataclass(frozen=True)
class Means:
    """By what people are written to now."""

    template: bool
    """Whether the template may be used now."""
    templates_left: int
    """How many of them a day's limit still leaves."""


async def about(session: AsyncSession, broadcast: Broadcast) -> About:
    """Return what the words of a broadcast are about."""
    incident = await session.get(Incident, broadcast.incident_id) if broadcast.incident_id else None
    corrected = await session.get(Broadcast, broadcast.corrects_id) if broadcast.corrects_id else None
    return About(
        broadcast.kind,
        broadcast.texts,
        incident=incident.title if incident else "",
        state=incident.status if incident else "",
        as_of=(incident.ended_at or incident.as_of) if incident else None,
        corrected_at=corrected.started_at if corrected else None,
    )


async def means(
    session: AsyncSession, broadcast: Broadcast, usable: Sequence[Template], cap: int, now: datetime
) -> Means:
    """Return whether templates may be used now, and how many."""
    names = {it.name for it in usable}
    ready = broadcast.template is not None and all(it.name in names for it in templates_of(broadcast.kind))
    return Means(ready, max(0, cap - await templates_sent(session, now)))


async def send_some(
    office: Office, session: AsyncSession, broadcast: Broadcast, way: Means, most: int, *, stale: datetime
) -> tuple[int, int]:
    """Hand up to `most` people's messages to the outbox; returns how many went, and how many had their turn.

    The broadcast must be locked: a stop waits for this transaction, or this one sees the stop.
    """
    now = office.clock()
    states = READY.get(broadcast.kind, ("waiting",))
    given = await standing_given(session, broadcast, now) | {"states": list(states), "most": most, "stale": stale}
    rows = (await session.execute(NEXT, given)).all()
    if not rows:
        return 0, 0
    words = await about(session, broadcast)
    sent, other, left = [], [], way.templates_left
    for row in rows:
        if why := row.out or _waits(row, way, left):
            other.append({"person_key": row.person_key, "reason": why, "out": row.out is not None})
            continue
        left -= bool(row.closed)
        sent.append(_message(broadcast, words, row))
    await _write(session, broadcast, sent, other, now)
    await _told_to_agents(office, session, broadcast, rows, sent, other)
    await _left_to_agents(office, session, broadcast, words, rows)
    if sent:
        await office.bell.ring(session, OUTBOX)
    await reach("desk broadcast batch")
    return len(sent), len(rows)


def what_to_say(kind: str, state: str) -> str:
    """Return which text somebody in this state is sent."""
    if kind != RECOVERY:
        return ALL
    return FIXED if state == "fixed" else CLOSED_TEXT


def _waits(row: Any, way: Means, left: int) -> str | None:
    if not row.closed:
        return None
    if not way.template:
        return "window"
    return "template_cap" if left <= 0 else None


def _message(broadcast: Broadcast, words: About, row: Any) -> dict[str, Any]:
    key: UUID = uuid5(broadcast.id, row.person_key)
    what = what_to_say(broadcast.kind, row.state)
    of = Of(row.intent, row.told_at, row.checked_at, row.channel)
    filled = by_template(words, what, of) if row.closed else None
    said = filled.text if filled else reading(words, what, of)
    payload: dict[str, Any] = {"text": said, "buttons": [], "request_contact": False}
    return {
        "person_key": row.person_key,
        "message_id": key,
        "outbox_id": uuid5(key, "outbox"),
        "conversation_id": row.conversation_id,
        "channel": row.channel,
        "said": said,
        "payload": payload | ({"template": filled.payload} if filled else {}),
        "owner_version": row.owner_version,
        "by_template": filled is not None,
    }


async def _write(
    session: AsyncSession,
    broadcast: Broadcast,
    sent: list[dict[str, Any]],
    other: list[dict[str, Any]],
    now: datetime,
) -> None:
    if sent:
        rows = orjson.dumps(sent).decode()
        await session.execute(SAY, {"rows": rows, "kind": KIND, "now": now})
        await session.execute(SEND, {"rows": rows, "priority": PRIORITY})
        await session.execute(QUEUED, {"rows": rows, "broadcast": broadcast.id, "now": now})
    if other:
        given = {"rows": orjson.dumps(other).decode(), "broadcast": broadcast.id, "now": now}
        await session.execute(NOT_NOW, given | {"later": now + LOOK_AGAIN})


async def _told_to_agents(
    office: Office,
    session: AsyncSession,
    broadcast: Broadcast,
    rows: Sequence[Any],
    sent: list[dict[str, Any]],
    other: list[dict[str, Any]],
) -> None:
    """Have the cases of those who are helped know what was found: those who are told, and those an agent is to tell."""
    if broadcast.kind != RECOVERY:
        return
    notes = {it["person_key"]: "fixed" for it in sent} | {
        it["person_key"]: "held" for it in other if it["reason"] == handing.HELD
    }
    fixed = [row.person_key for row in rows if row.state == "fixed" and row.person_key in notes]
    if not fixed:
        return
    people = await session.scalars(
        select(BroadcastPerson)
        .where(BroadcastPerson.broadcast_id == broadcast.id, BroadcastPerson.person_key.in_(fixed))
        .execution_options(populate_existing=True)
    )
    for person in people.all():
        ticket = await handing.open_case(session, person)
        if ticket is not None:
            await handing.add_evidence(session, broadcast, ticket, person.findings)
            title = (await about(session, broadcast)).incident
            await handing.add_note(session, broadcast, person, notes[person.person_key], title, office.clock())
            person.ticket_id = ticket
    await session.flush()


async def _left_to_agents(
    office: Office, session: AsyncSession, broadcast: Broadcast, words: About, rows: Sequence[Any]
) -> None:
    """Let the agents read what those they hold were not sent; of who is helped they read what was found."""
    for row in rows:
        if row.out != handing.HELD or row.state == "fixed":
            continue
        person = await session.get_one(BroadcastPerson, (broadcast.id, row.person_key))
        of = Of(row.intent, row.told_at, row.checked_at, row.channel)
        said = reading(words, what_to_say(broadcast.kind, row.state), of)
        at = office.clock()
        await handing.add_note(session, broadcast, person, "held_words", words.incident, at, unsent=said)
        await office.bell.ring(session, DESK, str(row.conversation_id))
