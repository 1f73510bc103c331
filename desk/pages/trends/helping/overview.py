"""The page of the service: how well people were helped in a range, and compared with the range before."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.pages.trends.asked import TheOffice, TheQuestion, Word, address
from desk.pages.trends.helping.figures import figures
from desk.pages.trends.helping.seen import look
from desk.pages.trends.helping.tiles import tiles
from desk.pages.trends.helping.words import BY, BY_SAID, PLACE, untold_said
from desk.paper import page

router = APIRouter(prefix=PLACE)


@router.get("")
async def service_page(request: Request, office: TheOffice, asked: TheQuestion, menurut: Word = "tim") -> Response:
    """Show the figures of the range."""
    by = menurut if menurut in BY else "tim"
    seen = await look(office.database, asked.within, by, asked.names, office.clock())
    return page(
        request,
        "service.html",
        asked=asked,
        seen=seen,
        tiles=tiles(seen),
        figures=figures(seen),
        ways=[(name, said, PLACE + address(asked.within, menurut=name), name == by) for name, said in BY_SAID.items()],
        untold=untold_said(list(seen.untold)) if seen.untold else "",
    )
