"""The supervisor with tiny real children: a fall is seen and mended, and afterwards nothing is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from helpdesk import leftovers
from helpdesk import state as board
from helpdesk.places import Places
from helpdesk.renewing import NotRenewed, chosen, renew
from helpdesk.state import SystemState

# processes that fall, pause and are ended take their time
pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]
STAYS = "sleep 300"
"""A service that does nothing but stay."""


class House:
    """A supervisor in a process of its own, over parts written as shell commands."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder)
        self.places.make()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *parts: tuple[str, str, str, tuple[str, ...]], grace: float = 1) -> None:
        """Start it over (name, kind, shell command, after …)."""
        script = Path(__file__).parent / "small_house.py"
        arguments = [f"{name}|{kind}|{command}|{','.join(after)}" for name, kind, command, after in parts]
        command = [sys.executable, str(script), str(self.places.var), str(grace), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT)

    def state(self) -> SystemState | None:
        return board.read(self.places.state)

    def until(self, true: Callable[[SystemState], bool], seconds: float = 90) -> SystemState:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.state()
            if state and true(state):
                return state
            time.sleep(0.05)
        raise AssertionError(f"did not come about: {self.state()}")

    def ready(self) -> SystemState:
        return self.until(lambda state: state.phase == "ready")

    def log(self) -> str:
        return (self.places.logs / "supervisor.log").read_text()

    def left(self) -> list[psutil.Process]:
        return leftovers.find(self.places, self.state())

    def said(self, times: int = 1) -> None:
        """Wait until so many shells have got as far as saying so: a part counts as ready before that."""
        self.until(lambda _: self.here.exists() and len(self.here.read_text().split()) == times)

    @property
    def here(self) -> Path:
        return self.places.var / "here"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "var with space")
    yield house
    leftovers.end(house.left())
    if house.process:
        house.process.wait(90)


def test_a_part_begins_only_when_what_it_needs_is_there(house: House) -> None:
    order = house.places.var / "order"
    house.start(
        ("bot", "service", f'echo bot >> "{order}"; {STAYS}', ("tables",)),
        ("tables", "chore", f'until test -s "{order}"; do sleep 0.1; done; echo tables >> "{order}"', ("store",)),
        ("store", "service", f'echo store >> "{order}"; {STAYS}', ()),
    )
    house.ready()
    house.until(lambda _: len(order.read_text().split()) == 3)
    assert order.read_text().split() == ["store", "tables", "bot"]


def test_a_part_that_falls_is_started_again_and_the_fall_is_logged(house: House) -> None:
    house.start(("bot", "service", STAYS, ()), ("desk", "service", STAYS, ()))
    first = house.ready().parts["bot"].pid
    assert first
    os.kill(first, signal.SIGKILL)
    again = house.until(lambda state: state.parts["bot"].restarts == 1 and state.parts["bot"].state == "ready")
    assert again.parts["bot"].pid != first
    assert again.parts["desk"].restarts == 0
    assert "bot was ended by SIGKILL; restart in" in house.log()


def test_a_part_that_keeps_falling_is_given_growing_pauses(house: House) -> None:
    house.start(("bot", "service", f'test -e "$PWD/sick" && exit 7; echo >> "{house.here}"; sleep 300', ()))
    well = house.ready().parts["bot"].pid
    assert well
    house.until(lambda _: house.here.exists())
    (house.places.var / "sick").touch()
    os.kill(well, signal.SIGKILL)
    house.until(lambda state: state.parts["bot"].restarts >= 4)
    pauses = [line.split("restart in ")[1] for line in house.log().splitlines() if "restart in" in line]
    assert pauses[:4] == ["0.5 s", "1.0 s", "2.0 s", "4.0 s"]


def test_a_chore_that_fails_ends_the_start_and_names_its_log(house: House) -> None:
    house.start(("store", "service", STAYS, ()), ("tables", "chore", "exit 3", ("store",)))
    state = house.until(lambda state: state.phase == "failed")
    assert house.process
    assert house.process.wait(90) == 1
    assert "tables does not start; see" in state.note
    assert house.left() == []


