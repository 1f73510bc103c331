"""Looking back at an incident that is over: what happened, what we change, and who does what by when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents.incident import locked, plain_words, write_down
from desk.incidents.moving import RESOLVED
from desk.incidents.opening import must_own
from desk.refusals import NoSuchCase, NotWellSaid, Refusal
from records.bell import Bell
from records.clock import wib
from records.models import Incident, IncidentFollowUp, Staff


class NotOver(Refusal):
    """What is still going on is not looked back at."""

    def __init__(self) -> None:
        super().__init__("Tinjauan ditulis setelah insiden selesai.")


async def review(
    session: AsyncSession,
    bell: Bell,
    incident_id: str,
    *,
    happened: str,
    changes: str,
    version: int | None,
    by: Staff,
    at: datetime,
) -> None:
    """Write what happened and what changes; raises NoSuchIncident, IncidentChanged, NotOver or NotWellSaid."""
    incident = await _over(session, incident_id, version)
    incident.review = {
        "happened": plain_words(happened, 10, "Tulis apa yang terjadi, sampai 2.000 huruf."),
        "changes": plain_words(changes, 10, "Tulis apa yang kita ubah, sampai 2.000 huruf."),
        "by": by.username,
        "at": at.isoformat(),
    }
    said = f"{incident.review['happened']}\n\n{incident.review['changes']}"
    await write_down(session, bell, incident, "reviewed", by=by, at=at, said=said)


async def follow_up(
    session: AsyncSession, bell: Bell, incident_id: str, *, what: str, owner: UUID, due: date, by: Staff, at: datetime
) -> None:
    """Write down something to be done; raises NoSuchIncident, NotOver or NotWellSaid."""
    incident = await _over(session, incident_id, None)
    who = await must_own(session, owner)
    words = plain_words(what, 5, "Tulis apa yang akan dikerjakan.")
    if due < wib(at).date():
        raise NotWellSaid("Tenggatnya sudah lewat.")
    session.add(IncidentFollowUp(incident_id=incident.id, what=words, owner_id=who.id, due_on=due, made_at=at))
    detail = {"owner": who.username, "due": due.isoformat()}
    await write_down(session, bell, incident, "follow_up", by=by, at=at, said=words, detail=detail)


async def finish(session: AsyncSession, bell: Bell, follow_up_id: UUID, *, by: Staff, at: datetime) -> str:
    """Mark a follow-up as done, or as not done after all; returns its incident. Raises NoSuchCase."""
    wanted = await session.get(IncidentFollowUp, follow_up_id, with_for_update=True)
    if wanted is None:
        raise NoSuchCase
    incident = await locked(session, wanted.incident_id)
    done = wanted.done_at is None
    wanted.done_at, wanted.done_by = (at, by.id) if done else (None, None)
    kind = "follow_up_done" if done else "follow_up_open"
    await write_down(session, bell, incident, kind, by=by, at=at, said=wanted.what)
    return incident.id


async def _over(session: AsyncSession, incident_id: str, version: int | None) -> Incident:
    incident = await locked(session, incident_id, version)
    if incident.status != RESOLVED:
        raise NotOver
    return incident
