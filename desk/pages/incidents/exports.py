"""Taking the people of an incident away, as their page lists them: one row a conversation."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.incidents.counting import counted
from desk.incidents.exporting import people_of
from desk.incidents.people import ALL, KINDS, Asked
from desk.incidents.reading import whole
from desk.office import Office, office_of
from desk.pages.incidents.showing import Name
from desk.paper import query
from desk.taking_away import Wanted, take_away
from trends.exporting.pouring import conversations
from trends.labels import channel_label

router = APIRouter(prefix="/insiden/{incident_id}/ekspor")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def incident_export(
    request: Request,
    office: TheOffice,
    incident_id: Name,
    yang: str = ALL,
    kanal: Annotated[str, Query(max_length=20)] = "",
    bentuk: Annotated[Literal["csv", "xlsx"], Query()] = "csv",
) -> Response:
    """Download them."""
    kind = yang if yang in KINDS else ALL
    async with office.database.read() as session:
        incident = (await whole(session, incident_id)).incident
        recovery = (await counted(session, incident_id)).recovery
    asked = Asked(kind=kind, channel=kanal, recovery=recovery.id if recovery else None)
    said = [("Gangguan", incident.title), ("Yang", kind or "semua")]
    wanted = Wanted(
        table=lambda _: conversations(people_of(incident_id, asked), office.clock()),
        form=bentuk,
        title=f"Yang terdampak: {incident.title}",
        file="insiden",
        action="incident_exported",
        object=f"incident:{incident_id}",
        detail={"filter": query(yang=kind, kanal=kanal)},
        about=[*said, ("Kanal", channel_label(kanal))] if kanal else said,
    )
    return await take_away(request, office, wanted)
