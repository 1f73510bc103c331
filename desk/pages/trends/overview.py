"""The PMO's first page: what participants suffer from in a range, what changed, and how surely."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.pages.trends.asked import TheOffice, TheQuestion, rows_at
from desk.pages.trends.figures import BY, figure_of
from desk.pages.trends.seen import PARTS, Seen, look
from desk.pages.trends.tiles import tiles
from desk.pages.trends.told import lead
from desk.pages.trends.words import arrow, length_said, surely, tone
from desk.paper import page
from desk.pictures.numbers import signed, signed_per_cent, whole
from trends.compare import Change, movers
from trends.counting import freshen
from trends.export import HEADINGS
from trends.within import NONE

router = APIRouter(prefix="/tren")
MOST_MOVERS = 6


@dataclass(frozen=True)
class Mover:
    """One thing that rises or falls."""

    name: str
    by: str
    now: str
    now_href: str | None
    before: str
    before_href: str | None
    difference: str
    sure: str
    tone: str


@router.get("")
async def trends_page(request: Request, office: TheOffice, asked: TheQuestion) -> Response:
    """Show the figures of the range."""
    await freshen(office.database, office.clock)
    async with office.database.read() as session:
        seen = await look(session, asked.within, office.clock(), asked.names)
    return page(
        request,
        "trends.html",
        asked=asked,
        seen=seen,
        lead=lead(seen),
        tiles=tiles(seen),
        rising=_movers(seen, up=True),
        falling=_movers(seen, up=False),
        before_said=length_said(len(asked.within.days)),
        figures=[figure_of(by, seen) for by in BY],
    )


def _movers(seen: Seen, *, up: bool) -> list[Mover]:
    """What moves most surely and most of itself, of all dimensions together."""
    found = [
        (by, key, changes[key])
        for by, changes in seen.changes.items()
        for key in movers(changes, up=up)
        if key != NONE and getattr(seen.within, by) is None and seen.own(by, key)
    ]
    found.sort(key=lambda it: (it[2].sure != "clear", -abs(it[2].difference), PARTS.index(it[0]), it[1]))
    return [_mover(seen, by, key, change) for by, key, change in found[:MOST_MOVERS]]


def _mover(seen: Seen, by: str, key: str, change: Change) -> Mover:
    here = seen.within.narrowed(by, key)
    share = f" ({signed_per_cent(change.share)})" if change.share is not None else " (baru)"
    return Mover(
        name=seen.names(by, key),
        by=HEADINGS[by],
        now=whole(change.now),
        now_href=rows_at(here) if change.now else None,
        before=whole(change.before),
        before_href=rows_at(here.before()) if change.before else None,
        difference=signed(change.difference) + share,
        sure=f"{arrow(change)} {surely(change)}",
        tone=tone(change),
    )
