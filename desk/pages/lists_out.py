"""Taking lists away as they stand on the screen: the queue, one row a case; whom a broadcast is meant for."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.broadcasts.exporting import recipients
from desk.broadcasts.making import NoSuchBroadcast
from desk.broadcasts.people import part_name
from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.queue_asked import Asked
from desk.queue import reading
from desk.queue.exporting import queue_table
from desk.queue.order import ORDERS
from desk.queue.tabs import tabs_of
from desk.queue.views import teams_of
from desk.taking_away import Wanted, take_away
from records.masking import mask
from records.models import Broadcast

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
Form = Annotated[Literal["csv", "xlsx"], Query()]


@router.get("/antrean/ekspor")
async def queue_export(
    request: Request, office: TheOffice, asked: Annotated[Asked, Depends(Asked)], bentuk: Form = "csv"
) -> Response:
    """Download a tab of the queue under its filters."""
    person = signed_in(request)
    async with office.database.read() as session:
        question = await reading.named(session, asked.by(person, office.clock()))
        tab = tabs_of(await teams_of(session, person)).get(asked.tab, "Tim")
    # of the words a name is looked for by, the file and the audit say no number of anybody
    words = {name: mask(value).text if name == "cari" else value for name, value in asked.words.items() if value}
    wanted = Wanted(
        table=lambda _: queue_table(question),
        form=bentuk,
        title=f"Antrean: {tab}",
        file=f"antrean-{asked.tab}",
        action="queue_exported",
        object="queue",
        detail={"filter": asked.address(**words)},
        about=[("Tab", tab), *words.items(), *([("Urutan", ORDERS[asked.order])] if asked.order else [])],
    )
    return await take_away(request, office, wanted)


@router.get("/siaran/{broadcast_id}/ekspor")
async def broadcast_export(
    request: Request,
    office: TheOffice,
    broadcast_id: UUID,
    bagian: Annotated[str, Query(max_length=100)] = "semua",
    bentuk: Form = "csv",
) -> Response:
    """Download the people behind a number of a broadcast."""
    part = bagian.replace("\0", "")
    async with office.database.read() as session:
        broadcast = await session.get(Broadcast, broadcast_id)
        if broadcast is None:
            raise NoSuchBroadcast
        table = await recipients(session, broadcast, part, office.clock())
    wanted = Wanted(
        table=lambda _: table,
        form=bentuk,
        title=f"Penerima {broadcast.number}: {broadcast.title}",
        file=f"siaran-{broadcast.number}",
        action="broadcast_exported",
        object=f"broadcast:{broadcast_id}",
        detail={"filter": f"?bagian={part}"},
        about=[("Siaran", f"{broadcast.number} {broadcast.title}"), ("Bagian", part_name(part))],
    )
    return await take_away(request, office, wanted)
