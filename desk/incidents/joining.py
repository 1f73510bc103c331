"""Who complains later joins an incident by itself, seconds after; and their case is linked when it is opened."""

from datetime import timedelta

from sqlalchemy import or_, select

from desk.incidents.belonging import LATE, join
from desk.incidents.cases import link_cases
from desk.incidents.incident import locked
from desk.incidents.moving import RESOLVED
from desk.office import Office
from desk.rounds.round import Round
from records.bell import DESK
from records.models import Incident

GOING_ON = or_(
    Incident.status != RESOLVED,
    # what was said before the end may have been committed after it
    Incident.joined_until < Incident.ended_at + LATE,
)


async def let_join(office: Office) -> int:
    """Look at what was said since the last time; returns how many joined."""
    async with office.database.read() as session:
        wanted = select(Incident.id).where(GOING_ON, Incident.intents != []).order_by(Incident.id)
        incidents = list(await session.scalars(wanted))
    return sum([await _join(office, incident_id) for incident_id in incidents])


async def _join(office: Office, incident_id: str) -> int:
    async with office.database.write() as session:
        incident = await locked(session, incident_id)
        now = office.clock()
        # a clock that was set back must not hide what is said now
        known = min(incident.joined_until, now) - LATE if incident.joined_until else None
        joined = await join(session, incident, now=now, news=known)
        linked = await link_cases(session, incident.id, incident.intents, news=known)
        incident.joined_until = now
        if joined or linked:
            await office.bell.ring(session, DESK)
    return joined


ROUND = Round("incidents", timedelta(seconds=3), let_join)
