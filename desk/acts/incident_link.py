"""Linking a case to an incident: it is one of many, and what may be said about them all is known.

Whose case it is belongs to the incident from then on; cutting the case off takes that conversation out again. Who comes
or goes so stands in the incident's timeline too. The incident is locked before the case, as whoever moves people does.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.case import Case, locked_case, set_ticket
from desk.acts.steering import write_down
from desk.incidents.incident import NoSuchIncident, locked
from desk.incidents.incident import write_down as tell
from desk.incidents.membership import bring, remove
from desk.refusals import ChangedMeanwhile, NotWellSaid
from records.bell import Bell
from records.models import Incident, IncidentPerson, Staff, Ticket


async def link(
    session: AsyncSession, bell: Bell, *, ticket_id: UUID, incident_id: str | None, staff: Staff, at: datetime
) -> bool:
    """Link the case to this incident, or to none; False when it is so already.

    Raises NotWellSaid, NoSuchCase, NeedsPermit or ChangedMeanwhile. An incident that ended can still be named.
    """
    before = await session.scalar(select(Ticket.incident_id).where(Ticket.id == ticket_id))
    incidents = await _locked(session, {before, incident_id})
    case = await locked_case(session, ticket_id, by=staff, at=at)
    if case.ticket.incident_id != before:
        raise ChangedMeanwhile
    if before == incident_id:
        return False
    if incident_id and incident_id not in incidents:
        raise NotWellSaid("Insiden itu tidak ada. Pilih dari daftar.")
    chat = {"conversation": str(case.conversation.id)}
    if before and await _cut_off(session, before, case, staff, at):
        said = f"Tiket {case.ticket.number} dilepas."
        await tell(session, bell, incidents[before], "person_out", by=staff, at=at, said=said, detail=chat)
    if incident_id and await bring(session, incident_id, case.ticket, how="ticket", why=None, at=at):
        said = f"Tiket {case.ticket.number} dikaitkan."
        await tell(session, bell, incidents[incident_id], "person_in", by=staff, at=at, said=said, detail=chat)
    await set_ticket(session, case.ticket, incident_id=incident_id)
    action = "incident_linked" if incident_id else "incident_unlinked"
    await write_down(session, bell, case, action, by=staff, at=at, detail={"incident": incident_id or before})
    return True


async def _locked(session: AsyncSession, wanted: set[str | None]) -> dict[str, Incident]:
    """Return those of these incidents that there are, locked one after the other by their names."""
    found = {}
    for name in sorted(it for it in wanted if it):
        with suppress(NoSuchIncident):
            found[name] = await locked(session, name)
    return found


async def _cut_off(session: AsyncSession, incident_id: str, case: Case, staff: Staff, at: datetime) -> bool:
    whose = {"incident_id": incident_id, "conversation_id": case.conversation.id}
    there = await session.get(IncidentPerson, whose, populate_existing=True)
    if there is None or there.taken_out_at is not None:
        return False
    await remove(session, there, as_="ticket", why="Kasusnya dilepas dari insiden ini.", by=staff, at=at)
    return True
