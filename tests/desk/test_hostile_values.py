"""Whatever anybody writes into any field, every page of the desk shows it and nothing runs."""

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from desk.rights import may
from records.database import Database
from tests.desk.conftest import Browse
from tests.desk.hostile import Inert, spoil_everything
from tests.desk.making import Scene
from tests.desk.scenes import PEOPLE
from tests.desk.test_every_page import LOOKERS, filled, things_of

ENDLESS = {"stream"}
SPOKEN = {
    *(("messages", "text"), ("identities", "display_name"), ("tickets", "summary"), ("tickets", "course")),
    *(("tickets", "evidence"), ("staff", "name"), ("teams", "name"), ("hand_overs", "reason")),
}
"""Some of the fields that must be spoiled, or nothing was tried."""


async def test_hostile_values_are_shown_as_words_on_every_page(
    app: FastAPI, browse: Browse, scene: Scene, database: Database
) -> None:
    things = await things_of(scene, database)
    taken = await spoil_everything(database)
    assert taken >= SPOKEN, SPOKEN - taken
    faults, seen, words = {}, 0, 0
    for who in (*LOOKERS, None):
        browser = await browse(scene, who)
        role = PEOPLE[who][1] if who else None
        for context in iter_route_contexts(app.routes):
            route = context.route
            if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()) or route.name in ENDLESS:
                continue
            address = filled(str(context.path), things)
            if address is None or not may(role, route.name):
                continue
            answer = await browser.get(address)
            if answer.status_code >= 500:
                faults[f"{who} {address}"] = [str(answer.status_code)]
            if answer.headers.get("content-type", "").startswith("text/html"):
                page = Inert(answer.text)
                seen, words = seen + 1, words + page.words
                if page.faults:
                    faults[f"{who} {address}"] = page.faults
            assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert faults == {}
    assert seen > 30
    assert words > 100