@pytest.mark.parametrize("asked_with", [signal.SIGINT, signal.SIGTERM])
def test_when_asked_to_stop_nothing_is_left(house: House, asked_with: signal.Signals) -> None:
    house.start(("bot", "service", f"sh -c '{STAYS}' & {STAYS}", ()), ("desk", "service", STAYS, ()))
    house.ready()
    house.until(lambda _: len(house.left()) >= 4)
    assert house.process
    house.process.send_signal(asked_with)
    assert house.process.wait(90) == 0
    assert house.left() == []
    assert house.until(lambda state: True).phase == "stopped"


def test_a_part_that_will_not_stop_is_ended_by_force(house: House) -> None:
    house.start(("bot", "service", f"trap '' TERM; echo bot >> '{house.here}'; while true; do sleep 0.2; done", ()))
    house.ready()
    house.said()
    assert house.process
    house.process.terminate()
    assert house.process.wait(90) == 0
    assert house.left() == []
    assert "bot did not end when asked" in house.log()


def test_children_end_with_a_killed_supervisor_and_grandchildren_are_found(house: House) -> None:
    house.start(("bot", "service", f"setsid {STAYS} & exec {STAYS}", ()))
    child = house.ready().parts["bot"].pid
    assert child
    assert house.process
    house.until(lambda _: [process.name() for process in house.left()].count("sleep") == 2)
    house.process.kill()
    house.process.wait()
    house.until(lambda _: child not in [process.pid for process in house.left()])
    assert [process.name() for process in house.left()] == ["sleep"]
    assert leftovers.end(house.left()) == []
    assert house.left() == []


def test_a_renewed_part_ends_what_it_has_in_hand_and_the_others_stay(house: House) -> None:
    ended = house.places.var / "ended"
    gentle = f"trap 'sleep 0.3; echo gently >> \"{ended}\"; exit 0' TERM; echo bot >> '{house.here}'"
    gentle += "; while true; do sleep 0.05; done"
    bots = [(name, "service", gentle, ()) for name in ("bot", "bot-2")]
    house.start(*bots, ("desk", "service", STAYS, ()), grace=60)
    before = house.ready().parts
    house.said(times=2)
    for part in chosen(house.ready(), ["bot"]):
        renew(house.places, part)
    after = house.ready().parts
    assert ended.read_text().split() == ["gently", "gently"]
    assert {name for name in after if after[name].pid != before[name].pid} == {"bot", "bot-2"}
    assert [after[name].restarts for name in after] == [0, 0, 0]


def test_a_part_that_will_not_end_is_renewed_all_the_same(house: House) -> None:
    house.start(("bot", "service", "trap '' TERM; while true; do sleep 0.2; done", ()))
    before = house.ready().parts["bot"].pid
    renew(house.places, "bot")
    assert house.ready().parts["bot"].pid not in (None, before)


def test_a_chore_is_done_again_and_whoever_names_nothing_there_is_told(house: House) -> None:
    order = house.places.var / "order"
    house.start(("tables", "chore", f'echo again >> "{order}"', ()), ("bot", "service", STAYS, ("tables",)))
    house.ready()
    assert chosen(house.ready(), []) == ["tables", "bot"]
    renew(house.places, "tables")
    assert order.read_text().split() == ["again", "again"]
    with pytest.raises(NotRenewed, match="no part kitchen"):
        chosen(house.ready(), ["kitchen"])


def test_with_wrong_settings_nothing_is_renewed_and_what_runs_goes_on(house: House) -> None:
    house.start(("bot", "service", STAYS, ()))
    before = house.ready().parts["bot"].pid
    (house.places.var / "wrong settings").touch()
    with pytest.raises(NotRenewed, match="BOT_PORT is no number"):
        renew(house.places, "bot")
    assert house.ready().parts["bot"].pid == before
    (house.places.var / "wrong settings").unlink()
    renew(house.places, "bot")
    assert house.ready().parts["bot"].pid != before
