"""Giving the agents what the new look found: to the case that is open, else a case is opened with it, as the bot does.

One transaction a person, decided by their row: nobody is handed over twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from checks.finding import Queue
from checks.plans import PLANS
from desk.broadcasts.words import topic, when, words
from records.bell import DESK, Bell
from records.models import Broadcast, BroadcastPerson, ChannelIdentity, Incident, Message, Ticket
from records.promises import read_rules

UNASKED, TO_AGENTS, HELD = "unasked", "to_agents", "held"
INTENT = "system_outage"
"""What a case is about whose person was taken in by hand, with nothing they told of."""
ADD = text(
    """
    UPDATE tickets SET evidence = evidence || CAST(:evidence AS jsonb), version = version + 1,
           incident_id = COALESCE(incident_id, :incident)
    WHERE id = :ticket
    """
)


async def hand_over(
    session: AsyncSession, bell: Bell, broadcast: Broadcast, person: BroadcastPerson, *, reason: str, at: datetime
) -> UUID:
    """Give the person's case, or a new one, what was found out; the person's row must be locked."""
    incident = await session.get(Incident, broadcast.incident_id) if broadcast.incident_id else None
    title = incident.title if incident else broadcast.title
    ticket = await open_case(session, person)
    if ticket is None:
        ticket = await _open(session, broadcast, person, title, at)
    else:
        await add_evidence(session, broadcast, ticket, person.findings)
    note = "unasked" if reason == UNASKED else "held" if reason == HELD else "not_fixed"
    await add_note(session, broadcast, person, note, title, at)
    await bell.ring(session, DESK, str(person.conversation_id))
    return ticket


async def open_case(session: AsyncSession, person: BroadcastPerson) -> UUID | None:
    """Return the case that is open for this person, in this chat or in another of theirs."""
    theirs = [Ticket.conversation_id == person.conversation_id]
    if person.participant_id:
        theirs.append(Ticket.participant_id == person.participant_id)
    found: UUID | None = await session.scalar(
        select(Ticket.id)
        .where(Ticket.status != "resolved", or_(*theirs))
        .order_by(Ticket.conversation_id != person.conversation_id, Ticket.opened_at)
        .limit(1)
    )
    return found


async def add_evidence(
    session: AsyncSession, broadcast: Broadcast, ticket: UUID, findings: Sequence[dict[str, Any]]
) -> None:
    """Put the findings beside what the case has."""
    given = {"ticket": ticket, "evidence": orjson.dumps(list(findings)).decode(), "incident": broadcast.incident_id}
    await session.execute(ADD, given)


async def add_note(
    session: AsyncSession,
    broadcast: Broadcast,
    person: BroadcastPerson,
    note: str,
    incident: str,
    at: datetime,
    unsent: str = "",
) -> None:
    """Tell staff, in the conversation, what was found, or what the person was not sent; once."""
    said = str(words()["notes"][note]).format(
        insiden=incident,
        siaran=broadcast.number,
        dicek=when(person.checked_at),
        temuan=_found(person.findings),
        isi=unsent,
    )
    values = {
        "id": uuid5(broadcast.id, f"note {person.person_key}"),
        "conversation_id": person.conversation_id,
        "direction": "note",
        "author": "system",
        "text": said,
        "created_at": at,
    }
    await session.execute(insert(Message).values(values).on_conflict_do_nothing())


async def _open(
    session: AsyncSession, broadcast: Broadcast, person: BroadcastPerson, incident: str, at: datetime
) -> UUID:
    intent = person.intent or INTENT
    plan = PLANS.get(intent)
    queue = str(plan.queue if plan else Queue.PMO_TRANSACTION)
    known = await session.get(ChannelIdentity, person.identity_id) if person.identity_id else None
    made = (await read_rules(session, queue=queue)).promised(intent, queue, "normal", at)
    said = {"insiden": incident, "topik": topic(intent).capitalize(), "temuan": _found(person.findings)}
    opened: UUID | None = await session.scalar(
        insert(Ticket)
        .values(
            conversation_id=person.conversation_id,
            participant_id=known.participant_id if known else None,
            intent=intent,
            platform=person.platform,
            summary=str(words()["notes"]["summary"]).format(**said),
            reason=str(words()["notes"]["ticket"]).format(**said),
            queue=queue,
            evidence=person.findings,
            incident_id=broadcast.incident_id,
            opened_by_turn=uuid5(broadcast.id, f"case {person.person_key}"),
            opened_at=at,
            promised_at=made.answer_by,
            resolve_by=made.resolve_by,
        )
        .on_conflict_do_nothing()
        .returning(Ticket.id)
    )
    if opened is None:
        # the bot opened one in between: it is there now
        opened = await open_case(session, person)
    assert opened is not None  # noqa: S101 (one open case a conversation)
    return opened


def _found(findings: Sequence[dict[str, Any]]) -> str:
    said = [str(it["summary"]) for it in findings if it.get("summary")]
    return "; ".join(dict.fromkeys(said)) + "." if said else ""
