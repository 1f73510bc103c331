"""What comes to the providers' doors: never an error page, never half stored, never a neighbour lost."""

import asyncio
import hashlib
import hmac
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.inbox import Inbox
from bot.settings import TelegramSettings, WhatsAppSettings
from bot.webhooks import Webhooks
from records.sealed import Seal
from tests.bot.corridor import press, update
from tests.properties.strange import ANYTHING, HEADERS, ODD, TYPES, changed, dumps, places, with_one_thing_wrong
from tests.properties.world import LONG, World

PAYLOADS = Path(__file__).parents[1] / "bot" / "payloads"
FEW = settings(
    max_examples=2000 if LONG else 40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TELEGRAM = TelegramSettings(telegram_secret="s3cret", _env_file=None)  # type: ignore[call-arg]
WHATSAPP = WhatsAppSettings(whatsapp_app_secret="kunci", whatsapp_verify_token="v", _env_file=None)  # type: ignore[call-arg]


def payloads(channel: str) -> list[Any]:
    """The payload files of a channel."""
    found = [path for path in sorted(PAYLOADS.rglob("*.json")) if channel in str(path.relative_to(PAYLOADS))]
    return [orjson.loads(path.read_bytes()) for path in found]


UPDATES = [
    orjson.loads(update(1, "halo")),
    orjson.loads(press(2, "tok")),
    orjson.loads(update(3, None, contact={"phone_number": "+62812", "first_name": "S", "user_id": 7001})),
    orjson.loads(
        update(4, None, caption="struk", photo=[{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}])
    ),
    *payloads("telegram"),
]
BATCHES = payloads("whatsapp")


class Doors:
    """The doors of one bot with a real inbox behind them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._key = Fernet(world.data_key)

    def telegram(self, body: bytes, headers: dict[str, Any] | None = None) -> httpx.Response:
        return self._knock("/telegram/webhook", body, {**(headers or {}), "X-Telegram-Bot-Api-Secret-Token": "s3cret"})

    def whatsapp(self, body: bytes, headers: dict[str, Any] | None = None) -> httpx.Response:
        signature = "sha256=" + hmac.new(b"kunci", body, hashlib.sha256).hexdigest()
        return self._knock("/whatsapp/webhook", body, {**(headers or {}), "X-Hub-Signature-256": signature})

    def _knock(self, path: str, body: bytes, headers: dict[str, Any]) -> httpx.Response:
        return self.world.run(self._post(path, body, headers))

    async def _post(self, path: str, body: bytes, headers: dict[str, Any]) -> httpx.Response:
        inbox = Inbox(self.world.database, Seal(self.world.data_key), self.world.clock, asyncio.Event())
        running = asyncio.create_task(inbox.run())
        app = Starlette(routes=Webhooks(inbox, TELEGRAM, WHATSAPP).routes())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
            answer = await client.post(path, content=body, headers=headers)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return answer

    def kept(self) -> list[dict[str, Any]]:
        """What is in the inbox, opened."""
        rows = self.world.rows("SELECT external_id, kind, status, sealed_event, conversation_id FROM inbox ORDER BY id")
        for row in rows:
            row["body"] = self._key.decrypt(row["sealed_event"]) if row["sealed_event"] else None
        return rows

    def empty(self) -> None:
        """The next body is the first of its number."""
        self.world.rows("DELETE FROM lanes")
        self.world.rows("DELETE FROM inbox")


@pytest.fixture
def doors(world: World) -> Doors:
    return Doors(world)


def test_an_update_is_kept_as_it_came_whatever_is_wrong_with_it(doors: Doors) -> None:
    @FEW
    @given(body=ANYTHING | with_one_thing_wrong(UPDATES), headers=HEADERS, content_type=TYPES)
    def knocked(body: bytes, headers: dict[str, bytes], content_type: str) -> None:
        doors.empty()
        answer = doors.telegram(body, {**headers, "Content-Type": content_type.encode()})
        assert answer.status_code == 200, answer.text
        (kept,) = doors.kept()
        assert kept["body"] in (body, None)
        assert (kept["status"] == "pending") == (kept["conversation_id"] is not None)
        assert kept["body"] is not None or kept["status"] == "ignored"
        assert doors.telegram(body).status_code == 200
        assert len(doors.kept()) == 1

    knocked()


def test_a_batch_is_kept_and_its_good_messages_are_heard_whatever_is_wrong_with_the_others(doors: Doors) -> None:
    @FEW
    @given(data=st.data(), headers=HEADERS, first=st.booleans())
    def knocked(data: st.DataObject, headers: dict[str, bytes], first: bool) -> None:
        doors.empty()
        batch = data.draw(st.sampled_from(BATCHES))
        for _ in range(data.draw(st.integers(1, 3))):
            inside = [place for place in places(batch) if len(place) > 1 and place[0] == "entry"]
            if not inside:
                break
            place = data.draw(st.sampled_from(inside))
            batch = changed(batch, place, data.draw(st.sampled_from([..., *ODD])))
        good: dict[str, Any] = {"id": "wamid.baik", "from": "6281299990000", "timestamp": "1598238000", "type": "text"}
        good["text"] = {"body": "ok"}
        value = {"messaging_product": "whatsapp", "messages": [good]}
        entry = {"id": "9", "changes": [{"field": "messages", "value": value}]}
        batch["entry"] = [entry, *batch["entry"]] if first else [*batch["entry"], entry]
        answer = doors.whatsapp(dumps(batch), headers)
        assert answer.status_code == 200, answer.text
        heard = [row for row in doors.kept() if row["body"] and b"wamid.baik" in row["body"]]
        assert [row["status"] for row in heard] == ["pending"]

    knocked()


def test_a_body_of_whatsapp_that_is_none_is_kept_as_it_came(doors: Doors) -> None:
    @FEW
    @given(body=ANYTHING | with_one_thing_wrong(BATCHES), content_type=TYPES)
    def knocked(body: bytes, content_type: str) -> None:
        doors.empty()
        answer = doors.whatsapp(body, {"Content-Type": content_type.encode()})
        assert answer.status_code == 200, answer.text

    knocked()
