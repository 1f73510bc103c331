"""Coming and going: the first administrator, signing in and out, one's own password."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlalchemy import select

from desk.door import SESSION_COOKIE, VISIT_COOKIE, person_or_none, signed_in
from desk.office import Office, office_of
from desk.paper import page
from desk.people import anybody, make_first_administrator, set_password
from desk.refusals import NotWellSaid, Refusal
from desk.rights import may
from desk.sessions import close_session, open_session
from desk.wording import lasting
from records import audit
from records.models import Staff

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=200)]
SETUP = "·set-up·"
"""Counts wrong set-up codes; no username can be this."""


@router.get("/sehat")
async def health(office: TheOffice) -> PlainTextResponse:
    """Say that the desk and its database answer."""
    await office.database.ping()
    return PlainTextResponse("baik")


@router.get("/")
async def home(request: Request) -> RedirectResponse:
    """Go where this person works."""
    return _go("/antrean" if may(signed_in(request).role, "queue_page") else "/tren")


@router.get("/mulai")
async def setup_page(request: Request, office: TheOffice, kode: str = "") -> Response:
    """Show the form that makes the first administrator, to whoever has the set-up code."""
    async with office.database.read() as session:
        if await anybody(session):
            return _go("/masuk")
    if problem := _wrong_code(request, office, kode):
        return problem
    return page(request, "setup.html", kode=kode, problem=None, username="", name="")


@router.post("/mulai")
async def setup(
    request: Request, office: TheOffice, kode: Field = "", username: Field = "", name: Field = "", password: Field = ""
) -> Response:
    """Make the first administrator and sign them in."""
    if problem := _wrong_code(request, office, kode):
        return problem
    try:
        async with office.database.write() as session:
            staff = await make_first_administrator(
                session, office.passwords, username=username, name=name, password=password, at=office.clock()
            )
    except NotWellSaid as refusal:
        return page(request, "setup.html", 422, kode=kode, problem=str(refusal), username=username, name=name)
    return await _welcome(office, staff, "/")


@router.get("/masuk")
async def sign_in_page(request: Request, office: TheOffice, lanjut: str = "/") -> Response:
    """Show the sign-in form."""
    if person_or_none(request):
        return _go(_own(lanjut))
    async with office.database.read() as session:
        fresh = not await anybody(session)
    return page(request, "sign_in.html", lanjut=lanjut, problem=None, username="", fresh=fresh)


@router.post("/masuk")
async def sign_in(
    request: Request,
    office: TheOffice,
    username: Field = "",
    password: Field = "",
    lanjut: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in; a wrong name and a wrong password are answered alike."""
    name, address = username.strip().lower(), _address(request)
    if wait := office.attempts.wait(name, address):
        said = f"Terlalu banyak percobaan. Coba lagi {lasting(wait)} lagi."
        return page(request, "sign_in.html", 429, lanjut=lanjut, problem=said, username=username, fresh=False)
    async with office.database.read() as session:
        staff = await session.scalar(select(Staff).where(Staff.username == name, Staff.active))
    if not await office.passwords.fits(password, staff.password_hash if staff else None) or staff is None:
        office.attempts.failed(name, address)
        await _note_failure(office, staff)
        said = "Nama pengguna atau kata sandi tidak cocok."
        return page(request, "sign_in.html", 401, lanjut=lanjut, problem=said, username=username, fresh=False)
    office.attempts.succeeded(name, address)
    return await _welcome(office, staff, _own(lanjut))


@router.post("/keluar")
async def sign_out(request: Request, office: TheOffice) -> Response:
    """End this browser's sign-in."""
    person = signed_in(request)
    async with office.database.write() as session:
        await close_session(session, person.token_hash)
        await audit.record(
            session, at=office.clock(), actor=person.username, action="sign_out", object=f"staff:{person.username}"
        )
    response = _go("/masuk")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/sandi")
async def password_page(request: Request) -> Response:
    """Show the form for one's own password."""
    return page(request, "password.html", problem=None, done=False)


@router.post("/sandi")
async def change_password(request: Request, office: TheOffice, old: Field = "", new: Field = "") -> Response:
    """Change one's own password; other browsers are signed out."""
    person, address = signed_in(request), _address(request)
    if wait := office.attempts.wait(person.username, address):
        said = f"Terlalu banyak percobaan. Coba lagi {lasting(wait)} lagi."
        return page(request, "password.html", 429, problem=said, done=False)
    async with office.database.read() as session:
        kept = await session.scalar(select(Staff.password_hash).where(Staff.id == person.id))
    if not await office.passwords.fits(old, kept):
        office.attempts.failed(person.username, address)
        return page(request, "password.html", 401, problem="Kata sandi lama tidak cocok.", done=False)
    try:
        async with office.database.write() as session:
            await set_password(
                session,
                office.passwords,
                staff_id=person.id,
                password=new,
                by=person.username,
                at=office.clock(),
                keep=person.token_hash,
            )
    except Refusal as refusal:
        return page(request, "password.html", refusal.status, problem=str(refusal), done=False)
    return page(request, "password.html", problem=None, done=True)


def _wrong_code(request: Request, office: Office, code: str) -> Response | None:
    address = _address(request)
    if office.setup_code is None:
        said = "Kode penyiapan belum diatur. Isi DESK_SETUP_CODE, jalankan ulang meja, lalu buka /mulai?kode=…"
        return page(request, "problem.html", 403, heading="Belum bisa disiapkan", said=said)
    if office.attempts.wait(SETUP, address):
        said = "Terlalu banyak percobaan. Coba lagi seperempat jam lagi."
        return page(request, "problem.html", 429, heading="Tunggu dulu", said=said)
    if hmac.compare_digest(code.encode(), office.setup_code.encode()):
        return None
    office.attempts.failed(SETUP, address)
    said = "Kode penyiapan tidak cocok. Kodenya ada pada keluaran perintah yang menyalakan meja ini."
    return page(request, "problem.html", 403, heading="Kode tidak cocok", said=said)


async def _welcome(office: Office, staff: Staff, onward: str) -> Response:
    async with office.database.write() as session:
        token = await open_session(session, staff, now=office.real_clock(), life=office.session_life)
        await audit.record(
            session, at=office.clock(), actor=staff.username, action="sign_in", object=f"staff:{staff.username}"
        )
    response = _go(onward)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(office.session_life.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=office.secure_cookies,
    )
    response.delete_cookie(VISIT_COOKIE)
    return response


async def _note_failure(office: Office, staff: Staff | None) -> None:
    # what a stranger typed as a name may be a password, so only names we know are written down
    name = staff.username if staff else "?"
    async with office.database.write() as session:
        await audit.record(session, at=office.clock(), actor="system", action="sign_in_failed", object=f"staff:{name}")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _own(address: str) -> str:
    """An address of ours, never another site's."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)
