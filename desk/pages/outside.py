"""Signing in with an account from outside: to the provider and back. It makes nobody, it only recognises."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import select

from desk.office import Office, office_of
from desk.pages.letting_in import go, own_address, proven, set_cookie
from desk.refusals import NoSuchCase
from desk.sign_in import oidc
from desk.sign_in.oidc import BY_USERNAME, Named, NotBelieved
from records import audit
from records.models import Staff

router = APIRouter(prefix="/masuk/luar")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=4000)]
NOT_THIS_WAY = "/masuk?kabar=luar"
log = structlog.get_logger(__name__)


@router.get("")
async def outside(office: TheOffice, lanjut: Word = "/") -> Response:
    """Send the browser to the provider."""
    if office.oidc is None:
        raise NoSuchCase
    try:
        address, cookie = await office.oidc.begin(own_address(lanjut))
    except NotBelieved as problem:
        log.warning("provider not usable", reason=str(problem))
        return go(NOT_THIS_WAY)
    response = go(address)
    set_cookie(response, office, oidc.COOKIE, cookie, int(oidc.LASTS.total_seconds()))
    return response


@router.get("/kembali")
async def outside_return(request: Request, office: TheOffice, state: Word = "", code: Word = "") -> Response:
    """Let in whoever the provider names, if the desk knows them."""
    if office.oidc is None:
        raise NoSuchCase
    try:
        named, onward = await office.oidc.finish(request.cookies.get(oidc.COOKIE), state, code)
    except NotBelieved as problem:
        log.warning("sign-in from outside not believed", reason=str(problem))
        return await _refused(office, str(problem))
    staff = await _known(office, named)
    if staff is None:
        return await _refused(office, "unknown")
    response = await proven(request, office, staff, onward, via="oidc", strong=named.strong)
    response.delete_cookie(oidc.COOKIE)
    return response


async def _known(office: Office, named: Named) -> Staff | None:
    column = Staff.username if named.by == BY_USERNAME else Staff.email
    async with office.database.read() as session:
        return (await session.scalars(select(Staff).where(column == named.value, Staff.active))).one_or_none()


async def _refused(office: Office, why: str) -> Response:
    async with office.database.write() as session:
        entry = {"actor": "system", "action": "sign_in_failed", "object": "staff:?"}
        await audit.record(session, at=office.clock(), **entry, detail={"via": "oidc", "why": why})
    response = go(NOT_THIS_WAY)
    response.delete_cookie(oidc.COOKIE)
    return response
