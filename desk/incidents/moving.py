"""How an incident goes on: which state may follow which, and what must be said when it is over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents.belonging import join
from desk.incidents.cases import link_cases
from desk.incidents.counting import counted
from desk.incidents.incident import locked, not_ahead, public_words, write_down
from desk.refusals import NotWellSaid, Refusal
from records.bell import Bell
from records.database import ReadSession
from records.models import Incident, Staff

SUSPECTED, CONFIRMED, MONITORING, RESOLVED = "suspected", "confirmed", "monitoring", "resolved"
MOVES: dict[str, tuple[str, ...]] = {
    SUSPECTED: (CONFIRMED, RESOLVED),
    CONFIRMED: (MONITORING, RESOLVED),
    MONITORING: (CONFIRMED, RESOLVED),
    RESOLVED: (),
}
"""From which state to which. What is over stays over: if it comes back that is a new incident with its own people."""


class NoWay(Refusal):
    """A state that cannot follow the present one."""

    def __init__(self) -> None:
        super().__init__("Insiden ini tidak bisa berpindah ke status itu. Muat ulang dan lihat statusnya sekarang.")


@dataclass(frozen=True)
class Move:
    """What follows, and what everybody is told with it."""

    to: str
    public_message: str
    as_of: datetime
    ended_at: datetime | None = None
    """When it was over; only with `resolved`, and now where it is not said."""


async def move(
    session: AsyncSession, bell: Bell, incident_id: str, move: Move, *, version: int | None, by: Staff, at: datetime
) -> Incident:
    """Let the incident go on; raises NoSuchIncident, IncidentChanged, NoWay or NotWellSaid."""
    incident = await locked(session, incident_id, version)
    before = incident.status
    if move.to not in MOVES[before]:
        raise NoWay
    words = public_words(move.public_message)
    if move.to == RESOLVED and words == incident.public_message:
        raise NotWellSaid("Tulis kabar penutupnya: kata-kata yang sekarang masih bercerita tentang gangguan.")
    incident.public_message, incident.as_of = words, not_ahead(move.as_of, at, "Waktu kabar")
    incident.status = move.to
    detail: dict[str, str | int] = {"from": before, "to": move.to}
    if move.to == RESOLVED:
        incident.ended_at = _end(incident, move.ended_at, at)
        detail["ended_at"] = incident.ended_at.isoformat()
        # who wrote just before the end belongs to it, and after it is over nobody joins
        await join(session, incident, now=at, news=incident.joined_until)
        await link_cases(session, incident.id, incident.intents)
        incident.joined_until = at
        there = await counted(ReadSession(session), incident.id)
        detail |= {"people": there.people, "conversations": there.conversations}
    await write_down(session, bell, incident, "moved", by=by, at=at, aloud=True, detail=detail)
    return incident


def _end(incident: Incident, ended_at: datetime | None, at: datetime) -> datetime:
    ended = not_ahead(ended_at or at, at, "Waktu pulih")
    if ended < incident.started_at:
        raise NotWellSaid("Waktu pulih lebih awal dari waktu mulai gangguan.")
    return ended
