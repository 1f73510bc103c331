"""Parts are killed in the middle: the participant is told or answered later, never forgotten, never twice."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from bot import wording
from helpdesk import state as board
from helpdesk.places import Places
from tests.stack.running import Stack

pytestmark = pytest.mark.stack

type Anew = Callable[[str], str]


def pid_of(stack: Stack, part: str) -> int:
    state = board.read(Places(stack.settings.var).state)
    assert state is not None
    pid = state.parts[part].pid
    assert pid is not None
    return pid


def send(stack: Stack, who: str, *said: str) -> list[str]:
    """Send without waiting; returns the inbox keys."""
    acts = [{"as": who, "text": text} for text in said]
    return [f"update:{one['update_id']}" for one in stack.control.post("/control/send", json=acts).json()["sent"]]


def heard(stack: Stack, who: str) -> list[str]:
    items = stack.control.get(f"/control/chats/telegram/{who}").json()["items"]
    return [item["text"] for item in items if item["who"] == "bot"]


def answers(stack: Stack, who: str, before: int) -> list[str]:
    """What was said since, but for the word that a message is kept, which a busy machine needs."""
    return [text for text in heard(stack, who)[before:] if text != wording.WAITING]


def concluded(stack: Stack, keys: list[str], seconds: float) -> bool:
    """Wait until every event is done and everything said is sent."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            done = stack.rows("SELECT count(*) AS n FROM inbox WHERE external_id = ANY(%s) AND status = 'done'", keys)[
                0
            ]["n"]
            waiting = stack.rows("SELECT count(*) AS n FROM outbox WHERE status IN ('due', 'sending')")[0]["n"]
        except Exception:
            done, waiting = 0, 1
        if done == len(keys) and waiting == 0:
            return True
        time.sleep(0.3)
    return False


def test_rasa_killed_is_started_again_and_the_message_answered(stack: Stack, anew: Anew) -> None:
    before = len(heard(stack, anew("agus")))
    old = pid_of(stack, "rasa")
    os.kill(old, signal.SIGKILL)
    keys = send(stack, "agus", "halo", "makasih")
    assert concluded(stack, keys, 240)
    assert pid_of(stack, "rasa") != old
    assert len(answers(stack, "agus", before)) == 2
    log = (stack.settings.var / "log" / "supervisor.log").read_text()
    assert "rasa" in log


def test_a_person_who_waits_long_is_told_once_that_the_message_is_kept(stack: Stack, anew: Anew) -> None:
    before = len(heard(stack, anew("joko")))
    rasa = pid_of(stack, "actions")
    os.kill(rasa, signal.SIGKILL)
    keys = send(stack, "joko", "pesanan saya statusnya gimana di tokopedia")
    assert concluded(stack, keys, 240)
    texts = heard(stack, "joko")[before:]
    assert texts.count(wording.WAITING) <= 1
    assert [text for text in texts if text != wording.WAITING] != []


def test_the_database_killed_loses_nothing_and_answers_everything_once(stack: Stack, anew: Anew) -> None:
    before = len(heard(stack, anew("agus")))
    os.kill(pid_of(stack, "postgres"), signal.SIGKILL)
    keys = send(stack, "agus", *[f"halo {n}" for n in range(5)])
    assert concluded(stack, keys, 240)
    assert len(answers(stack, "agus", before)) == 5
    doubled = stack.rows("SELECT external_id FROM inbox GROUP BY channel, external_id HAVING count(*) > 1")
    assert doubled == []


def test_the_bot_killed_in_the_middle_of_a_burst_answers_each_message(stack: Stack, anew: Anew) -> None:
    before = len(heard(stack, anew("agus")))
    keys = send(stack, "agus", *[f"halo {n}" for n in range(6)])
    time.sleep(0.3)
    os.kill(pid_of(stack, "bot"), signal.SIGKILL)
    assert concluded(stack, keys, 240)
    said = answers(stack, "agus", before)
    # a crash between the bytes and the mark may repeat one message, and only that one
    assert 6 <= len(said) <= 7


def test_every_part_is_there_again(stack: Stack) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        state = board.read(Places(stack.settings.var).state)
        assert state is not None
        if all(part.state in ("ready", "done") for part in state.parts.values()):
            break
        time.sleep(0.5)
    assert all(part.state in ("ready", "done") for part in state.parts.values())
    assert state.parts["rasa"].restarts >= 1
    assert state.parts["postgres"].restarts >= 1
