"""The door: before any page is made, find who asks, whether they may, and whether a form is really ours.

Default deny: a route without an entry in `desk.rights` is open to nobody. Every request that is not a mere look must
bring the token that its page was given.
"""

import hashlib
import hmac
import secrets
from typing import Annotated

from fastapi import Depends, Request

from desk.alarms import standing
from desk.office import Office, office_of
from desk.rights import may
from desk.sessions import Person, find_person

SESSION_COOKIE = "meja"
VISIT_COOKIE = "kunjungan"
LOOKING = frozenset({"GET", "HEAD"})


class SignInFirst(Exception):
    """Nobody is signed in, and this page is not for strangers."""


class NotAllowed(Exception):
    """This person may not use this page."""


class StaleForm(Exception):
    """The form did not bring the token of its page."""


async def admit(request: Request, office: Annotated[Office, Depends(office_of)]) -> None:
    """Let the request in or raise SignInFirst, NotAllowed or StaleForm; puts who asks into the request's state."""
    token = request.cookies.get(SESSION_COOKIE)
    async with office.database.read() as session:
        person = await find_person(session, token, now=office.real_clock())
        request.state.standing = await standing(session) if person else None
    request.state.person = person
    request.state.visit = request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(24)
    if not may(person.role if person else None, request.scope["route"].name):
        raise NotAllowed if person else SignInFirst
    if request.method not in LOOKING:
        await _ours(request)


def person_or_none(request: Request) -> Person | None:
    """Return who is signed in, or None."""
    person: Person | None = getattr(request.state, "person", None)
    return person


def signed_in(request: Request) -> Person:
    """Return who is signed in; the door has seen to it that there is somebody."""
    person = person_or_none(request)
    if person is None:
        raise SignInFirst
    return person


def form_token(request: Request) -> str:
    """Return the token a form on this page must bring back."""
    person = person_or_none(request)
    if person:
        return person.csrf_token
    return hashlib.sha256(f"form:{request.state.visit}".encode()).hexdigest()


async def _ours(request: Request) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise StaleForm
    brought = (await request.form()).get("csrf")
    if not isinstance(brought, str) or not hmac.compare_digest(brought.encode(), form_token(request).encode()):
        raise StaleForm
