"""Every route of bot, desk and action server, knocked at by somebody who sends anything: no error page ever.

A refusal is fine, and so is "come again"; an exception is not, and none of our insides stands in any answer.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Mount, Route

from bot.app import Bot, Settings
from bot.settings import AlarmSettings, BotSettings, MediaSettings, TelegramSettings, WhatsAppSettings
from desk.app import create_app
from desk.door import SESSION_COOKIE
from desk.sessions import open_session
from nlu.components.turn_request import Refused, turn_request
from records.bell import PostgresBell
from records.clock import system_clock
from records.sealed import Seal
from records.settings import RecordsSettings
from registry.settings import RegistrySettings
from tests.actions.house import House
from tests.bot.corridor import PhoneBook
from tests.desk.scenes import CHEAP, seed
from tests.properties.strange import ANYTHING, HEADERS, ODD, TYPES, with_one_thing_wrong
from tests.properties.world import HOUR, LONG, World

FEW = settings(
    max_examples=600 if LONG else 50, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
INSIDES = re.compile(r'Traceback|File "|sqlalchemy|psycopg|SELECT |INSERT |\.py\b')
ODD_TEXT = st.sampled_from([str(value) for value in ODD if len(str(value)) < 2000] + ["²", "٣", "①", "1e5", "+1", " 1"])
VALUES = st.one_of(st.text(max_size=30), ODD_TEXT)
COOKIE = st.sampled_from(["", "a" * 22, "A-_" * 8, "\xff" * 20, "x" * 5000, ";;==", "a" * 16 + '"'])
POSTED = [
    {"id": "a1", "text": "halo", "token": None},
    {"after": 3, "ids": ["a1"], "wait": 0, "got": 2, "read": 2, "before": None},
    {"id": "b2", "text": "foto", "files": ["k1"], "reply_to": 4},
]


def sound(answer: httpx.Response) -> None:
    """No error page, and nothing of ours in what is no page of ours."""
    assert answer.status_code < 500 or answer.status_code == 503, (answer.status_code, answer.text[:300])
    if answer.status_code >= 400:
        assert not INSIDES.search(answer.text), answer.text[:300]


@st.composite
def addresses(draw: st.DrawFn, paths: list[str]) -> str:
    """A path of ours with anything in its places, and a query nobody asked for."""
    path = draw(st.sampled_from(paths))
    path = re.sub(r"\{[^}]+\}", lambda _: quote(draw(VALUES), safe="") or "-", path)
    names = st.sampled_from(["after", "wait", "ids", "v", "embed", "hub.mode", "hub.verify_token", "hub.challenge"])
    query = draw(st.dictionaries(names | st.text(max_size=5), VALUES, max_size=3))
    return path + ("?" + "&".join(f"{quote(k)}={quote(v)}" for k, v in query.items()) if query else "")


async def knock(app: Any, method: str, address: str, body: bytes, headers: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pintu") as client, asyncio.timeout(20):
        return await client.request(method, address, content=body, headers=headers)


@pytest.fixture
def bot(world: World) -> Iterator[Bot]:
    """The whole bot, without anybody to send to or to ask."""
    nowhere = "http://127.0.0.1:9"

    async def build() -> Bot:
        records = RecordsSettings(database_url=world.database.url, helpdesk_data_key=world.data_key, _env_file=None)  # type: ignore[call-arg]
        settings = Settings(
            records=records,
            bot=BotSettings(bot_console_token="konsol", rasa_turn_token="r", rasa_url=nowhere, _env_file=None),  # type: ignore[call-arg]
            telegram=TelegramSettings(telegram_mode="off", telegram_secret="s3cret", _env_file=None),  # type: ignore[call-arg]
            whatsapp=WhatsAppSettings(
                whatsapp_app_secret="kunci", whatsapp_token="t", whatsapp_api_url=nowhere, _env_file=None
            ),  # type: ignore[call-arg]
            registry=RegistrySettings(helpdesk_data_key=world.data_key, _env_file=None),  # type: ignore[call-arg]
            media=MediaSettings(_env_file=None),  # type: ignore[call-arg]
            alarms=AlarmSettings(_env_file=None),  # type: ignore[call-arg]
        )
        return Bot(settings, clock=world.clock, registry=PhoneBook())  # type: ignore[arg-type]

    bot = world.run(build())

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(bot.inbox.run())

    storing = world.run(begin())
    yield bot

    async def end() -> None:
        storing.cancel()
        await asyncio.gather(storing, return_exceptions=True)
        await bot._client.aclose()
        await bot.database.close()

    world.run(end())


def doors(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route of an app."""
    for route in routes:
        if isinstance(route, Mount):
            yield "GET", f"{prefix}{route.path}/{{path}}"
        elif isinstance(route, Route):
            yield from ((method, prefix + route.path) for method in sorted(route.methods or {"GET"}))


