"""Coming and going: the first administrator, signing in with a password, signing out, one's own password."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlalchemy import select

from desk.door import SESSION_COOKIE, person_or_none, signed_in
from desk.office import Office, office_of
from desk.pages.letting_in import address_of, go, own_address, proven, too_often
from desk.paper import page
from desk.people import make_first_administrator, set_password, set_up
from desk.refusals import NotWellSaid, Refusal
from desk.rights import AUDITOR, may
from desk.sessions import close_session
from desk.sign_in.attempts import TooOften
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
    role = signed_in(request).role
    return go("/audit" if role == AUDITOR else "/antrean" if may(role, "queue_page") else "/tren")


@router.get("/mulai")
async def setup_page(request: Request, office: TheOffice, kode: str = "") -> Response:
    """Show the form that makes the first administrator, to whoever has the set-up code."""
    async with office.database.read() as session:
        if await set_up(session):
            return go("/masuk")
    if problem := await _wrong_code(request, office, kode):
        return problem
    return page(request, "setup.html", kode=kode, problem=None, username="", name="")


@router.post("/mulai")
async def setup(
    request: Request, office: TheOffice, kode: Field = "", username: Field = "", name: Field = "", password: Field = ""
) -> Response:
    """Make the first administrator and sign them in."""
    if problem := await _wrong_code(request, office, kode):
        return problem
    try:
        async with office.database.write() as session:
            staff = await make_first_administrator(
                session, office.passwords, username=username, name=name, password=password, at=office.clock()
            )
    except NotWellSaid as refusal:
        return page(request, "setup.html", 422, kode=kode, problem=str(refusal), username=username, name=name)
    return await proven(request, office, staff, "/", via="password")


@router.get("/masuk")
async def sign_in_page(request: Request, office: TheOffice, lanjut: str = "/", kabar: str = "") -> Response:
    """Show the sign-in form."""
    if person_or_none(request):
        return go(own_address(lanjut))
    async with office.database.read() as session:
        fresh = not await set_up(session)
    said = "Akun kantor itu tidak bisa dipakai di meja ini." if kabar == "luar" else None
    return _form(request, office, lanjut=lanjut, problem=said, fresh=fresh)


@router.post("/masuk")
async def sign_in(
    request: Request,
    office: TheOffice,
    username: Field = "",
    password: Field = "",
    lanjut: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in; a wrong name and a wrong password are answered alike."""
    name = username.strip().lower()
    try:
        tried = await office.attempts.begin(name, address_of(request))
    except TooOften as often:
        return _form(request, office, 429, problem=too_often(often), lanjut=lanjut, username=username)
    async with office.database.read() as session:
        staff = await session.scalar(select(Staff).where(Staff.username == name, Staff.active))
    if not await office.passwords.fits(password, staff.password_hash if staff else None) or staff is None:
        await _note_failure(office, staff)
        said = "Nama pengguna atau kata sandi tidak cocok."
        return _form(request, office, 401, problem=said, lanjut=lanjut, username=username)
    await office.attempts.succeeded(tried)
    return await proven(request, office, staff, own_address(lanjut), via="password")


@router.post("/keluar")
async def sign_out(request: Request, office: TheOffice) -> Response:
    """End this browser's sign-in."""
    person = signed_in(request)
    async with office.database.write() as session:
        await close_session(session, person.token_hash)
        await audit.record(
            session, at=office.clock(), actor=person.username, action="sign_out", object=f"staff:{person.username}"
        )
    response = go("/masuk")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/sandi")
async def password_page(request: Request) -> Response:
    """Show the form for one's own password."""
    return page(request, "password.html", problem=None, done=False)


@router.post("/sandi")
async def change_password(request: Request, office: TheOffice, old: Field = "", new: Field = "") -> Response:
    """Change one's own password; other browsers are signed out."""
    person = signed_in(request)
    try:
        tried = await office.attempts.begin(person.username, address_of(request))
    except TooOften as often:
        return page(request, "password.html", 429, problem=too_often(often), done=False)
    async with office.database.read() as session:
        kept = await session.scalar(select(Staff.password_hash).where(Staff.id == person.id))
    if not await office.passwords.fits(old, kept):
        return page(request, "password.html", 401, problem="Kata sandi lama tidak cocok.", done=False)
    await office.attempts.succeeded(tried)
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


def _form(
    request: Request,
    office: Office,
    status: int = 200,
    *,
    lanjut: str,
    problem: str | None,
    username: str = "",
    fresh: bool = False,
) -> Response:
    outside = office.oidc.settings.name if office.oidc else None
    told = {"lanjut": lanjut, "problem": problem, "username": username, "fresh": fresh}
    return page(request, "sign_in.html", status, outside=outside, **told)


async def _wrong_code(request: Request, office: Office, code: str) -> Response | None:
    if office.setup_code is None:
        said = "Kode penyiapan belum diatur. Isi DESK_SETUP_CODE, jalankan ulang meja, lalu buka /mulai?kode=…"
        return page(request, "problem.html", 403, heading="Belum bisa disiapkan", said=said)
    try:
        tried = await office.attempts.begin(SETUP, address_of(request))
    except TooOften:
        said = "Terlalu banyak percobaan. Coba lagi seperempat jam lagi."
        return page(request, "problem.html", 429, heading="Tunggu dulu", said=said)
    if hmac.compare_digest(code.encode(), office.setup_code.encode()):
        await office.attempts.succeeded(tried)
        return None
    said = "Kode penyiapan tidak cocok. Kodenya ada pada keluaran perintah yang menyalakan meja ini."
    return page(request, "problem.html", 403, heading="Kode tidak cocok", said=said)


async def _note_failure(office: Office, staff: Staff | None) -> None:
    # what a stranger typed as a name may be a password, so only names we know are written down
    name = staff.username if staff else "?"
    async with office.database.write() as session:
        await audit.record(session, at=office.clock(), actor="system", action="sign_in_failed", object=f"staff:{name}")
