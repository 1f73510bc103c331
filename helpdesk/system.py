"""The whole system as one thing to start, look at and stop: what the command line and the tests of the stack use.

settings = system.beside(folder)             # free ports, a state folder of its own, the shared models
running = system.start(settings, tell=print)
… running.settings["TELEGRAM_API_URL"] …
system.stop(settings)
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from helpdesk import environment, house, keys, leftovers, ports, rehearsal_clock
from helpdesk import state as board
from helpdesk.copies import more_ports
from helpdesk.health import port_taken
from helpdesk.model import NotTrusted, trusted
from helpdesk.places import Places
from helpdesk.settings import ROOT, SystemSettings
from helpdesk.state import SystemState

Tell = Callable[[str], None]

FIRST_SIGN_SECONDS = 30.0
STOP_SECONDS = 45.0
COPIED = ("bots", "rasas", "actions")
SAID = ("more_ports", "bot_roles")


class CannotStart(Exception):
    """The system cannot be started; the message says why and what to do."""


@dataclass(frozen=True)
class Running:
    """A system that is ready: what it was told, and who runs."""

    settings: dict[str, str]
    state: SystemState
    was_running: bool


def beside(var: Path, **more: Any) -> SystemSettings:
    """Return settings of a second system beside a running one: its own folder and free ports; `more` goes with them."""
    with contextlib.ExitStack() as held:
        own = [held.enter_context(ports.held()) for _ in range(5)]
        following = held.enter_context(ports.held(sum(more.get(f"helpdesk_{kind}", 1) for kind in COPIED)))
    names = ("bot_port", "desk_port", "simulator_port", "rasa_port", "actions_port")
    alone = {"helpdesk_var": var, "helpdesk_settings_file": Path(os.devnull), "helpdesk_more_ports": following}
    return SystemSettings.model_validate(alone | dict(zip(names, own, strict=True)) | more)


def look(settings: SystemSettings) -> SystemState | None:
    """Return the state of the system of this folder if its supervisor runs."""
    state = board.read(Places(settings.var).state)
    return state if state and state.alive else None


def told(settings: SystemSettings) -> dict[str, str]:
    """Return every setting the parts of this system are given, secrets and all."""
    places = Places(settings.var)
    return environment.whole(settings, places, keys.read(places.secrets))


def start(
    settings: SystemSettings,
    *,
    as_of: datetime | None = None,
    fresh: bool = False,
    tell: Tell = lambda line: None,
    tick: Callable[[], None] = lambda: None,
) -> Running:
    """Start everything and return when it is ready; raises CannotStart.

    Args:
        settings: which folder and ports.
        as_of: begin the rehearsal at this time instead of where it stopped.
        fresh: forget the rehearsal so far.
        tell: given each line the supervisor logs.
        tick: called some times a second while waiting.
    """
    places = Places(settings.var)
    places.make()
    already = look(settings)
    if already is None:
        _prepare(settings, places, as_of, fresh, tell)
        began_at = _size(places.log("supervisor"))
        process = _spawn(settings, places)
        # whoever stops the system later, its end is noticed here, so that no zombie stays behind a long-lived caller
        threading.Thread(target=process.wait, daemon=True).start()
        state = _follow(places, process, began_at, tell, tick)
    else:
        state = _wait_for(settings, already, tick)
    return Running(told(settings), state, was_running=already is not None)


def stop(settings: SystemSettings) -> list[psutil.Process]:
    """Stop everything and return what could not be ended (nothing, as a rule)."""
    places = Places(settings.var)
    state = board.read(places.state)
    if state and state.alive:
        psutil.Process(state.pid).terminate()
        until = time.monotonic() + STOP_SECONDS
        while state.alive and time.monotonic() < until:
            time.sleep(0.1)
    return leftovers.end(leftovers.find(places, state))


def _prepare(settings: SystemSettings, places: Places, as_of: datetime | None, fresh: bool, tell: Tell) -> None:
    left = leftovers.find(places, board.read(places.state))
    if left:
        tell(f"Ending {len(left)} processes left by an earlier run.")
        leftovers.end(left)
    places.state.unlink(missing_ok=True)
    taken = [f"{port} ({name})" for port, name in port_settings(settings).items() if port_taken(port)]
    if taken:
        raise CannotStart(f"Ports already taken: {', '.join(taken)}. Stop who holds them, or set other ports in .env.")
    if fresh:
        _forget(settings, places)
    keys.keep(places.secrets)
    _set_clock(settings, places, as_of)
    try:
        trusted()
    except FileNotFoundError as none:
        raise CannotStart(str(house.NoModel())) from none
    except NotTrusted as refusal:
        raise CannotStart(f"No model can be served.\n{refusal}") from refusal


def port_settings(settings: SystemSettings) -> dict[int, str]:
    """Return every port the system listens on, with the setting that moves it."""
    usual = {port: f"{name.upper()}_PORT" for name, port in settings.ports.items()}
    return usual | dict.fromkeys(more_ports(settings).values(), "HELPDESK_MORE_PORTS")


def _set_clock(settings: SystemSettings, places: Places, as_of: datetime | None) -> None:
    if settings.rehearsed:
        try:
            rehearsal_clock.resume(places.clock, as_of)
        except rehearsal_clock.ClockWouldGoBack as refusal:
            raise CannotStart(str(refusal)) from refusal
    elif as_of:
        raise CannotStart("A real provider's token is configured, so the clock cannot be moved: leave out --as-of.")


def _forget(settings: SystemSettings, places: Places) -> None:
    """Forget the rehearsal: its database, its programme and its clock."""
    if settings.database_url:
        raise CannotStart("--fresh does not empty a database of your own (DATABASE_URL); empty it yourself.")
    for folder in (places.postgres, places.rehearsal):
        shutil.rmtree(folder, ignore_errors=True)
    places.clock.unlink(missing_ok=True)


def _spawn(settings: SystemSettings, places: Places) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if name not in environment.ASTRAY}
    env |= {f"{name.upper()}_PORT": str(port) for name, port in settings.ports.items()}
    env |= numbers(settings)
    env |= {"HELPDESK_VAR": str(settings.var.resolve()), "PYTHONUNBUFFERED": "1"}
    env["HELPDESK_SETTINGS_FILE"] = str(settings.helpdesk_settings_file)
    with places.log("supervisor").open("ab") as sink:
        return subprocess.Popen(
            [sys.executable, "-m", "helpdesk.house"],
            env=env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def numbers(settings: SystemSettings) -> dict[str, str]:
    """Return how many of each part there are, as settings."""
    return {f"HELPDESK_{kind.upper()}": str(getattr(settings, f"helpdesk_{kind}")) for kind in (*COPIED, *SAID)}


def _follow(
    places: Places, process: subprocess.Popen[bytes], began_at: int, tell: Tell, tick: Callable[[], None]
) -> SystemState:
    """Pass on what the supervisor logs until it is ready."""
    at = began_at
    while True:
        ended = process.poll() is not None
        at, lines = _read_from(places.log("supervisor"), at)
        for line in lines:
            tell(line)
        state = board.read(places.state)
        if state and state.phase == "ready":
            return state
        if ended:
            raise CannotStart(_why_not(places, state))
        tick()
        time.sleep(0.1)


def _why_not(places: Places, state: SystemState | None) -> str:
    """Return the last words of whatever kept the system from starting."""
    failed = [part for part in state.parts.values() if part.state == "failed"] if state else []
    log = Path(failed[0].log) if failed else places.log("supervisor")
    last = log.read_text(errors="replace").splitlines()[-6:] if log.exists() else []
    return "\n".join(["The system did not start. Last words:", *(f"  {line}" for line in last), f"All of it: {log}"])


def _wait_for(settings: SystemSettings, state: SystemState, tick: Callable[[], None]) -> SystemState:
    """Wait while another start is under way."""
    while state.phase == "starting":
        tick()
        time.sleep(0.2)
        again = look(settings)
        if again is None:
            raise CannotStart("The system that was starting has ended. helpdesk doctor says more.")
        state = again
    return state


def _read_from(log: Path, at: int) -> tuple[int, list[str]]:
    with log.open("rb") as file:
        file.seek(at)
        whole, _, rest = file.read().rpartition(b"\n")
        return file.tell() - len(rest), whole.decode("utf-8", "replace").splitlines()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
