"""The page of alarms: what is open, what to do about it, what was, and who tried lookups too often."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from desk.alarms import locks, open_now, over, see
from desk.door import SignInFirst, signed_in
from desk.office import Office, office_of
from desk.paper import page
from records.models import Staff

router = APIRouter(prefix="/peringatan")
TheOffice = Annotated[Office, Depends(office_of)]


@router.get("")
async def alarms_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show the alarms."""
    async with office.database.read() as session:
        shown: dict[str, Any] = {"open_now": await open_now(session), "over": await over(session)}
        shown["alarms"] = await locks(session)
    news = "Dicatat: peringatan itu sudah dilihat." if kabar == "dilihat" else None
    return page(request, "alarms.html", **shown, real_now=office.real_clock(), news=news)


@router.post("/{alarm_id}/dilihat")
async def alarm_seen(request: Request, office: TheOffice, alarm_id: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
    """Write down that an alarm was seen."""
    async with office.database.write() as session:
        staff = await session.get(Staff, signed_in(request).id)
        if staff is None or not staff.active:
            raise SignInFirst
        await see(session, alarm_id=alarm_id, staff=staff, at=office.clock())
    return RedirectResponse("/peringatan?kabar=dilihat", status_code=303)