def test_the_bot_answers_whatever_comes_to_any_of_its_doors(world: World, bot: Bot) -> None:
    known = sorted(set(doors(bot.app.routes)))
    assert len(known) > 10

    @FEW
    @given(data=st.data(), headers=HEADERS, content_type=TYPES, cookie=COOKIE, ours=st.booleans())
    def knocked(data: st.DataObject, headers: dict[str, Any], content_type: str, cookie: str, ours: bool) -> None:
        method, path = data.draw(st.sampled_from(known))
        address = data.draw(addresses([path]))
        body = data.draw(ANYTHING | with_one_thing_wrong(POSTED))
        given = {**headers, "Content-Type": content_type.encode()}
        if ours:
            given |= {"Authorization": b"Bearer konsol", "Cookie": f"helpdesk_visitor={cookie}".encode("latin-1")}
        sound(world.run(knock(bot.app, method, address, body, given)))

    knocked()


def test_a_place_in_a_chat_that_is_no_number_is_no_error(world: World, bot: Bot) -> None:
    for after in ("²", "①", "٣", "-1", "1e3", "", " 1", "9" * 400):
        for path in ("/webchat/messages", "/console/messages"):
            headers = {"Authorization": b"Bearer konsol"}
            sound(world.run(knock(bot.app, "GET", f"{path}?after={quote(after)}", b"", headers)))


@pytest.fixture
def desk(world: World) -> FastAPI:
    """The desk, with its cast."""
    world.run(seed(world.database, world.now))
    return create_app(
        database=world.database,
        clock=world.clock,
        bell=PostgresBell(world.database.url),
        seal=Seal(world.data_key),
        passwords=CHEAP,
    )


@pytest.fixture
def signed(world: World) -> dict[str, str]:
    """What the browser of the administrator sends, and the token of her forms."""

    async def sign() -> tuple[str, str]:
        from sqlalchemy import select

        from records.models import Staff, StaffSession

        async with world.database.write() as session:
            ani = (await session.scalars(select(Staff).where(Staff.username == "ani"))).one()
            token = await open_session(session, ani, now=system_clock(), life=HOUR)
            csrf = await session.scalar(select(StaffSession.csrf_token).order_by(StaffSession.created_at.desc()))
            return token, str(csrf)

    token, csrf = world.run(sign())
    return {"cookie": f"{SESSION_COOKIE}={token}", "csrf": csrf}


ENDLESS = ("/aliran", "/keluar")
"""A stream without an end, and the way out."""


def test_the_desk_answers_whatever_its_own_description_allows(
    world: World, desk: FastAPI, signed: dict[str, str]
) -> None:
    described = schemathesis.openapi.from_dict(desk.openapi())
    operations = [found.ok() for found in described.get_all_operations()]
    operations = [operation for operation in operations if operation.path not in ENDLESS]
    assert len(operations) > 25
    cases = st.one_of([operation.as_strategy() for operation in operations])

    @settings(FEW, max_examples=300 if LONG else 25)
    @given(case=cases, odd=st.dictionaries(st.sampled_from(["text", "key", "hal", "dari", "cari", "kanal"]), VALUES))
    def asked(case: Any, odd: dict[str, str]) -> None:
        sent = case.as_transport_kwargs(base_url="http://meja")
        fields = {**(case.body if isinstance(case.body, dict) else {}), **odd, "csrf": signed["csrf"]}
        fields = {name: str(value) for name, value in fields.items()}

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(desk)
            async with httpx.AsyncClient(transport=transport, base_url="http://meja") as browser:
                headers = {"Cookie": signed["cookie"]}
                if case.method == "POST":
                    return await browser.post(sent["url"], data=fields, headers=headers)
                params = {**(sent.get("params") or {}), **odd}
                return await browser.get(sent["url"], params=params, headers=headers)

        sound(world.run(ask()))

    asked()


CALLS = [orjson.loads(path.read_bytes()) for path in sorted(Path("tests/actions/payloads").glob("*.json"))]


def test_the_action_server_repeats_nothing_of_a_call_it_cannot_run(world: World) -> None:
    house = House()

    @FEW
    @given(body=ANYTHING | with_one_thing_wrong(CALLS), headers=HEADERS, deflate=st.booleans())
    def called(body: bytes, headers: dict[str, Any], deflate: bool) -> None:
        async def call() -> httpx.Response:
            async with house.client() as client:
                packed = {"Content-Encoding": b"deflate"} if deflate else {}
                return await client.post("/webhook", content=body, headers={**headers, **packed})

        answer = world.run(call())
        assert answer.status_code in (200, 400, 404, 500)
        if answer.status_code != 200:
            assert len(answer.content) < 300
            assert not INSIDES.search(answer.text)

    called()


TURNS = [
    {"turn_id": "1", "sender": "siti", "text": "otp ga masuk", "state": {"slots": {}}, "choice": None, "metadata": {}},
    {"turn_id": "2", "sender": "budi", "text": "", "choice": {"intent": "inform", "slots": {"platform": "sisnaker"}}},
]


def test_rasas_door_takes_turns_and_nothing_that_looks_like_a_command() -> None:
    @FEW
    @given(body=ANYTHING | with_one_thing_wrong(TURNS))
    def asked(body: bytes) -> None:
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
        try:
            turn = turn_request(given)
        except Refused:
            return
        assert turn.sender.strip()
        assert not turn.text.lstrip().startswith("/")

    asked()
