"""Every route against every role and every case, read from the app itself; and no form is accepted that is not ours.

What stands in a path is filled by its name, so a new route is judged without a line here; an unknown name fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import select, text, update

from desk.door import SESSION_COOKIE
from desk.rights import ANYBODY, HANDLING, RIGHTS
from desk.sessions import close_all
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Media, Message, Outbound, Team, Ticket
from tests.desk.conftest import A_SEAL, Browse, Browser
from tests.desk.making import Scene

ROLES = {"nobody": None, "agent": "joko", "pmo": "rudi", "admin": "ani", "lead": "lela", "auditor": "hasan"}
ENDLESS = {"stream"}
"""Answers without an end, so only its refusal is tried here."""
PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
FORM = {"key": str(uuid4()), "active": "true", "reason": "memeriksa keluhan berulang", "capacity": "8"}
OF_A_CASE = {"number", "conversation_id", "media_id", "message_id", "outbox_id", "inbox_id"}
WORDS = ("rahasia kelasnya", "Siti Rahmawati", "Paket kursus tidak ditemukan di Sisnaker")
"""Said in Siti's conversation, her name, and the summary of her case."""


@dataclass(frozen=True)
class Way:
    """One method of one route."""

    name: str
    method: str
    path: str

    @property
    def parameters(self) -> set[str]:
        return set(PARAMETER.findall(self.path))

    @property
    def of_a_case(self) -> bool:
        return bool(self.parameters & OF_A_CASE)


def ways(app: FastAPI) -> Iterator[Way]:
    for context in iter_route_contexts(app.routes):
        route = context.route
        if isinstance(route, APIRoute):
            for method in sorted(route.methods):
                yield Way(str(context.name), method, str(context.path))


def filled(way: Way, things: dict[str, Any] | None = None) -> str:
    """The address with these things, and with what is nowhere for the rest; numbers where a number is meant."""
    known: dict[str, Any] = {"number": "T-999999", "receipt_number": "DP-9", "session_hash": "0" * 64}
    known |= dict.fromkeys(("alarm_id", "inbox_id", "position"), 99) | (things or {})
    return way.path.format(**{name: known.get(name, uuid4()) for name in way.parameters})


async def ask(browser: Browser, way: Way, things: dict[str, Any] | None = None) -> Any:
    address = filled(way, things)
    if way.method == "GET":
        return await browser.get(address)
    return await browser.post(address, **{**FORM, "key": str(uuid4())})


@dataclass(frozen=True)
class Place:
    """Siti's case with a file and a message of each direction, and where it stands: in whose team, with what permit."""

    things: dict[str, Any]
    conversation: UUID


@pytest.fixture
async def siti(scene: Scene, database: Database, clock: Clock) -> Place:
    chat, ticket = scene.conversations["siti"], scene.tickets["siti"]
    async with database.write() as session:
        heard = (
            await session.scalars(
                select(Message).where(Message.conversation_id == chat.id, Message.inbox_id.is_not(None))
            )
        ).first()
        assert heard is not None
        heard.text, heard.sealed_text = WORDS[0], A_SEAL.close(WORDS[0])
        file = Media(
            conversation_id=chat.id, inbox_id=heard.inbox_id, ticket_id=ticket.id, channel="telegram", kind="photo",
            received_at=clock(), status="kept", type="application/pdf", size=9, give_up_at=clock(),
            sealed_content=A_SEAL.close_file(b"%PDF rahasia kelasnya"),
        )  # fmt: skip
        session.add(file)
        sent = await session.scalar(select(Outbound.id).where(Outbound.conversation_id == chat.id).limit(1))
        await session.flush()
    things = {"number": ticket.number, "conversation_id": chat.id, "media_id": file.id, "message_id": heard.id}
    return Place({**things, "outbox_id": sent, "inbox_id": heard.inbox_id}, chat.id)


async def move_to_another_team(database: Database, scene: Scene) -> None:
    """Siti's case becomes that of a team nobody of the cast is in."""
    async with database.write() as session:
        team = Team(name="Tim Lain", queues=[], is_default=False)
        session.add(team)
        await session.flush()
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["siti"].id).values(team_id=team.id))


def test_every_route_has_its_rights_and_every_right_its_route(app: FastAPI) -> None:
    assert {way.name for way in ways(app)} == set(RIGHTS)
    assert len(list(ways(app))) > 100


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_reaches_exactly_its_routes(app: FastAPI, browse: Browse, scene: Scene, role: str) -> None:
    refused, reached = set(), set()
    browser = await browse(scene, ROLES[role])
    for way in ways(app):
        may = ANYBODY in RIGHTS[way.name] or role in RIGHTS[way.name]
        if way.name in ENDLESS and may:
            continue
        if role == "nobody":
            await browser.get("/masuk")
        answer = await ask(browser, way)
        (reached if may else refused).add(way.name)
        if way.name in ("sign_out", "end_other_sessions"):
            browser = await browse(scene, ROLES[role])
        if may:
            assert "Bukan untuk peran Anda" not in answer.text, way
            assert not answer.headers.get("location", "").startswith("/masuk?lanjut"), way
        elif role == "nobody":
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/masuk"), way
        else:
            assert (answer.status_code, "Bukan untuk peran Anda" in answer.text) == (403, True), way
    assert reached | refused | ENDLESS == set(RIGHTS)


