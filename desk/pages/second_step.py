"""The second step of signing in: a code from one's device, or setting that up where the role must have it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from desk.office import Office, office_of
from desk.pages.letting_in import address_of, go, too_often, welcome
from desk.paper import page
from desk.refusals import NotWellSaid
from desk.sign_in import halfway
from desk.sign_in import second_factor as factor
from desk.sign_in.attempts import TooOften
from desk.sign_in.halfway import Halfway
from records import audit
from records.models import Staff

router = APIRouter(prefix="/masuk")
TheOffice = Annotated[Office, Depends(office_of)]
Field = Annotated[str, Form(max_length=1000)]


@router.get("/kode")
async def code_page(request: Request, office: TheOffice) -> Response:
    """Ask for the code."""
    if await _halfway(request, office) is None:
        return go("/masuk")
    return page(request, "code.html", problem=None)


@router.post("/kode")
async def code(request: Request, office: TheOffice, code: Field = "") -> Response:
    """Let in whoever shows a code that fits and was not shown before."""
    found = await _halfway(request, office)
    if found is None:
        return go("/masuk")
    half, staff = found
    try:
        tried = await office.attempts.begin(f"{staff.username}·kode", address_of(request))
    except TooOften as often:
        return page(request, "code.html", 429, problem=too_often(often))
    async with office.database.write() as session:
        now = office.real_clock()
        if not await factor.fits(session, office.seal, staff, code, at=office.clock(), now=now):
            who = f"staff:{staff.username}"
            await audit.record(session, at=office.clock(), actor="system", action="second_factor_failed", object=who)
            return page(request, "code.html", 401, problem="Kode itu tidak cocok atau sudah terpakai.")
    await office.attempts.succeeded(tried)
    return await welcome(request, office, staff, half.onward, via=half.via, strong=True)


@router.get("/pasang")
async def enrol_page(request: Request, office: TheOffice) -> Response:
    """Show the QR code to whoever must have a second factor and has none."""
    found = await _newcomer(request, office)
    return go("/masuk") if found is None else _offer(request, office, found[1])


@router.post("/pasang")
async def enrol(request: Request, office: TheOffice, code: Field = "", secret: Field = "") -> Response:
    """Keep the second factor and let them in; the recovery codes are shown this once."""
    found = await _newcomer(request, office)
    if found is None:
        return go("/masuk")
    half, staff = found
    try:
        plain = factor.offered(office.seal, secret, staff.id, office.real_clock())
        async with office.database.write() as session:
            now = office.real_clock()
            codes = await factor.add_factor(
                session, office.seal, staff, secret=plain, code=code, at=office.clock(), now=now
            )
    except NotWellSaid as refusal:
        return _offer(request, office, staff, status=refusal.status, problem=str(refusal), sealed=secret)
    shown = page(request, "recovery_codes.html", codes=codes, onward=half.onward)
    return await welcome(request, office, staff, half.onward, via=half.via, strong=True, response=shown)


def _offer(
    request: Request, office: Office, staff: Staff, *, status: int = 200, problem: str | None = None, sealed: str = ""
) -> Response:
    """The same secret again where a code did not fit, for it is on the phone already."""
    now = office.real_clock()
    try:
        plain = factor.offered(office.seal, sealed, staff.id, now)
    except NotWellSaid:
        plain, sealed = factor.offer(office.seal, staff.id, now)
    shown = {"plain": plain, "sealed": sealed, "picture": factor.picture(plain, staff.username), "problem": problem}
    return page(request, "enrol.html", status, action="/masuk/pasang", password=False, **shown)


async def _halfway(request: Request, office: Office) -> tuple[Halfway, Staff] | None:
    async with office.database.read() as session:
        return await halfway.opened(session, office.seal, request.cookies.get(halfway.COOKIE), office.real_clock())


async def _newcomer(request: Request, office: Office) -> tuple[Halfway, Staff] | None:
    """Only who has none yet: an old one is not replaced on the strength of a password alone."""
    found = await _halfway(request, office)
    if found is None:
        return None
    async with office.database.read() as session:
        return None if await factor.has_factor(session, found[1].id) else found
