"""The web chat of the whole system, its bot killed while somebody writes: nothing lost, nothing twice, in order."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from helpdesk import state as board
from helpdesk.places import Places
from tests.stack.running import Stack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=60_000)

WORDS = ["halo", "platform buat beli pelatihan apa aja ya min", "terus cara tukar voucher gimana", "makasih ya"]
SENT = "SELECT o.status FROM outbox o JOIN conversations c ON c.id = o.conversation_id WHERE c.external_id = %s"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def kill_the_bot(stack: Stack) -> None:
    """Kill it, as soon as there is one again."""
    places = Places(stack.settings.var)
    for _ in range(600):
        if (state := board.read(places.state)) and (pid := state.parts["bot"].pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return
        time.sleep(0.1)
    pytest.fail("the bot was not started again")


def test_a_bot_killed_again_and_again_while_somebody_writes_loses_and_repeats_nothing(
    stack: Stack, browser: Browser
) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 780}, locale="id-ID").new_page()
    page.set_default_timeout(60_000)
    page.goto(f"http://127.0.0.1:{stack.settings.bot_port}/chat")
    expect(page.get_by_text("Tuliskan kendalanya seperti biasa")).to_be_visible()
    for said in WORDS:
        page.get_by_label("Tulis pesan").fill(said)
        page.get_by_role("button", name="Kirim", exact=True).click()
        kill_the_bot(stack)
    mine = page.locator("#messages li.me")
    expect(page.locator("#messages li.waiting, #messages li.stored")).to_have_count(0, timeout=300_000)
    expect(page.locator("#messages li.failed")).to_have_count(0)
    assert mine.locator(".said").all_inner_texts() == WORDS
    visitor = next(one["value"] for one in page.context.cookies() if one["name"] == "helpdesk_visitor")
    kept = stack.rows(
        "SELECT m.text, m.direction, m.kind FROM messages m JOIN conversations c ON c.id = m.conversation_id "
        "WHERE c.external_id = %s ORDER BY m.position",
        visitor,
    )
    assert [row["text"] for row in kept if row["direction"] == "in"] == WORDS
    replies = [row for row in kept if row["direction"] == "out"]
    # whose message waits long is told so, which is no answer
    assert len([row for row in replies if row["kind"] != "waiting"]) == len(WORDS)
    expect(page.locator("#messages li.bot")).to_have_count(len(replies))
    statuses: set[object] = set()
    for _ in range(120):
        statuses = {row["status"] for row in stack.rows(SENT, visitor)}
        if statuses == {"read"}:
            break
        page.wait_for_timeout(500)
    assert statuses == {"read"}
