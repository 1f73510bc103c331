"""One's own account: where one is signed in, and the second factor."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.letting_in import address_of, go, too_often
from desk.paper import page
from desk.refusals import NotWellSaid
from desk.sessions import close_all, close_session, own_sessions
from desk.sign_in import second_factor as factor
from desk.sign_in.attempts import TooOften
from records import audit
from records.models import Staff, Team

router = APIRouter(prefix="/akun")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=1000)]
NEWS = {
    "diakhiri": "Peramban itu sudah dikeluarkan.",
    "dilepas": "Faktor kedua dilepas.",
}


@router.get("")
async def account_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show who one is here, where one is signed in, and the second factor."""
    return await _show(request, office, news=NEWS.get(kabar))


@router.post("/sesi/{session_hash}/akhiri")
async def end_session(request: Request, office: TheOffice, session_hash: str) -> Response:
    """Sign one of one's own browsers out."""
    person = signed_in(request)
    async with office.database.write() as session:
        if session_hash in {each.token_hash for each in await own_sessions(session, person.id, office.real_clock())}:
            await close_session(session, session_hash)
            await _write(session, office, person.username, "session_ended", {"all": False})
    return go("/akun?kabar=diakhiri")


@router.post("/sesi/akhiri-lainnya")
async def end_other_sessions(request: Request, office: TheOffice) -> Response:
    """Sign out everywhere but here."""
    person = signed_in(request)
    async with office.database.write() as session:
        await close_all(session, person.id, but=person.token_hash)
        await _write(session, office, person.username, "session_ended", {"all": True})
    return go("/akun?kabar=diakhiri")


@router.get("/faktor")
async def factor_page(request: Request, office: TheOffice) -> Response:
    """Show the QR code of a new second factor."""
    return await _offer(request, office)


@router.post("/faktor")
async def add_factor(
    request: Request, office: TheOffice, code: Field = "", secret: Field = "", password: Field = ""
) -> Response:
    """Keep a new second factor in place of any old one; other browsers are signed out."""
    person = signed_in(request)
    try:
        await _proven(request, office, password)
        plain = factor.offered(office.seal, secret, person.id, office.real_clock())
        async with office.database.write() as session:
            staff, now = await session.get_one(Staff, person.id), office.real_clock()
            codes = await factor.add_factor(
                session, office.seal, staff, secret=plain, code=code, at=office.clock(), now=now
            )
            await close_all(session, person.id, but=person.token_hash)
    except NotWellSaid as refusal:
        return await _offer(request, office, status=refusal.status, problem=str(refusal), sealed=secret)
    return page(request, "recovery_codes.html", codes=codes, onward="/akun")


@router.post("/faktor/kode-baru")
async def renew_recovery_codes(request: Request, office: TheOffice, password: Field = "") -> Response:
    """Replace the recovery codes."""
    person = signed_in(request)
    try:
        await _proven(request, office, password)
    except NotWellSaid as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    async with office.database.write() as session:
        staff = await session.get_one(Staff, person.id)
        if not await factor.has_factor(session, staff.id):
            return go("/akun")
        codes = await factor.new_recovery_codes(session, office.seal, staff)
        await _write(session, office, person.username, "recovery_codes_renewed", {})
    return page(request, "recovery_codes.html", codes=codes, onward="/akun")


@router.post("/faktor/lepas")
async def remove_factor(request: Request, office: TheOffice, password: Field = "") -> Response:
    """Do without a second factor, where the role may."""
    person = signed_in(request)
    try:
        if factor.required(person.role, office.second_factor):
            raise NotWellSaid("Peran Anda wajib memakai faktor kedua.")
        await _proven(request, office, password)
    except NotWellSaid as refusal:
        return await _show(request, office, status=refusal.status, problem=str(refusal))
    async with office.database.write() as session:
        staff = await session.get_one(Staff, person.id)
        await factor.remove_factor(session, staff, at=office.clock(), by=person.username)
    return go("/akun?kabar=dilepas")


async def _show(
    request: Request, office: Office, *, status: int = 200, news: str | None = None, problem: str | None = None
) -> Response:
    person = signed_in(request)
    async with office.database.read() as session:
        teams = select(Team.name).where(Team.id.in_(person.teams)).order_by(Team.name)
        shown: dict[str, Any] = {
            "staff": await session.get_one(Staff, person.id),
            "teams": list(await session.scalars(teams)),
            "sessions": await own_sessions(session, person.id, office.real_clock()),
            "has_factor": await factor.has_factor(session, person.id),
            "codes_left": await factor.codes_left(session, person.id),
        }
    shown["must"] = factor.required(person.role, office.second_factor)
    return page(request, "account.html", status, news=news, problem=problem, real_now=office.real_clock(), **shown)


async def _offer(
    request: Request, office: Office, *, status: int = 200, problem: str | None = None, sealed: str = ""
) -> Response:
    person, now = signed_in(request), office.real_clock()
    try:
        plain = factor.offered(office.seal, sealed, person.id, now)
    except NotWellSaid:
        plain, sealed = factor.offer(office.seal, person.id, now)
    shown = {"plain": plain, "sealed": sealed, "picture": factor.picture(plain, person.username), "problem": problem}
    return page(request, "enrol.html", status, action="/akun/faktor", password=_asks(request), **shown)


def _asks(request: Request) -> bool:
    """Whoever came in from outside has no password to show."""
    return signed_in(request).via == "password"


async def _proven(request: Request, office: Office, password: str) -> None:
    """An unattended browser must not be enough to change how one signs in; raises NotWellSaid."""
    person = signed_in(request)
    if not _asks(request):
        return
    try:
        tried = await office.attempts.begin(person.username, address_of(request))
    except TooOften as often:
        raise NotWellSaid(too_often(often)) from often
    async with office.database.read() as session:
        kept = await session.scalar(select(Staff.password_hash).where(Staff.id == person.id))
    if not await office.passwords.fits(password, kept):
        raise NotWellSaid("Kata sandi tidak cocok.")
    await office.attempts.succeeded(tried)


async def _write(session: AsyncSession, office: Office, username: str, action: str, detail: dict[str, Any]) -> None:
    await audit.record(
        session, at=office.clock(), actor=username, action=action, object=f"staff:{username}", detail=detail
    )