@pytest.mark.parametrize(
    ("role", "team"),
    [*((role, "own") for role in ("agent", "pmo", "admin", "lead", "auditor")), ("agent", "other"), ("lead", "other")],
)
async def test_without_a_permit_no_page_tells_and_no_act_touches_a_case_that_is_not_ones_own(
    app: FastAPI, browse: Browse, scene: Scene, siti: Place, database: Database, role: str, team: str
) -> None:
    own = team == "own" and role in ("agent", "lead")
    if team == "other":
        await move_to_another_team(database, scene)
    browser = await browse(scene, ROLES[role])
    opened, before = set(), await state(database, siti)
    for way in ways(app):
        if way.name in ENDLESS or role not in RIGHTS[way.name] or way.name in ("sign_out", "permit", *PROTECTED):
            continue
        if own and way.method != "GET":
            continue  # acts on one's own cases have scenes of their own
        answer = await ask(browser, way, siti.things)
        told = [words for words in WORDS if words in answer.text or words.encode() in answer.content]
        if own:
            opened |= {way.name} if told else set()
            continue
        assert not told, (way, told)
        assert way.method == "GET" or await state(database, siti) == before, way
        if way.of_a_case and way.name not in ("permit_page", "privacy_case"):
            assert answer.status_code in (303, 403, 404, 409, 422), (way, answer.status_code)
    assert not own or {"conversation_page", "queue_page", "attachment_download"} <= opened


PROTECTED = {"privacy_show", "privacy_correct", "privacy_delete"}
"""A person's own request: the reason is asked there, and the right is an administrator's alone."""


async def state(database: Database, siti: Place) -> list[Any]:
    """All that an act on the case could have changed."""
    async with database.read() as session:
        counts = [
            await session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
            for table in ("messages", "outbox", "hand_overs", "staff_notices", "training_examples")
            if await session.scalar(text("SELECT to_regclass(:name)"), {"name": table})
        ]
        row = text(
            "SELECT status, version, staff_id, priority, tags::text, team_id FROM tickets WHERE number = :number"
        )
        return [*counts, *(await session.execute(row, {"number": siti.things["number"]})).one()]


@pytest.mark.parametrize("role", ["agent", "pmo", "admin", "lead", "auditor"])
async def test_with_a_permit_the_conversation_opens_and_only_who_handles_cases_acts(
    app: FastAPI, browse: Browse, scene: Scene, siti: Place, database: Database, role: str
) -> None:
    await move_to_another_team(database, scene)
    browser = await (await browse(scene, ROLES[role])).permitted(scene.conversations["siti"])
    page = await browser.get(f"/percakapan/{siti.conversation}")
    assert (page.status_code, WORDS[0] in page.text) == (200, True)
    claimed = await browser.post(f"/tiket/{siti.things['number']}/ambil")
    assert claimed.status_code == (303 if role in HANDLING else 403)
    for other in ("budi", "yanto"):
        answer = await browser.get(f"/percakapan/{scene.conversations[other].id}")
        mine = role in ("agent", "lead")
        assert answer.status_code == (200 if mine else 303), other
    async with database.read() as session:
        seen = select(AuditEntry.detail["why"].astext).where(
            AuditEntry.action == "view", AuditEntry.object.like("%T-%")
        )
        assert "permit" in set(await session.scalars(seen))


@pytest.mark.parametrize("role", ["admin", "agent"])
async def test_a_session_that_was_ended_reaches_nothing(
    app: FastAPI, browse: Browse, scene: Scene, siti: Place, database: Database, role: str
) -> None:
    browser = await browse(scene, ROLES[role])
    await browser.get("/sandi")
    token = browser.client.cookies[SESSION_COOKIE]
    async with database.write() as session:
        await close_all(session, scene.staff[ROLES[role] or ""].id)
    before = await state(database, siti)
    for way in ways(app):
        if ANYBODY in RIGHTS[way.name]:
            continue
        browser.client.cookies.set(SESSION_COOKIE, token)
        answer = await ask(browser, way, siti.things)
        assert answer.headers.get("location", "").startswith("/masuk"), way
    assert await state(database, siti) == before


@pytest.mark.parametrize("who", ["ani", None])
async def test_no_form_is_accepted_without_the_token_of_its_page(
    app: FastAPI, browse: Browse, scene: Scene, siti: Place, who: str | None, database: Database
) -> None:
    role = scene.staff[who].role if who else None
    browser = await browse(scene, who)
    before = await state(database, siti)
    for way in ways(app):
        if way.method == "GET" or not (ANYBODY in RIGHTS[way.name] or role in RIGHTS[way.name]):
            continue
        for token in ("", "salah", "é"):
            browser.csrf = token
            answer = await ask(browser, way, {**siti.things, "staff_id": scene.staff["joko"].id})
            assert (answer.status_code, "kedaluwarsa" in answer.text) == (403, True), (way, token)
    assert await state(database, siti) == before


async def test_another_sites_form_is_refused_even_with_the_token(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    browser.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await browser.post(f"/tiket/{scene.tickets['siti'].number}/ambil")).status_code == 403


async def test_one_persons_token_does_not_serve_another(browse: Browse, scene: Scene) -> None:
    sari, joko = await browse(scene, "sari"), await browse(scene, "joko")
    joko.csrf = sari.csrf
    assert (await joko.post(f"/tiket/{scene.tickets['siti'].number}/ambil")).status_code == 403
