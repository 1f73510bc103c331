"""What everybody is told: the public words, of what time they are, when it may be over; and what only staff read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents.incident import locked, not_ahead, plain_words, public_words, reason, write_down
from desk.incidents.moving import RESOLVED
from desk.incidents.opening import SEVERITIES, check_estimate, must_own
from desk.notices import INCIDENT, give_news
from desk.refusals import NotWellSaid, Refusal
from desk.rights import ADMIN, LEAD, PMO
from records.bell import Bell
from records.models import Incident, Staff


class IsOver(Refusal):
    """Nothing is told any more of an incident that is over."""

    def __init__(self) -> None:
        super().__init__("Insiden ini sudah selesai; kabar penutupnya tetap seperti saat itu.")


async def say(
    session: AsyncSession,
    bell: Bell,
    incident_id: str,
    *,
    words: str,
    as_of: datetime,
    estimate: datetime | None,
    version: int | None,
    by: Staff,
    at: datetime,
) -> Incident:
    """Tell everybody something new; raises NoSuchIncident, IncidentChanged, IsOver or NotWellSaid."""
    incident = await locked(session, incident_id, version)
    if incident.status == RESOLVED:
        raise IsOver
    if estimate != incident.estimated_end_at:
        check_estimate(estimate, at)
    if as_of < incident.as_of:
        raise NotWellSaid("Kabar ini lebih tua dari kabar yang sudah ada. Tulis waktu kabarnya dengan benar.")
    detail = {"estimate": [_told(incident.estimated_end_at), _told(estimate)]} if _differs(incident, estimate) else {}
    incident.public_message, incident.as_of = public_words(words), not_ahead(as_of, at, "Waktu kabar")
    incident.estimated_end_at = estimate
    await write_down(session, bell, incident, "said", by=by, at=at, aloud=True, detail=detail)
    return incident


async def note(session: AsyncSession, bell: Bell, incident_id: str, *, words: str, by: Staff, at: datetime) -> None:
    """Write something into the timeline that only staff read; raises NoSuchIncident or NotWellSaid."""
    incident = await locked(session, incident_id)
    said = plain_words(words, 3, "Tulis catatannya dulu.")
    await write_down(session, bell, incident, "noted", by=by, at=at, said=said)


async def describe(
    session: AsyncSession,
    bell: Bell,
    incident_id: str,
    *,
    title: str,
    severity: str,
    source: str,
    version: int | None,
    by: Staff,
    at: datetime,
) -> bool:
    """Change title, severity or source; False where nothing differs. Raises what `say` raises but IsOver."""
    incident = await locked(session, incident_id, version)
    if severity not in SEVERITIES:
        raise NotWellSaid("Pilih tingkat dari daftar.")
    new = {
        "title": plain_words(title, 5, "Beri judul yang bisa dikenali, paling sedikit lima huruf."),
        "severity": severity,
        "source": plain_words(source, 3, "Tulis dari siapa kabarnya."),
    }
    changed = {
        name: [getattr(incident, name), value] for name, value in new.items() if getattr(incident, name) != value
    }
    if not changed:
        return False
    for name, value in new.items():
        setattr(incident, name, value)
    await write_down(session, bell, incident, "changed", by=by, at=at, detail=changed)
    return True


async def hand_over(
    session: AsyncSession, bell: Bell, incident_id: str, *, to: UUID, why: str, by: Staff, at: datetime
) -> bool:
    """Give the incident to somebody else; False where it is theirs. Raises NoSuchIncident or NotWellSaid."""
    incident = await locked(session, incident_id)
    owner = await must_own(session, to)
    if incident.owner_id == owner.id:
        return False
    before = await session.get(Staff, incident.owner_id) if incident.owner_id else None
    incident.owner_id = owner.id
    detail = {"owner": [before.username if before else "", owner.username]}
    await write_down(session, bell, incident, "handed_over", by=by, at=at, said=reason(why), detail=detail)
    said = f"{incident.title}: sekarang dipegang {owner.name}"
    roles = {owner.role, LEAD, ADMIN, PMO}
    await give_news(session, bell, INCIDENT, f"/insiden/{incident.id}", roles=roles, said=said, at=at)
    return True


def _differs(incident: Incident, estimate: datetime | None) -> bool:
    return incident.estimated_end_at != estimate


def _told(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
