"""Taking away exactly what is on the screen: one row a conversation or one a message, as CSV or XLSX."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from desk.access import openable
from desk.door import signed_in
from desk.pages.trends.asked import TheOffice, TheQuestion
from desk.pages.trends.rows import TheFigure, figure_address
from desk.taking_away import Wanted, take_away
from records.database import ReadSession
from trends.behind import CHATS, COMPLAINTS
from trends.exporting.chosen import complaining
from trends.exporting.pouring import Table, conversations, messages

router = APIRouter(prefix="/tren")


@router.get("/ekspor")
async def trends_export(
    request: Request,
    office: TheOffice,
    asked: TheQuestion,
    figure: TheFigure,
    baris: Annotated[Literal["percakapan", "pesan"], Query()] = "percakapan",
    bentuk: Annotated[Literal["csv", "xlsx"], Query()] = "csv",
) -> Response:
    """Download the rows of a figure, as its page lists them."""
    within, who = asked.within, signed_in(request)

    def table(session: ReadSession) -> Table:
        if baris == "pesan":
            return messages(within, partial(openable, session, who), figure.rows())
        # a conversation is told by all its complaints, the one that stands for it on the screen only places it
        every = replace(figure, of=COMPLAINTS) if figure.of == CHATS else figure
        return conversations(complaining(within, every.rows()), office.clock())

    wanted = Wanted(
        table=table,
        form=bentuk,
        title="Keluhan peserta",
        file=f"tren-{within.first}-{within.last}",
        action="trends_exported",
        object="trends",
        detail={"filter": figure_address(figure)},
        about=[
            ("Rentang (hari WIB)", asked.said),
            *((each.label, each.said) for each in asked.chosen),
        ],
    )
    return await take_away(request, office, wanted)
