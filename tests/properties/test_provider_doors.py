"""What comes to the providers' doors: never an error page, never half stored, never a neighbour lost."""

import asyncio
import hashlib
import hmac
from datetime import timedelta
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
from bot.webhooks import BODY_LIMIT, Webhooks
from records.sealed import Seal
from tests.bot.corridor import press, update
from tests.bot.web import Served
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
LONG_ENOUGH = timedelta(minutes=1)
"""For a busy machine: how fast it is stands in the benchmarks."""


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
        app = Starlette(routes=Webhooks(inbox, TELEGRAM, WHATSAPP, deadline=LONG_ENOUGH).routes())
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


def test_three_megabytes_of_messages_are_stored_in_one_go(doors: Doors) -> None:
    people = [f"62812{n:08}" for n in range(300)]
    messages = [
        {"id": f"wamid.{who}", "from": who, "timestamp": "1598238000", "type": "text", "text": {"body": "x" * 10_300}}
        for who in people
    ]
    value = {"messaging_product": "whatsapp", "messages": messages}
    body = dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})
    assert len(body) > 3_000_000
    assert [doors.whatsapp(body).status_code for _ in range(2)] == [200, 200]
    assert doors.world.count("inbox WHERE status = 'pending'") == len(people)


def test_more_than_any_provider_sends_is_not_even_read(doors: Doors) -> None:
    for knock in (doors.telegram, doors.whatsapp):
        assert knock(b"x" * (BODY_LIMIT + 1)).status_code == 413
    assert doors.world.count("inbox") == 0


def test_a_proof_that_is_nearly_right_is_none(doors: Doors) -> None:
    for header in ("x" * 64_000, "\xff\xfe", "s3cret\t", "S3CRET", "s3cre", "s3crets", ""):
        proves_nothing(doors, header)
    assert doors.world.count("inbox") == 0


def proves_nothing(doors: Doors, header: str) -> None:
    given = {"X-Telegram-Bot-Api-Secret-Token": header.encode("latin-1")}
    assert doors.world.run(doors._post("/telegram/webhook", update(1, "halo"), given)).status_code == 403
    given = {"X-Hub-Signature-256": header.encode("latin-1")}
    assert doors.world.run(doors._post("/whatsapp/webhook", b"{}", given)).status_code == 401


def test_callers_who_never_finish_keep_nobody_else_out(world: World) -> None:
    """Forty lines that drip or stand still; an update beside them is stored at once, of theirs nothing."""
    head = "POST /telegram/webhook HTTP/1.1\r\nHost: bot\r\nX-Telegram-Bot-Api-Secret-Token: s3cret\r\n"
    beginnings = [
        *("P", "POST /telegram/webhook HTTP/1.1\r\nHost: b", head + "Content-Length: 4000\r\n\r\n"),
        *(head + 'Content-Length: 4000\r\n\r\n{"update_id": 1', head + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
    ]

    async def scene() -> int:
        inbox = Inbox(world.database, Seal(world.data_key), world.clock, asyncio.Event())
        storing = asyncio.create_task(inbox.run())
        doors = Webhooks(inbox, TELEGRAM, WHATSAPP, deadline=LONG_ENOUGH)
        async with Served(Starlette(routes=doors.routes())) as served:
            lines = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(40)]
            for n, (_, writer) in enumerate(lines):
                writer.write(beginnings[n % len(beginnings)].encode())
                await writer.drain()
            async with httpx.AsyncClient(base_url=served.address, timeout=60, trust_env=False) as telegram:
                headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
                answer = await telegram.post("/telegram/webhook", content=update(2, "halo"), headers=headers)
            for _, writer in lines:
                writer.close()
        storing.cancel()
        await asyncio.gather(storing, return_exceptions=True)
        return answer.status_code

    assert world.run(scene()) == 200
    assert [row["external_id"] for row in world.rows("SELECT external_id FROM inbox")] == ["update:900002"]


def test_our_own_id_in_a_status_may_be_anything(doors: Doors) -> None:
    for n, ours in enumerate(ODD):
        status = {
            "id": f"wamid.{n}",
            "status": "delivered",
            "timestamp": "1598238100",
            "biz_opaque_callback_data": ours,
        }
        value = {"statuses": [status], "messages": [{"id": f"wamid.b{n}", "from": "628", "type": "text", "text": {}}]}
        body = dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})
        assert doors.whatsapp(body).status_code == 200, ours
