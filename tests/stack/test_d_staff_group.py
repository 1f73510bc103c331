"""A case goes from a participant's phone to the staff group and back, through the bot's door and the desk's rounds."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import sync_playwright

from simulator.control.groups import STAFF, USUAL_ID
from tests.stack.running import Stack
from tests.stack.seats import page_of
from tests.stack.test_4_phone_to_desk import CHROMIUM, FLAGS, PICTURES, picture

pytestmark = pytest.mark.stack

type Anew = Callable[[str], str]
SARI = STAFF[0].model_dump()
GROUP = {"id": USUAL_ID}


@pytest.fixture
def group(stack: Stack) -> Iterator[None]:
    """Run with a staff group, and one of staff in it whose account is proven."""
    stack.start_told(TELEGRAM_STAFF_GROUP=str(USUAL_ID))
    stack.control.post("/control/groups", json={}).raise_for_status()
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(
            "INSERT INTO staff (id, username, name, role, password_hash, created_at, telegram_user_id) "
            "VALUES (gen_random_uuid(), 'grup', 'Sari Grup', 'agent', '-', now(), %s)",
            (str(SARI["id"]),),
        )
        connection.execute(
            "INSERT INTO team_members SELECT teams.id, staff.id FROM teams, staff "
            "WHERE is_default AND username = 'grup'"
        )
    yield
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("UPDATE staff SET active = false, telegram_user_id = NULL WHERE username = 'grup'")
    stack.start_told()


def until(what: Callable[[], Any], seconds: float = 180) -> Any:
    """Wait until something is there."""
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, "nothing came"
        time.sleep(0.2)
    return found


@pytest.mark.usefixtures("group")
def test_a_case_is_taken_answered_and_resolved_in_the_group(stack: Stack, anew: Anew) -> None:
    who = anew("siti")
    (answer,) = stack.say("saya mau bicara dengan petugas saja", who=who)
    number = answer.ticket
    assert number

    def thread() -> int | None:
        topics = stack.control.get(f"/control/groups/{USUAL_ID}").json()["topics"]
        return next((it["thread_id"] for it in topics if it["name"].startswith(number + " ")), None)

    def items() -> list[dict[str, Any]]:
        every = stack.control.get(f"/control/chats/telegram/{USUAL_ID}").json()["items"]
        return [it for it in every if it["extra"].get("thread") == topic]

    def shown(sent: dict[str, Any], what: str) -> str | None:
        extra: dict[str, str] = next(it["extra"] for it in items() if it["message_id"] == sent["message_id"])
        return extra.get(what)

    def act(**what: Any) -> dict[str, Any]:
        given = {"as": SARI, "group": GROUP, "thread": topic, **what}
        sent: dict[str, Any] = stack.control.post("/control/send", json=given).raise_for_status().json()["sent"][0]
        return sent

    def closed() -> bool:
        topics = stack.control.get(f"/control/groups/{USUAL_ID}").json()["topics"]
        return bool(next(it for it in topics if it["thread_id"] == topic)["closed"])

    topic = until(thread, 300)  # cases that others left open are told first, at the pace of a group
    until(lambda: any(it["buttons"] for it in items()))
    taken = act(do="press", title="Ambil")
    assert "sekarang Anda pegang" in until(lambda: shown(taken, "answer"))
    answered = act(text="/b Halo Kak, kami bantu ya.")

    def to_siti() -> list[str]:
        said = stack.control.get(f"/control/chats/telegram/{stack.person(who)['telegram']['id']}").json()["items"]
        return [it["text"] for it in said if it["who"] == "bot"]

    until(lambda: "Halo Kak, kami bantu ya." in to_siti())
    until(lambda: shown(answered, "reaction") == "👌")
    if PICTURES:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = page_of(chromium, f"http://127.0.0.1:{stack.settings.simulator_port}/grup", (1100, 760))
            page.get_by_text(number).first.click()
            picture(page, "staff-group")
            chromium.close()
    act(text="/selesai Sudah beres.")
    until(lambda: any("Sudah beres." in said for said in to_siti()))
    assert until(closed)
    (row,) = stack.rows("SELECT status FROM tickets WHERE number = %s", number)
    assert row["status"] == "resolved"
