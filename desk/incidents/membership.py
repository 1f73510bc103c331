"""One person of an incident: taken in by hand or by their case, taken out, put back; always with the reason.

Whoever writes in several chats goes out, and comes back, in all of them: a broadcast is to people, not to chats.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents.cases import cut_off, link_case_of
from desk.incidents.incident import locked, reason, write_down
from desk.refusals import NoSuchCase, NotWellSaid
from records.bell import Bell
from records.models import Conversation, IncidentPerson, Staff, Ticket

TAKE_IN = """
INSERT INTO incident_people AS p (incident_id, conversation_id, identity_id, participant_id, person_key, turn_id,
                                  intent, platform, channel, first_at, last_at, joined_at, how, reason)
SELECT :incident, c.id, i.id, i.participant_id, COALESCE(i.participant_id, i.id::text, c.id::text), NULL,
       :intent, :platform, c.channel, COALESCE(c.last_inbound_at, :now), COALESCE(c.last_inbound_at, :now), :now, :how,
       :why
FROM conversations c LEFT JOIN identities i ON i.id = c.identity_id WHERE c.id = :conversation
ON CONFLICT (incident_id, conversation_id) DO UPDATE
SET how = excluded.how, reason = excluded.reason, taken_out_at = NULL, taken_out_by = NULL, taken_out_why = NULL,
    taken_out_as = NULL
WHERE p.taken_out_at IS NOT NULL
"""


async def take_in(
    session: AsyncSession, bell: Bell, incident_id: str, *, number: str, why: str, by: Staff, at: datetime
) -> bool:
    """Take in whoever the case of this number is about, or put them back; False where they belong to it already.

    Raises NoSuchIncident or NotWellSaid.
    """
    incident = await locked(session, incident_id)
    ticket = await session.scalar(select(Ticket).where(Ticket.number == number.strip().upper()))
    if ticket is None:
        raise NotWellSaid("Tidak ada tiket dengan nomor itu.")
    words = reason(why)
    if not await bring(session, incident_id, ticket, how="by_hand", why=words, at=at):
        return False
    await link_case_of(session, incident_id, ticket.conversation_id)
    await write_down(
        session, bell, incident, "person_in", by=by, at=at, said=words, detail=_named(ticket.conversation_id)
    )
    return True


async def bring(
    session: AsyncSession, incident_id: str, ticket: Ticket, *, how: str, why: str | None, at: datetime
) -> bool:
    """Have the conversation of a case belong to an incident; False where it does."""
    given: dict[str, Any] = {"incident": incident_id, "conversation": ticket.conversation_id, "how": how, "why": why}
    given |= {"intent": ticket.intent, "platform": ticket.platform, "now": at}
    done = await session.execute(text(TAKE_IN), given)
    return bool(done.rowcount)  # type: ignore[attr-defined]


async def take_out(
    session: AsyncSession, bell: Bell, incident_id: str, *, conversation: UUID, why: str, by: Staff, at: datetime
) -> bool:
    """Take one person out, in all their chats and with their open cases; False where this chat is out.

    They stay out whatever they write, and wherever. Raises NoSuchIncident, NoSuchCase or NotWellSaid.
    """
    incident = await locked(session, incident_id)
    person = await _person(session, incident_id, conversation)
    words = reason(why)
    if person.taken_out_at is not None:
        return False
    chats = await _chats(session, person, IncidentPerson.taken_out_at.is_(None))
    for chat in chats:
        await remove(session, chat, as_="by_hand", why=words, by=by, at=at)
        await cut_off(session, incident_id, chat.conversation_id)
    detail = _named(conversation, len(chats))
    await write_down(session, bell, incident, "person_out", by=by, at=at, said=words, detail=detail)
    return True


async def remove(
    session: AsyncSession, person: IncidentPerson, *, as_: str, why: str | None, by: Staff, at: datetime
) -> None:
    """Mark somebody as taken out."""
    person.taken_out_at, person.taken_out_by = at, by.id
    person.taken_out_as, person.taken_out_why = as_, why
    await session.flush()


async def put_back(
    session: AsyncSession, bell: Bell, incident_id: str, *, conversation: UUID, why: str, by: Staff, at: datetime
) -> bool:
    """Put somebody back who was taken out, with their open cases; False where this chat is in.

    Their other chats come back where they were taken out by hand, as by one act they were.

    From then on they belong to it because staff said so, and a narrower scope does not take them out again.
    Raises NoSuchIncident, NoSuchCase or NotWellSaid.
    """
    incident = await locked(session, incident_id)
    person = await _person(session, incident_id, conversation)
    words = reason(why)
    if person.taken_out_at is None:
        return False
    back = {"taken_out_at": None, "taken_out_by": None, "taken_out_why": None, "taken_out_as": None}
    by_hand = IncidentPerson.taken_out_as == "by_hand"
    chats = await _chats(session, person, or_(by_hand, IncidentPerson.conversation_id == conversation))
    those = IncidentPerson.conversation_id.in_([chat.conversation_id for chat in chats])
    await session.execute(
        update(IncidentPerson)
        .where(IncidentPerson.incident_id == incident_id, those)
        .values(how="by_hand", reason=words, **back)
    )
    for chat in chats:
        await link_case_of(session, incident_id, chat.conversation_id)
    detail = _named(conversation, len(chats))
    await write_down(session, bell, incident, "person_back", by=by, at=at, said=words, detail=detail)
    return True


async def _person(session: AsyncSession, incident_id: str, conversation: UUID) -> IncidentPerson:
    if await session.get(Conversation, conversation) is None:
        raise NoSuchCase
    whose = {"incident_id": incident_id, "conversation_id": conversation}
    person = await session.get(IncidentPerson, whose, populate_existing=True)
    if person is None:
        raise NoSuchCase
    return person


async def _chats(session: AsyncSession, person: IncidentPerson, which: ColumnElement[bool]) -> list[IncidentPerson]:
    """Return the rows of one person in the incident, one a chat."""
    theirs = (IncidentPerson.incident_id == person.incident_id, IncidentPerson.person_key == person.person_key)
    rows = select(IncidentPerson).where(*theirs, which).order_by(IncidentPerson.conversation_id)
    return list(await session.scalars(rows.execution_options(populate_existing=True)))


def _named(conversation: UUID, chats: int = 1) -> dict[str, Any]:
    return {"conversation": str(conversation), **({"conversations": chats} if chats > 1 else {})}
