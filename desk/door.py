"""The door: before any page is made, find who asks, whether they may, and whether a form is really ours.

Default deny: a route without an entry in `desk.rights` is open to nobody. Every request that is not a mere look must
bring the token that its page was given.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from desk.alarms import standing
from desk.office import Office, office_of
from desk.rights import may
from desk.sessions import Person, find_person, seen
from desk.sign_in.second_factor import required

SESSION_COOKIE = "meja"
VISIT_COOKIE = "kunjungan"
LOOKING = frozenset({"GET", "HEAD"})
SEEN_EVERY = timedelta(minutes=5)
"""How exactly a sign-in is known to be in use."""


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
        person = await find_person(session, token, now=office.real_clock(), at=office.clock())
        request.state.standing = await standing(session) if person else None
    if person and required(person.role, office.second_factor) and not person.strong:
        person = None  # the rule became stricter while they were in
    if person and (person.seen_at is None or office.real_clock() - person.seen_at > SEEN_EVERY):
        await _seen(office, person)
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


async def _seen(office: Office, person: Person) -> None:
    async with office.database.write() as session:
        await seen(session, person.token_hash, now=office.real_clock())


async def _ours(request: Request) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise StaleForm
    brought = (await request.form()).get("csrf")
    if not isinstance(brought, str) or not hmac.compare_digest(brought.encode(), form_token(request).encode()):
        raise StaleForm
