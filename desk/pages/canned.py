"""The page of prepared words: one's own for everybody, those of teams and of all for who leads."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from desk.answering.canned import ALL, OWN, SCOPES, TEAM, Wanted, add, change, prepared, remove
from desk.answering.examples import add_examples
from desk.answering.variables import MEANINGS
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.refusals import NotWellSaid, Refusal
from desk.rights import ADMIN, LEADING
from desk.sessions import Person
from records.database import ReadSession
from records.models import Team

router = APIRouter(prefix="/siap-pakai")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Form(max_length=100)]
Words = Annotated[str, Form(max_length=5_000)]
NEWS = {
    "ditambah": "Balasan siap pakai disimpan.",
    "diubah": "Perubahan disimpan.",
    "dihapus": "Balasan siap pakai dihapus.",
    "contoh": "Contoh balasan ditambahkan. Sunting sesuai cara bicara tim Anda.",
}


@router.get("")
async def canned_page(
    request: Request, office: TheOffice, kabar: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Show what one may use, to be changed where one may."""
    return await _show(request, office, news=NEWS.get(kabar))


@router.post("")
async def canned_add(
    request: Request, office: TheOffice, shortcut: Word = "", title: Word = "", text: Words = "", scope: Word = OWN
) -> Response:
    """Add prepared words."""
    wanted, person = _wanted(shortcut, title, text, scope), signed_in(request)
    try:
        async with office.database.write() as session:
            await add(session, wanted, by=person, at=office.clock())
    except Refusal as refusal:
        return await _show(request, office, refusal=refusal, typed=wanted)
    return _done("ditambah")


@router.post("/contoh")
async def canned_examples(request: Request, office: TheOffice) -> Response:
    """Add the examples that are not there yet, for everybody."""
    async with office.database.write() as session:
        await add_examples(session, by=signed_in(request), at=office.clock())
    return _done("contoh")


@router.post("/{canned_id}")
async def canned_change(
    request: Request,
    office: TheOffice,
    canned_id: UUID,
    shortcut: Word = "",
    title: Word = "",
    text: Words = "",
    scope: Word = OWN,
) -> Response:
    """Change prepared words."""
    wanted, person = _wanted(shortcut, title, text, scope), signed_in(request)
    try:
        async with office.database.write() as session:
            await change(session, canned_id, wanted, by=person, at=office.clock())
    except NotWellSaid as refusal:
        return await _show(request, office, refusal=refusal, typed=wanted, changing=canned_id)
    return _done("diubah")


@router.post("/{canned_id}/hapus")
async def canned_remove(request: Request, office: TheOffice, canned_id: UUID) -> Response:
    """Take prepared words away."""
    async with office.database.write() as session:
        await remove(session, canned_id, by=signed_in(request), at=office.clock())
    return _done("dihapus")


def _wanted(shortcut: str, title: str, text: str, scope: str) -> Wanted:
    """Read the form; a team is chosen by its id."""
    try:
        return Wanted(shortcut, title, text, TEAM, UUID(scope))
    except ValueError:
        return Wanted(shortcut, title, text, scope)


async def _show(
    request: Request,
    office: Office,
    *,
    news: str | None = None,
    refusal: Refusal | None = None,
    typed: Wanted | None = None,
    changing: UUID | None = None,
) -> Response:
    person = signed_in(request)
    async with office.database.read() as session:
        replies = await prepared(session, person)
        teams = await _teams(session, person)
    return page(
        request,
        "canned.html",
        refusal.status if refusal else 200,
        news=news,
        problem=str(refusal) if refusal else None,
        replies=replies,
        teams=teams,
        typed=typed,
        changing=changing,
        scopes=SCOPES,
        leads=person.role in LEADING,
        everybody=ALL,
        variables=MEANINGS,
    )


async def _teams(session: ReadSession, person: Person) -> list[Team]:
    if person.role not in LEADING:
        return []
    query = select(Team).order_by(Team.name)
    mine = query if person.role == ADMIN else query.where(Team.id.in_(person.teams))
    return list(await session.scalars(mine))


def _done(news: str) -> Response:
    return RedirectResponse(f"/siap-pakai?kabar={news}", status_code=303)
