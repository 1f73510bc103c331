"""Reading incidents: the list with the open ones first, and one of them with its owner, timeline and follow-ups."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased

from desk.incidents.incident import NoSuchIncident
from desk.incidents.moving import RESOLVED
from desk.rights import AUDITOR
from records.database import ReadSession
from records.models import Incident, IncidentEvent, IncidentFollowUp, Staff, Suspicion

MOST_RESOLVED = 50
MOST_EVENTS = 200
SIZES = """
SELECT p.incident_id, count(*) AS conversations, count(DISTINCT p.person_key) AS people
FROM incident_people p JOIN incidents i ON i.id = p.incident_id AND i.status <> 'resolved'
WHERE p.taken_out_at IS NULL GROUP BY p.incident_id
"""
ENDS = """
SELECT DISTINCT ON (incident_id) incident_id, (detail ->> 'conversations')::int AS conversations,
       (detail ->> 'people')::int AS people
FROM incident_events WHERE incident_id = ANY(CAST(:ids AS text[])) AND kind = 'moved' AND detail ->> 'to' = 'resolved'
ORDER BY incident_id, id DESC
"""


@dataclass(frozen=True)
class Line:
    """One incident of the list."""

    incident: Incident
    owner: str | None
    people: int | None
    """Now while it goes on; when it was over afterwards; None where that is not known."""
    conversations: int | None


@dataclass(frozen=True)
class Happened:
    """One event with who did it."""

    event: IncidentEvent
    by: str | None


@dataclass(frozen=True)
class FollowUp:
    """One thing to be done, and whether it is."""

    id: UUID
    what: str
    owner: str
    due_on: date
    done_at: datetime | None


@dataclass(frozen=True)
class Whole:
    """One incident with everything but its people."""

    incident: Incident
    owner: Staff | None
    happened: list[Happened]
    older: int
    """Events that are not shown."""
    follow_ups: list[FollowUp]


async def lines(session: ReadSession) -> list[Line]:
    """Return the open incidents, then the latest of those that are over."""
    over = Incident.status == RESOLVED
    order = (over, func.coalesce(Incident.ended_at, Incident.started_at).desc(), Incident.id.desc())
    open_first = select(Incident, Staff.name).outerjoin(Staff, Staff.id == Incident.owner_id).order_by(*order)
    rows = (await session.execute(open_first.where(~over))).all()
    rows = [*rows, *(await session.execute(open_first.where(over).limit(MOST_RESOLVED))).all()]
    ids = [incident.id for incident, _ in rows]
    sizes: dict[str, Any] = {row.incident_id: row for row in await session.execute(text(SIZES))}
    sizes |= {row.incident_id: row for row in await session.execute(text(ENDS), {"ids": ids})}
    return [_line(incident, owner, sizes.get(incident.id)) for incident, owner in rows]


async def whole(session: ReadSession, incident_id: str) -> Whole:
    """Return one incident; raises NoSuchIncident."""
    incident = await session.get(Incident, incident_id)
    if incident is None:
        raise NoSuchIncident
    owner = await session.get(Staff, incident.owner_id) if incident.owner_id else None
    happened = (
        select(IncidentEvent, Staff.name)
        .outerjoin(Staff, Staff.id == IncidentEvent.by_id)
        .where(IncidentEvent.incident_id == incident_id)
        .order_by(IncidentEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    events = [Happened(event, by) for event, by in await session.execute(happened)]
    count = select(func.count()).select_from(IncidentEvent).where(IncidentEvent.incident_id == incident_id)
    older = (await session.scalar(count) or 0) - len(events)
    return Whole(incident, owner, events, older, await _follow_ups(session, incident_id))


async def owners(session: ReadSession) -> list[Staff]:
    """Return who can see to an incident."""
    there = select(Staff).where(Staff.active, Staff.role != AUDITOR).order_by(Staff.name).limit(300)
    return list(await session.scalars(there))


async def undecided(session: ReadSession) -> list[Suspicion]:
    """Return the suspicions that wait for somebody's decision, newest first."""
    waiting = select(Suspicion).where(Suspicion.status == "open").order_by(Suspicion.found_at.desc()).limit(20)
    return list(await session.scalars(waiting))


def _line(incident: Incident, owner: str | None, size: Any) -> Line:
    return Line(incident, owner, size.people if size else None, size.conversations if size else None)


async def _follow_ups(session: ReadSession, incident_id: str) -> list[FollowUp]:
    who = aliased(Staff)
    wanted = (
        select(IncidentFollowUp, who.name)
        .join(who, who.id == IncidentFollowUp.owner_id)
        .where(IncidentFollowUp.incident_id == incident_id)
        .order_by(IncidentFollowUp.due_on, IncidentFollowUp.made_at)
    )
    return [FollowUp(it.id, it.what, name, it.due_on, it.done_at) for it, name in await session.execute(wanted)]
