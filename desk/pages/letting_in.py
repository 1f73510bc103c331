"""What every way in shares: on to the second factor or in, the cookies, and addresses of ours alone."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from desk.door import SESSION_COOKIE, VISIT_COOKIE
from desk.office import Office
from desk.sessions import open_session
from desk.sign_in import halfway
from desk.sign_in.attempts import TooOften
from desk.sign_in.devices import device_of
from desk.sign_in.second_factor import has_factor, required
from desk.wording import lasting
from records import audit
from records.models import Staff


async def proven(
    request: Request, office: Office, staff: Staff, onward: str, *, via: str, strong: bool = False
) -> Response:
    """Let somebody in who has shown their first factor, by way of the second where there is or must be one."""
    async with office.database.read() as session:
        has = await has_factor(session, staff.id)
    if strong or not (has or required(staff.role, office.second_factor)):
        return await welcome(request, office, staff, onward, via=via, strong=strong)
    response = go("/masuk/kode" if has else "/masuk/pasang")
    value = halfway.closed(office.seal, staff, via, onward, office.real_clock())
    set_cookie(response, office, halfway.COOKIE, value, int(halfway.LASTS.total_seconds()))
    return response


async def welcome(
    request: Request,
    office: Office,
    staff: Staff,
    onward: str,
    *,
    via: str,
    strong: bool,
    response: Response | None = None,
) -> Response:
    """Open a session and go on, or let this response carry the session."""
    async with office.database.write() as session:
        token = await open_session(
            session,
            staff,
            now=office.real_clock(),
            life=office.session_life,
            address=address_of(request),
            device=device_of(request.headers.get("user-agent", "")),
            via=via,
            strong=strong,
        )
        detail = {"via": via, "second_factor": strong}
        entry = {"actor": staff.username, "action": "sign_in", "object": f"staff:{staff.username}"}
        await audit.record(session, at=office.clock(), **entry, detail=detail)
    response = response or go(onward)
    set_cookie(response, office, SESSION_COOKIE, token, int(office.session_life.total_seconds()))
    response.delete_cookie(VISIT_COOKIE)
    response.delete_cookie(halfway.COOKIE)
    return response


def set_cookie(response: Response, office: Office, name: str, value: str, seconds: int) -> None:
    """Give the browser a cookie no script reads and no other site sends."""
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=office.secure_cookies)


def address_of(request: Request) -> str:
    """Return where the request comes from."""
    return request.client.host if request.client else ""


def own_address(address: str) -> str:
    """Return an address of ours, never another site's."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def go(address: str) -> RedirectResponse:
    """Return the way there."""
    return RedirectResponse(address, status_code=303)


def too_often(often: TooOften) -> str:
    """Say how long to wait."""
    return f"Terlalu banyak percobaan. Coba lagi {lasting(often.wait)} lagi."
