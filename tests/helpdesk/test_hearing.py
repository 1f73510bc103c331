"""What `helpdesk say` hears: only what followed from its own message, once all of it is delivered."""

import time
import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from helpdesk.hearing import NoAnswer, Records

NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)


class Desk:
    """Writes rows as the bot would."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
        self.conversation = uuid.uuid4()
        self._run("INSERT INTO conversations (id, channel, external_id, opened_at) VALUES (%s, 'telegram', '9', %s)",
                  self.conversation, NOW)  # fmt: skip

    def _run(self, query: str, *values: Any) -> psycopg.Cursor[tuple[Any, ...]]:
        return self.connection.execute(query, values)

    def event(self, key: str, status: str) -> int:
        row = self._run(
            "INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at, status) "
            "VALUES ('telegram', %s, %s, 'text', 1, %s, %s) RETURNING id",
            *(key, self.conversation, NOW, status),
        ).fetchone()
        assert row
        self._run(
            "INSERT INTO messages (id, conversation_id, direction, author, text, inbox_id, created_at) "
            "VALUES (%s, %s, 'in', 'participant', 'halo', %s, %s)",
            *(uuid.uuid4(), self.conversation, row[0], NOW),
        )
        return int(row[0])

    def turn(self, event: int, intent: str) -> None:
        self._run(
            "INSERT INTO turns (id, inbox_id, conversation_id, channel, intent, confidence, also, findings, outcome, "
            "took_ms, created_at) VALUES (%s, %s, %s, 'telegram', %s, 0.9, %s, %s, 'answered', 5, %s)",
            *(uuid.uuid4(), event, self.conversation, intent, Jsonb([{"name": "thank", "confidence": 0.5}])),
            *(Jsonb([{"check": "card", "verdict": "yes"}]), NOW),
        )

    def reply(self, text: str, status: str) -> None:
        message = uuid.uuid4()
        self._run(
            "INSERT INTO messages (id, conversation_id, direction, author, text, buttons, created_at) "
            "VALUES (%s, %s, 'out', 'bot', %s, %s, %s)",
            *(message, self.conversation, text, Jsonb([{"title": "Tokopedia", "token": "x"}]), NOW),
        )
        self._run(
            "INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, status) "
            "VALUES (%s, %s, %s, 'telegram', '{}', 'bot', 0, %s)",
            *(uuid.uuid4(), self.conversation, message, status),
        )


@pytest.fixture
def desk(database_url: str) -> Any:
    desk = Desk(database_url)
    yield desk
    desk.connection.close()


@pytest.fixture
def records(database_url: str) -> Any:
    records = Records(database_url)
    yield records
    records.close()


def test_the_answer_is_what_followed_from_this_message_and_nothing_older(desk: Desk, records: Records) -> None:
    desk.event("update:1", "done")
    desk.reply("yang lama", "sent")
    desk.turn(desk.event("update:2", "done"), "payment_failed")
    desk.reply("yang baru", "sent")
    answer = records.answer("telegram", ["update:2", "update:7:2"], 2, time.monotonic(), "halo")
    assert [(reply.text, reply.buttons) for reply in answer.replies] == [("yang baru", ["Tokopedia"])]
    assert (answer.intent, answer.confidence, answer.also) == ("payment_failed", 0.9, ["thank"])
    assert answer.checks == [{"check": "card", "verdict": "yes"}]
    assert answer.ticket is None


@pytest.mark.parametrize(("event", "reply"), [("pending", "sent"), ("done", "due"), ("done", "sending")])
def test_what_is_not_concluded_and_delivered_is_not_an_answer(
    desk: Desk, records: Records, event: str, reply: str
) -> None:
    desk.event("update:3", event)
    desk.reply("sebentar", reply)
    with pytest.raises(NoAnswer, match="After 0 s the message was"):
        records.answer("telegram", ["update:3"], 0.2, time.monotonic(), "halo")


def test_a_message_that_led_to_no_turn_still_tells_its_outcome(desk: Desk, records: Records) -> None:
    desk.event("update:4", "parked")
    answer = records.answer("telegram", ["update:4"], 2, time.monotonic(), "halo")
    assert (answer.intent, answer.outcome, answer.replies) == (None, "parked", [])


def test_an_answer_is_plain_data_for_programs(desk: Desk, records: Records) -> None:
    desk.turn(desk.event("update:5", "done"), "greet")
    desk.reply("Halo Kak!", "delivered")
    data = records.answer("telegram", ["update:5"], 2, time.monotonic(), "halo").as_data()
    assert {"replies", "intent", "confidence", "also", "checks", "ticket", "took_ms"} <= set(data)
    assert data["replies"] == [{"text": "Halo Kak!", "buttons": ["Tokopedia"], "status": "delivered"}]
