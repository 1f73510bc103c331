"""One-time links: asked for where one is known, opened where one is not, good for one press and a few minutes.

Siti is bound on Telegram and opens the link in her browser; a stranger tries what strangers try.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot import wording
from bot.identity.keys import IdentityKeys, token_hash
from bot.visitors import COOKIE, Visitors
from bot.web_links import LinkDoors
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import BUDI, Corridor, PhoneBook, press, update
from tests.bot.test_identity import NOBODYS, SITIS, contact, edit, hear_whatsapp, whatsapp
from tests.bot.web import pulled_doors

NO_LINKS = [
    "/masuk/",
    "/masuk/x",
    "/masuk/" + "A" * 32,
    "/masuk/%00%2f.%2f",
    "/masuk/" + "é" * 40,
    "/masuk/" + "B" * 900,
]


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    book = PhoneBook({SITIS: ("P-SITI",), NOBODYS: ("P-BUDI",)})
    book.keys = IdentityKeys(data_key)
    async with Corridor(database, clock, data_key, registry=book) as corridor:
        await corridor.hear(contact(1, SITIS))
        yield corridor


@pytest.fixture
async def browser(corridor: Corridor, data_key: str, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    visitors = Visitors(corridor.database)
    routes: list[Any] = [
        *LinkDoors(corridor.database, IdentityKeys(data_key), visitors, clock, asyncio.Event()).routes(),
        *pulled_doors(corridor).routes(),
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://bot") as it:
        yield it


async def link_of(corridor: Corridor, number: int = 2) -> str:
    """Ask for a link and return its path."""
    await corridor.hear(update(number, "/web"))
    found = re.search(r"https://bot\.example(/masuk/\S+)", corridor.telegram.words[-1])
    assert found
    return found[1]


async def say(corridor: Corridor, browser: httpx.AsyncClient, number: int, said: str, token: str | None = None) -> int:
    answer = await browser.post("/webchat/messages", json={"id": f"w{number}", "text": said, "token": token})
    await corridor.rest()
    return answer.status_code


async def read(browser: httpx.AsyncClient) -> list[str]:
    return [message["text"] for message in (await browser.get("/webchat/messages")).json()["messages"]]


def web_turns(corridor: Corridor) -> list[str | None]:
    return [t["metadata"]["participant_id"] for t in corridor.rasa.asked if t["metadata"]["channel"] == "web"]


async def test_only_the_button_uses_a_link_and_binds_this_browser(
    corridor: Corridor, browser: httpx.AsyncClient
) -> None:
    link = await link_of(corridor)
    for _ in range(3):
        assert "Hubungkan browser ini" in (await browser.get(link)).text
    assert await corridor.count("one_time_links WHERE used_at IS NULL") == 1
    opened = await browser.post(link)
    assert (opened.status_code, opened.headers["location"]) == (303, "/chat")
    await say(corridor, browser, 1, "saldo saya")
    assert web_turns(corridor) == ["P-SITI"]
    assert await read(browser) == [wording.LINK_USED_WEB, "saldo saya", "dengar: saldo saya"]
    assert corridor.telegram.words[-1] == wording.LINK_USED_HERE


async def test_a_link_is_long_random_and_stands_in_no_table(corridor: Corridor) -> None:
    token = (await link_of(corridor)).removeprefix("/masuk/")
    assert len(token) == 32
    async with corridor.database.read() as session:
        tables = list(await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
        rows = [
            str(row)
            for table in tables
            for row in await session.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} t"))  # noqa: S608
        ]
    assert len(rows) > 10
    assert not [row for row in rows if token in row]
    assert [row for row in rows if token_hash(token) in row]


async def test_whatever_is_no_usable_link_is_one_and_the_same_page(
    corridor: Corridor, browser: httpx.AsyncClient
) -> None:
    used = await link_of(corridor, 2)
    shown = {(await browser.get(used)).text}
    await browser.post(used)
    old = await link_of(corridor, 3)
    await edit(corridor, "UPDATE one_time_links SET expires_at = now() - interval '1 second' WHERE used_at IS NULL")
    pages = set()
    for link in (used, old, *NO_LINKS):
        shown.add((await browser.get(link)).text)
        answer = await browser.post(link)
        pages.add((answer.status_code, answer.text, answer.headers.get("set-cookie")))
    assert len(shown) == 1
    assert len(pages) == 1
    assert next(iter(pages))[0] == 404


async def test_a_new_link_ends_the_one_before_it(corridor: Corridor, browser: httpx.AsyncClient) -> None:
    first = await link_of(corridor, 2)
    second = await link_of(corridor, 3)
    await browser.get(first)
    assert ((await browser.post(first)).status_code, (await browser.post(second)).status_code) == (404, 303)


async def test_two_presses_at_once_open_one_chat(corridor: Corridor, browser: httpx.AsyncClient) -> None:
    link = await link_of(corridor)
    await browser.get(link)
    answers = await asyncio.gather(*(browser.post(link) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404, 404]


async def test_another_sites_form_opens_nothing(corridor: Corridor, browser: httpx.AsyncClient) -> None:
    link = await link_of(corridor)
    assert (await browser.post(link)).status_code == 404
    await browser.get(link)
    assert (await browser.post(link, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 404
    assert await corridor.count("one_time_links WHERE used_at IS NULL") == 1


async def test_who_knows_the_cookie_from_before_has_nothing_of_the_bound_chat(
    corridor: Corridor, browser: httpx.AsyncClient
) -> None:
    link = await link_of(corridor)
    await browser.get(link)
    planted = browser.cookies[COOKIE]
    await browser.post(link)
    await say(corridor, browser, 1, "saldo saya")
    browser.cookies.clear()
    browser.cookies.set(COOKIE, planted)
    assert await read(browser) == []
    assert await say(corridor, browser, 2, "/putuskan") == 401


async def test_letting_go_where_it_was_asked_for_ends_the_web_chat(
    corridor: Corridor, browser: httpx.AsyncClient
) -> None:
    link = await link_of(corridor)
    await browser.get(link)
    await browser.post(link)
    await corridor.hear(update(5, "/putuskan"))
    await corridor.hear(press(6, corridor.telegram.sent[-1].buttons[0].token))
    assert await read(browser) == []
    assert await say(corridor, browser, 1, "saldo saya") == 401
    await browser.get("/chat")
    assert await say(corridor, browser, 2, "saldo saya") == 202
    assert web_turns(corridor) == [None]


async def test_letting_go_on_the_web_leaves_telegram_bound(corridor: Corridor, browser: httpx.AsyncClient) -> None:
    link = await link_of(corridor)
    await browser.get(link)
    await browser.post(link)
    await say(corridor, browser, 1, "/putuskan")
    await say(corridor, browser, 2, "Ya, putuskan")
    shown = (await browser.get("/webchat/messages")).json()
    assert shown == {"messages": [], "ended": wording.WEB_ENDED}
    await browser.get("/chat")
    await say(corridor, browser, 3, "saldo saya")
    await corridor.hear(update(9, "saldo saya"))
    assert web_turns(corridor) == [None]
    assert corridor.rasa.asked[-1]["metadata"]["participant_id"] == "P-SITI"


async def test_the_next_person_at_a_shared_computer_sees_nothing_of_the_one_before(
    corridor: Corridor, browser: httpx.AsyncClient
) -> None:
    link = await link_of(corridor)
    await browser.get(link)
    await browser.post(link)
    await say(corridor, browser, 1, "saldo saya")
    await corridor.hear(contact(10, NOBODYS, of=BUDI, chat=BUDI))
    await corridor.hear(update(11, "/web", chat=BUDI))
    budis = corridor.telegram.words[-1].split("https://bot.example")[1].split()[0]
    await browser.get(budis)
    await browser.post(budis)
    await corridor.rest()
    assert await read(browser) == [wording.LINK_USED_WEB]


@pytest.mark.parametrize("asked", ["/web", "lanjut di web", "Tautan web."])
async def test_a_stranger_gets_no_link(corridor: Corridor, asked: str) -> None:
    await corridor.hear(update(5, asked, chat=BUDI))
    assert corridor.telegram.words[-1] == wording.WEB_NOT_BOUND["telegram"]
    assert await corridor.count("one_time_links") == 0


async def test_a_web_visitor_is_told_where_to_ask(corridor: Corridor, browser: httpx.AsyncClient) -> None:
    await browser.get("/chat")
    await say(corridor, browser, 1, "/web")
    assert (await read(browser))[-1] == wording.WEB_FROM_ELSEWHERE


async def test_guessing_links_locks_a_browser_and_raises_an_alarm(
    corridor: Corridor, browser: httpx.AsyncClient
) -> None:
    link = await link_of(corridor)
    await browser.get(link)
    for number in range(5):
        await browser.post(f"/masuk/{number:032}")
    assert (await browser.post(link)).status_code == 404
    assert await corridor.count("alarms WHERE kind = 'link' AND channel = 'web'") == 1
    assert await corridor.count("one_time_links WHERE used_at IS NULL") == 1


async def test_a_person_without_a_number_on_whatsapp_is_bound_by_their_own_link(corridor: Corridor) -> None:
    link = await link_of(corridor)
    said = f"ini https://bot.example{link}"
    await hear_whatsapp(corridor, whatsapp(1, said, user="ID.7", phone=None))
    await hear_whatsapp(corridor, whatsapp(2, "saldo saya", user="ID.7", phone=None))
    await hear_whatsapp(corridor, whatsapp(3, said, user="ID.8", phone=None))
    assert corridor.whatsapp.words == [wording.BOUND, "dengar: saldo saya", wording.LINK_REFUSED]
    assert corridor.rasa.asked[-1]["metadata"]["participant_id"] == "P-SITI"
    assert await corridor.count(f"messages WHERE text LIKE '%{link[-10:]}%' OR sealed_text IS NOT NULL") == 0


async def test_a_link_sent_into_a_chat_with_a_number_is_not_used(corridor: Corridor) -> None:
    link = await link_of(corridor)
    await corridor.hear(update(5, f"https://bot.example{link}", chat=BUDI))
    assert corridor.telegram.words[-1] == wording.LINK_IN_CHAT
    assert await corridor.count("one_time_links WHERE used_at IS NULL") == 1
