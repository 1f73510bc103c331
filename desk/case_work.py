"""What the right column of a conversation needs: what can be done with the case beside answering it.

Everything the forms offer is asked in one question, for the column is read with every opening and every refresh.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from desk.acts.priority import PRIORITIES
from desk.acts.snooze import choices
from desk.looking import View
from desk.merged import merged_into
from desk.pieces import KNOWN_BY
from desk.rights import HANDLING, LEADING
from desk.sessions import Person
from records.database import ReadSession
from records.models import Ticket

OFFERS = text(
    """
    SELECT (SELECT COALESCE(jsonb_agg(name ORDER BY name), '[]') FROM (SELECT name FROM tags ORDER BY name LIMIT 200) t)
               AS tags,
           (SELECT COALESCE(jsonb_agg(jsonb_build_array(id, name) ORDER BY name), '[]') FROM teams) AS teams,
           (SELECT jsonb_agg(jsonb_build_array(id, username, name, role, away_since) ORDER BY name)
            FROM (SELECT * FROM staff WHERE active ORDER BY name LIMIT 300) s) AS people,
           (SELECT COALESCE(jsonb_agg(jsonb_build_array(id, title, platforms, started_at, public_message)
                                      ORDER BY id = :incident DESC, platforms @> to_jsonb(CAST(:platform AS text)) DESC,
                                      started_at DESC), '[]')
            FROM incidents WHERE status <> 'resolved' OR id = :incident) AS incidents,
           (SELECT COALESCE(jsonb_agg(jsonb_build_array(o.number, o.intent, o.channel, o.opened_at)
                                      ORDER BY o.opened_at), '[]')
            FROM conversations c JOIN identities i ON i.id = c.identity_id
            JOIN identities same ON same.participant_id = i.participant_id
            JOIN conversations d ON d.identity_id = same.id
            JOIN tickets o ON o.conversation_id = d.id AND o.status <> 'resolved' AND o.id <> :ticket
            WHERE c.id = :conversation) AS candidates,
           (SELECT COALESCE(jsonb_agg(id), '[]') FROM tickets WHERE merged_into_id = :ticket) AS merged,
           (SELECT number FROM tickets WHERE id = :master) AS master
    """
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who can be named in a note, and perhaps given a case."""

    id: UUID
    username: str
    name: str
    handles: bool
    away_since: datetime | None


@dataclass(frozen=True)
class Outage:
    """An incident as the form offers it."""

    id: str
    title: str
    platforms: tuple[str, ...]
    started_at: datetime
    public_message: str


@dataclass(frozen=True)
class Candidate:
    """Another open case of the participant this one is proven to belong to."""

    number: str
    intent: str
    channel: str
    opened_at: datetime


async def read_case_work(session: ReadSession, view: View, person: Person, now: datetime) -> dict[str, Any]:
    """Return what the forms offer; who may not act, or where there is no case, needs nothing of it."""
    ticket = view.ticket
    if person.role not in HANDLING or ticket is None:
        return {"work": None, KNOWN_BY: (person.role, ticket is None, view.conversation.owner)}
    given = {
        "ticket": ticket.id,
        "conversation": ticket.conversation_id,
        "incident": ticket.incident_id or "",
        "platform": ticket.platform or "",
        "master": ticket.merged_into_id,
    }
    offers = (await session.execute(OFFERS, given)).one()
    people = [_colleague(*row) for row in offers.people or ()]
    incidents = [Outage(id_, title, tuple(on), _at(since), said) for id_, title, on, since, said in offers.incidents]
    work = {
        "tags": [name for name in offers.tags if name not in ticket.tags],
        "priorities": PRIORITIES,
        "snoozes": choices(now),
        "incident": next((one for one in incidents if one.id == ticket.incident_id), None),
        "incidents": [one for one in incidents if one.id != ticket.incident_id],
        "candidates": [Candidate(number, intent, on, _at(at)) for number, intent, on, at in offers.candidates],
        "merged": await merged_into(session, [UUID(one) for one in offers.merged], now),
        "master": offers.master,
        "colleagues": [one for one in people if one.handles and one.id not in (person.id, ticket.staff_id)],
        "named": people,
        "teams": [(UUID(id_), name) for id_, name in offers.teams],
        "steers": ticket.status != "claimed" or ticket.staff_id == person.id or person.role in LEADING,
        "leads": person.role in LEADING,
    }
    return {"work": work, KNOWN_BY: _state(ticket, view, work)}


def _colleague(id_: str, username: str, name: str, role: str, away_since: str | None) -> Colleague:
    return Colleague(UUID(id_), username, name, role in HANDLING, _at(away_since) if away_since else None)


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _state(ticket: Ticket, view: View, work: dict[str, Any]) -> tuple[object, ...]:
    """What the piece depends on: neither the keys of its forms nor the passing of time are news."""
    return (
        *(ticket.number, ticket.status, ticket.staff_id, ticket.team_id, ticket.priority, ticket.promised_at),
        *(tuple(ticket.tags), ticket.snoozed_until, ticket.incident_id, ticket.merged_into_id, view.conversation.owner),
        tuple((one.ticket.number, one.undoable, one.lines[-1:]) for one in work["merged"]),
        *(tuple(work[name]) for name in ("candidates", "incidents", "colleagues", "teams")),
    )
