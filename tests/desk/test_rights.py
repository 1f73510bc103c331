"""Every route against every role, read from the app itself; and no form is accepted that is not ours."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import select

from desk.rights import ANYBODY, RIGHTS
from records.database import Database
from records.models import Ticket
from tests.desk.conftest import Browse
from tests.desk.making import Scene

ROLES = {"nobody": None, "agent": "joko", "pmo": "rudi", "admin": "ani"}
ENDLESS = {"stream"}
"""Answers without an end, so only its refusal is tried here."""


def routes(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    for context in iter_route_contexts(app.routes):
        route = context.route
        if isinstance(route, APIRoute):
            for method in sorted(route.methods):
                yield context.name, method, context.path


def test_every_route_has_its_rights_and_every_right_its_route(app: FastAPI) -> None:
    assert {name for name, _, _ in routes(app)} == set(RIGHTS)
    assert len(list(routes(app))) > 20


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_reaches_exactly_its_routes(app: FastAPI, browse: Browse, scene: Scene, role: str) -> None:
    refused, reached = set(), set()
    browser = await browse(scene, ROLES[role])
    for name, method, path in routes(app):
        may = ANYBODY in RIGHTS[name] or role in RIGHTS[name]
        if name in ENDLESS and may:
            continue
        if role == "nobody":
            await browser.get("/masuk")
        address = path.format(
            number="T-999999",
            conversation_id=uuid4(),
            staff_id=uuid4(),
            alarm_id=1,
            message_id=uuid4(),
            media_id=uuid4(),
            inbox_id=99,
            outbox_id=uuid4(),
            receipt_number="DP-9",
        )
        fields = {"key": str(uuid4()), "active": "true"}
        answer = await (browser.get(address) if method == "GET" else browser.post(address, **fields))
        (reached if may else refused).add(name)
        if name == "sign_out":
            browser = await browse(scene, ROLES[role])
        if may:
            assert "Bukan untuk peran Anda" not in answer.text, name
            assert not answer.headers.get("location", "").startswith("/masuk?lanjut"), name
        elif role == "nobody":
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/masuk"), name
        else:
            assert answer.status_code == 403, name
            assert "Bukan untuk peran Anda" in answer.text
    assert reached | refused | ENDLESS == set(RIGHTS)


@pytest.mark.parametrize("who", ["ani", None])
async def test_no_form_is_accepted_without_the_token_of_its_page(
    app: FastAPI, browse: Browse, scene: Scene, who: str | None, database: Database
) -> None:
    number = scene.tickets["siti"].number
    browser = await browse(scene, who)
    for name, method, path in routes(app):
        if method == "GET" or (who is None and ANYBODY not in RIGHTS[name]):
            continue
        address = path.format(
            number=number,
            staff_id=scene.staff["joko"].id,
            conversation_id=uuid4(),
            alarm_id=1,
            message_id=uuid4(),
            media_id=uuid4(),
            inbox_id=99,
            outbox_id=uuid4(),
            receipt_number="DP-9",
        )
        for token in ("", "salah", "é"):
            browser.csrf = token
            answer = await browser.post(address, key=str(uuid4()), text="Halo", active="false", password="x" * 12)
            assert (answer.status_code, "kedaluwarsa" in answer.text) == (403, True), (name, token)
    async with database.read() as session:
        assert (await session.scalars(select(Ticket.status).where(Ticket.number == number))).one() == "open"


async def test_another_sites_form_is_refused_even_with_the_token(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    browser.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await browser.post(f"/tiket/{scene.tickets['siti'].number}/ambil")).status_code == 403


async def test_one_persons_token_does_not_serve_another(browse: Browse, scene: Scene) -> None:
    sari, joko = await browse(scene, "sari"), await browse(scene, "joko")
    joko.csrf = sari.csrf
    assert (await joko.post(f"/tiket/{scene.tickets['siti'].number}/ambil")).status_code == 403
