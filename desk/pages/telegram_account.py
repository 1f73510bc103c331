"""One's own Telegram account: proven by a link that works once, so that the staff group knows who presses."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.letting_in import go
from desk.paper import page
from desk.refusals import NoSuchCase
from desk.staff_group.api import CallFailed
from desk.staff_group.linking import LIFE, make_link, unlink
from records.models import Staff

router = APIRouter(prefix="/akun/telegram")
TheOffice = Annotated[Office, Depends(office_of)]
NEWS = {"diputus": "Akun Telegram diputuskan. Tombol di grup tidak lagi mengenali Anda."}


@router.get("")
async def telegram_page(request: Request, office: TheOffice, kabar: str = "") -> Response:
    """Show whether a Telegram account is linked, and how to link one."""
    return await _show(request, office, news=NEWS.get(kabar))


@router.post("/tautan")
async def telegram_link(request: Request, office: TheOffice) -> Response:
    """Make a link; the address bar never holds it."""
    if office.staff_group is None:
        raise NoSuchCase
    async with office.database.write() as session:
        staff = await session.get_one(Staff, signed_in(request).id)
        token = await make_link(session, staff, at=office.clock(), now=office.real_clock())
    try:
        name = (await office.staff_group.api.me()).get("username")
    except CallFailed:
        name = None
    address = f"https://t.me/{quote(str(name))}?start={token}" if name else None
    return await _show(request, office, command=f"/start {token}", address=address, bot=name)


@router.post("/putus")
async def telegram_unlink(request: Request, office: TheOffice) -> Response:
    """Part the account from this person."""
    person = signed_in(request)
    async with office.database.write() as session:
        staff = await session.get_one(Staff, person.id, with_for_update=True)
        await unlink(session, staff, by=person.username, at=office.clock())
    return go("/akun/telegram?kabar=diputus")


async def _show(request: Request, office: Office, *, news: str | None = None, **made: Any) -> Response:
    async with office.database.read() as session:
        linked = await session.scalar(select(Staff.telegram_user_id).where(Staff.id == signed_in(request).id))
    shown = {"command": None, "address": None, "bot": None, **made}
    there, minutes = office.staff_group is not None, int(LIFE.total_seconds() // 60)
    return page(
        request, "telegram_account.html", linked=linked, there=there, minutes=minutes, news=news, problem=None, **shown
    )
