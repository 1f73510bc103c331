"""A simulator put together by hand, a bot's door that answers as told, and a small programme."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from simulator.app import Simulator, build
from simulator.programme.generate import generate
from simulator.settings import SimulatorSettings
from simulator.wire import Reply, WebhookFailed

TOKEN = "7000000001:gladi"
BOT = f"/telegram/bot{TOKEN}"


class Door:
    """The bot's webhook: keeps what it was sent and answers what it was told to, 200 when told nothing."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str], bytes | None]] = []
        self.answers: list[int | Reply | WebhookFailed] = []
        self.challenge_word = "verify"

    async def __call__(self, url: str, headers: dict[str, str], body: bytes | None) -> Reply:
        self.calls.append((url, headers, body))
        await asyncio.sleep(0)
        if body is None:
            query = dict(httpx.URL(url).params)
            known = query["hub.verify_token"] == self.challenge_word
            return Reply(200 if known else 403, {}, query["hub.challenge"].encode() if known else b"")
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, WebhookFailed):
            raise answer
        return answer if isinstance(answer, Reply) else Reply(answer)

    @property
    def bodies(self) -> list[Any]:
        return [orjson.loads(body) for _, _, body in self.calls if body]


class Hands:
    """The clock in a test's hands."""

    def __init__(self) -> None:
        self.now = datetime(2020, 8, 24, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small-programme")
    generate(folder, participants=60)
    return folder


@pytest.fixture
def settings(programme: Path, tmp_path: Path) -> SimulatorSettings:
    for path in programme.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return SimulatorSettings(
        data=tmp_path,
        telegram_token=SecretStr(TOKEN),
        whatsapp_token=SecretStr("wa-token"),
        whatsapp_app_secret=SecretStr("app-secret"),
        whatsapp_verify_token=SecretStr("verify"),
        sign_key=SecretStr("sign-key"),
        telegram_retry_base=timedelta(milliseconds=5),
        whatsapp_retry_base=timedelta(milliseconds=5),
    )


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def hands() -> Hands:
    return Hands()


def nothing_is_refilled(simulator: Simulator) -> None:
    """Let the clock of the limits stand still: between two calls on a busy machine one more would fit."""
    gate, whatsapp = simulator.stage.telegram.gate, simulator.stage.whatsapp
    for buckets in (gate._all, gate._chats, whatsapp._all, whatsapp._pairs):
        buckets._monotonic = lambda: 0.0


@pytest.fixture
async def simulator(settings: SimulatorSettings, door: Door, hands: Hands) -> AsyncIterator[Simulator]:
    made = build(settings, post=door, clock=hands)
    nothing_is_refilled(made)
    async with made.app.router.lifespan_context(made.app):
        yield made


@pytest.fixture
async def http(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=simulator.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
        yield client


@pytest.fixture
def eventually() -> Callable[..., Any]:
    async def wait(condition: Callable[[], bool], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - it watches from outside, nobody tells it
                await asyncio.sleep(0.002)

    return wait


@pytest.fixture
def say(http: httpx.AsyncClient) -> Callable[..., Any]:
    async def act(who: Any, text: str = "", **more: Any) -> dict[str, Any]:
        answer = await http.post("/control/send", json={"as": who, "text": text, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()["sent"][0]

    return act
