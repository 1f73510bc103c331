"""The database away under load: 503 and never 200; when it is back nothing is missing and nobody has to help."""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import suppress

import httpx
import orjson
import pytest

from helpdesk import state as board
from helpdesk.places import Places
from tests.stack.running import Stack

pytestmark = pytest.mark.stack

AWAY_SECONDS = 6.0
PEOPLE = 8
FIRST = 88_000_000
"""Update ids of this scene."""


class Crowd:
    """People who write on, and a Telegram that delivers each update until it is taken."""

    def __init__(self, stack: Stack) -> None:
        self.address = f"http://127.0.0.1:{stack.settings.bot_port}/telegram/webhook"
        self.headers = {"X-Telegram-Bot-Api-Secret-Token": stack.told["TELEGRAM_SECRET"]}
        self.answers: Counter[int] = Counter()
        self.acknowledged: set[str] = set()
        self.stop = threading.Event()

    def write(self, person: int) -> None:
        number = 0
        with httpx.Client(timeout=30, trust_env=False) as telegram:
            while not self.stop.is_set():
                number += 1
                self._deliver(telegram, person, number)
                self.stop.wait(0.3)

    def _deliver(self, telegram: httpx.Client, person: int, number: int) -> None:
        update = FIRST + person * 10_000 + number
        chat = {"id": 880_500_000 + person, "type": "private", "first_name": f"Orang {person}"}
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "text": "halo"}
        message["from"] = {"id": chat["id"], "is_bot": False, "first_name": chat["first_name"]}
        body = orjson.dumps({"update_id": update, "message": message})
        for _ in range(240):
            with suppress(httpx.TransportError):
                status = telegram.post(self.address, content=body, headers=self.headers).status_code
                self.answers[status] += 1
                if status == 200:
                    self.acknowledged.add(f"update:{update}")
                    return
            time.sleep(0.5)
        raise AssertionError(f"update {update} was never taken")


def keep_away(stack: Stack, seconds: float) -> None:
    """Kill the database whenever it is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = board.read(Places(stack.settings.var).state)
        if state and (pid := state.parts["postgres"].pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)


def test_while_the_database_is_away_nothing_is_acknowledged_and_afterwards_everything_is_answered(stack: Stack) -> None:
    crowd = Crowd(stack)
    writers = [threading.Thread(target=crowd.write, args=(person,)) for person in range(PEOPLE)]
    for writer in writers:
        writer.start()
    while len(crowd.acknowledged) < PEOPLE:
        time.sleep(0.1)
    time.sleep(1)
    keep_away(stack, AWAY_SECONDS)
    time.sleep(3)
    crowd.stop.set()
    for writer in writers:
        writer.join(300)
    assert set(crowd.answers) == {200, 503}
    everything_is_answered(stack, sorted(crowd.acknowledged), 400)


def everything_is_answered(stack: Stack, keys: list[str], seconds: float) -> None:
    """Each once, in order, without anybody's hand."""
    until = time.monotonic() + seconds
    done = 0
    while time.monotonic() < until and done < len(keys):
        with suppress(Exception):
            done = int(str(stack.rows(DONE, keys)[0]["n"]))
        time.sleep(0.3)
    assert done == len(keys) > PEOPLE
    rows = stack.rows(ORDER, keys)
    assert len({row["external_id"] for row in rows}) == len(rows) == len(keys)
    for chat in {row["conversation_id"] for row in rows}:
        order = [row["order_key"] for row in rows if row["conversation_id"] == chat]
        assert order == sorted(order)  # type: ignore[type-var]


DONE = "SELECT count(*) AS n FROM inbox WHERE external_id = ANY(%s) AND status = 'done'"
ORDER = """
    SELECT i.external_id, i.conversation_id, i.order_key FROM inbox i JOIN messages m ON m.inbox_id = i.id
    WHERE i.external_id = ANY(%s) ORDER BY m.position
"""
