"""The page of working hours: when each team works and how its cases are given, days off, and promises."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from desk import working_hours
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.refusals import Refusal
from desk.rights import ADMIN
from desk.wording import PRIORITIES, QUEUES
from records.clock import wib
from records.models import Staff, Team
from trends.labels import INTENTS

router = APIRouter(prefix="/jam-kerja")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=200)]
Number = Annotated[float, Form()]
NEWS = {"disimpan": "Disimpan. Berlaku untuk laporan yang baru; janji yang sudah dibuat tetap."}
SAVED = "/jam-kerja?kabar=disimpan"


@router.get("")
async def hours_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show hours, days off and promises."""
    return await _show(request, office, news=NEWS.get(kabar))


@router.post("/tim/{team_id}")
async def set_hours(request: Request, office: TheOffice, team_id: UUID) -> Response:
    """Set a team's hours, whether its cases are given out, and how long a holder may be silent."""
    form = await request.form()
    hours = {day: (str(form.get(f"opens-{day}", "")), str(form.get(f"closes-{day}", ""))) for day in range(7)}
    silent = str(form.get("silent_minutes", ""))
    return await _set(
        request,
        office,
        working_hours.set_team,
        team_id=team_id,
        hours=hours,
        gives_cases=form.get("gives_cases") == "true",
        silent_minutes=int(silent) if silent.isdecimal() else 0,
    )


@router.post("/hari")
async def set_day(
    request: Request, office: TheOffice, day: Field = "", name: Field = "", off: Field = "true", source: Field = ""
) -> Response:
    """Set a day as off or worked."""
    given = {"day": day, "name": name, "source": source}
    return await _set(request, office, working_hours.set_day, **given, off=off == "true")


@router.post("/tahun")
async def set_year(request: Request, office: TheOffice, year: Annotated[int, Form()], source: Field = "") -> Response:
    """Say that a year's days off are complete."""
    return await _set(request, office, working_hours.set_year, year=year, source=source)


@router.post("/janji")
async def set_promise(
    request: Request,
    office: TheOffice,
    about: Field = "",
    priority: Field = "",
    answer_hours: Number = 0,
    resolve_hours: Number = 0,
    all_hours: Field = "",
) -> Response:
    """Set the promise of a kind and priority."""
    return await _set(
        request,
        office,
        working_hours.set_rule,
        about=about,
        priority=priority,
        answer_hours=answer_hours,
        resolve_hours=resolve_hours,
        all_hours=all_hours == "true",
    )


@router.post("/janji/hapus")
async def remove_promise(request: Request, office: TheOffice, about: Field = "", priority: Field = "") -> Response:
    """Take back the promise of a kind."""
    return await _set(request, office, working_hours.remove_rule, about=about, priority=priority)


async def _set(request: Request, office: Office, act: Callable[..., Awaitable[object]], /, **given: object) -> Response:
    """Do this act of `desk.working_hours` as who is signed in, and show the page again."""
    try:
        async with office.database.write() as session:
            by = await session.get_one(Staff, signed_in(request).id)
            await act(session, **given, by=by, at=office.clock())
    except Refusal as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    return RedirectResponse(SAVED, status_code=303)


async def _show(
    request: Request, office: Office, *, status: int = 200, news: str | None = None, problem: str | None = None
) -> Response:
    person, now = signed_in(request), wib(office.clock())
    async with office.database.read() as session:
        teams = list(await session.scalars(select(Team).order_by(Team.name)))
        shown = {
            "teams": [(team, working_hours.week(team)) for team in teams],
            "years": await working_hours.years(session, now),
            "rules": await working_hours.rules(session),
            "unknown": await working_hours.unknown_year(session, now),
        }
    tended = {team.id for team in teams if person.role == ADMIN or team.id in person.teams}
    kinds = {"queues": QUEUES, "intents": dict(sorted(INTENTS.items(), key=lambda it: it[1])), "priorities": PRIORITIES}
    return page(
        request, "working_hours.html", status, shown=shown, tended=tended, kinds=kinds, news=news, problem=problem
    )
