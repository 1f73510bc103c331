"""What a provider tells of a message is kept, and ends the same in whatever order it comes."""

import asyncio
import itertools
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot.webhooks import whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import Corridor
from tests.conftest import OPENING

SENT_AT = int(OPENING.timestamp())
AT = {"sent": 1, "delivered": 3, "read": 9, "failed": 5}


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> Any:
    async with Corridor(database, clock, data_key) as running:
        yield running


def told(status: str, outbox_id: str | None, wamid: str = "wamid.A", at: int | None = None) -> dict[str, Any]:
    """A status as Meta sends it."""
    said: dict[str, Any] = {"id": wamid, "status": status, "timestamp": str(SENT_AT + (at or AT[status]))}
    if outbox_id:
        said["biz_opaque_callback_data"] = outbox_id
    if status == "failed":
        said["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    return said


def webhook(*statuses: dict[str, Any]) -> bytes:
    value = {"messaging_product": "whatsapp", "statuses": list(statuses)}
    return orjson.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})


async def a_row(corridor: Corridor, status: str = "sent", wamid: str | None = "wamid.A") -> str:
    """A message to Rina that has come so far."""
    conversation, message, row = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    given = {"conversation": conversation, "message": message, "row": row, "status": status, "wamid": wamid}
    given |= {"chat": f"ID.{conversation}", "now": OPENING}
    async with corridor.database.write() as session:
        await session.execute(
            text(
                "INSERT INTO conversations (id, channel, external_id, opened_at) "
                "VALUES (:conversation, 'whatsapp', :chat, :now)"
            ),
            given,
        )
        await session.execute(
            text(
                "INSERT INTO messages (id, conversation_id, direction, author, text, created_at) "
                "VALUES (:message, :conversation, 'out', 'bot', 'Halo Kak', :now)"
            ),
            given,
        )
        await session.execute(
            text(
                "INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, status,"
                " provider_message_id) VALUES (:row, :conversation, :message, 'whatsapp', "
                """'{"text": "Halo Kak"}', 'bot', 0, :status, :wamid)"""
            ),
            given,
        )
    return str(row)


async def say(corridor: Corridor, *statuses: dict[str, Any]) -> None:
    await corridor.inbox.store(whatsapp_arrivals(webhook(*statuses)))


async def end_of(corridor: Corridor, row: str) -> dict[str, Any]:
    return await corridor.row(f"SELECT status, error, status_at, provider_message_id FROM outbox WHERE id = '{row}'")  # noqa: S608


def orders(of: Iterable[str]) -> list[tuple[str, ...]]:
    return [
        order
        for n in range(1, 5)
        for some in itertools.combinations(of, n)
        for order in [*itertools.permutations(some)]
    ]


async def test_any_order_and_repetition_ends_the_same(corridor: Corridor) -> None:
    ends: dict[frozenset[str], set[tuple[Any, ...]]] = {}
    for number, order in enumerate(orders(("sent", "delivered", "read", "failed"))):
        wamid = f"wamid.{number}"
        row = await a_row(corridor, wamid=wamid)
        for status in order:
            await say(corridor, told(status, row, wamid))
        await say(corridor, *(told(status, row, wamid) for status in reversed(order)))
        end = await end_of(corridor, row)
        ends.setdefault(frozenset(order), set()).add((end["status"], end["error"], end["status_at"]))
        assert await corridor.count(f"receipts WHERE outbox_id = '{row}'") == len(order)
    assert {order: len(end) for order, end in ends.items()} == dict.fromkeys(ends, 1)
    what = {order: next(iter(end))[0] for order, end in ends.items()}
    assert what[frozenset({"sent"})] == "sent"
    assert what[frozenset({"sent", "failed"})] == "refused"
    assert what[frozenset({"failed", "delivered"})] == "delivered"
    assert what[frozenset({"sent", "delivered", "read", "failed"})] == "read"


async def test_statuses_of_one_message_at_the_same_time_are_all_kept(corridor: Corridor) -> None:
    row = await a_row(corridor)
    await asyncio.gather(*(say(corridor, told(status, row)) for status in ("read", "sent", "failed", "delivered")))
    assert (await end_of(corridor, row))["status"] == "read"
    assert await corridor.count("receipts") == 4


async def test_a_failure_after_sent_says_why_and_with_which_code(corridor: Corridor) -> None:
    row = await a_row(corridor)
    await say(corridor, told("sent", row), told("failed", row))
    end = await end_of(corridor, row)
    assert end["status"] == "refused"
    assert end["error"].startswith("131026")
    kept = await corridor.row("SELECT code, at FROM receipts WHERE status = 'refused'")
    assert kept == {"code": 131026, "at": OPENING + timedelta(seconds=5)}


async def test_an_unknown_send_is_settled_by_our_own_id(corridor: Corridor) -> None:
    row = await a_row(corridor, "unknown", wamid=None)
    await say(corridor, told("sent", row, "wamid.new"))
    end = await end_of(corridor, row)
    assert (end["status"], end["provider_message_id"]) == ("sent", "wamid.new")


async def test_a_status_without_our_id_is_found_by_the_message_id(corridor: Corridor) -> None:
    row = await a_row(corridor)
    await say(corridor, told("delivered", None), told("delivered", "not a uuid", at=4))
    assert (await end_of(corridor, row))["status"] == "delivered"
    assert await corridor.count("receipts") == 2


async def test_a_status_of_no_message_of_ours_is_kept_and_moves_nothing(corridor: Corridor) -> None:
    row = await a_row(corridor)
    await say(corridor, told("failed", str(uuid.uuid4()), "wamid.stranger"))
    assert (await end_of(corridor, row))["status"] == "sent"
    assert await corridor.count("inbox WHERE kind = 'status' AND status = 'ignored'") == 1
    assert await corridor.count("receipts") == 0


async def test_what_was_told_of_an_earlier_try_decides_nothing_once_it_was_sent_again(corridor: Corridor) -> None:
    row = await a_row(corridor)
    closed = told("failed", row) | {"errors": [{"code": 131047, "title": "Re-engagement message"}]}
    await say(corridor, told("sent", row), closed)
    assert (await end_of(corridor, row))["status"] == "waiting"
    async with corridor.database.write() as session:
        await session.execute(text("UPDATE outbox SET status = 'sent', provider_message_id = 'wamid.B'"))
    await say(corridor, told("sent", row, "wamid.B", at=90))
    assert (await end_of(corridor, row))["status"] == "sent"
    assert await corridor.count("receipts") == 3


async def test_a_late_delivery_is_true_even_while_the_words_wait(corridor: Corridor) -> None:
    row = await a_row(corridor)
    closed = told("failed", row) | {"errors": [{"code": 131047, "title": "Re-engagement message"}]}
    await say(corridor, closed)
    await say(corridor, told("delivered", row))
    assert (await end_of(corridor, row))["status"] == "delivered"
