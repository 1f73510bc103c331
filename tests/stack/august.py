"""August 2020 as a system of its own lives through it, by `helpdesk rehearse august`."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx

from helpdesk import system
from helpdesk.rehearsing.august import EVE, FIRST, Moment
from helpdesk.rehearsing.doors import Doors
from tests.stack.running import Stack


@contextmanager
def eve_of_the_outage() -> Iterator[Stack]:
    """A system in the early morning of 20 August 2020 that knows of no outage."""
    folder = Path(tempfile.mkdtemp(prefix="hd-august-"))
    folder.chmod(0o755)
    settings = system.beside(folder)
    running = system.start(settings, as_of=EVE)
    address = f"http://127.0.0.1:{settings.simulator_port}"
    try:
        with httpx.Client(base_url=address, timeout=90, trust_env=False) as control:
            yield Stack(settings, running.settings, control)
    finally:
        left = system.stop(settings)
        shutil.rmtree(folder, ignore_errors=True)
    assert left == []


def rehearsed(stack: Stack, until: datetime | None = None) -> str:
    """Run the command beside the system; what it said."""
    ports = {f"{name.upper()}_PORT": str(port) for name, port in stack.settings.ports.items()}
    folder = {"HELPDESK_VAR": str(stack.settings.var), "HELPDESK_SETTINGS_FILE": os.devnull}
    ends = ["--until", f"{until:%Y-%m-%dT%H:%M}"] if until else []
    command = [sys.executable, "-m", "helpdesk.cli", "rehearse", "august", *ends]
    done = subprocess.run(command, env={**os.environ, **folder, **ports}, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def live(stack: Stack, moment: Moment) -> None:
    """Let everybody write who writes then."""
    Doors(stack.settings, stack.told, stack.control).live(moment)


def heard(stack: Stack, number: int) -> list[str]:
    """What the bot and the desk said to a stranger, as the simulator knows it."""
    items = stack.control.get(f"/control/chats/telegram/{FIRST + number}").json()["items"]
    return [item["text"] for item in items if item["who"] == "bot"]


def heard_by(stack: Stack, who: str, channel: str) -> list[str]:
    """What the bot and the desk said to one of the cast."""
    items = stack.control.get(f"/control/chats/{channel}/{who}").json()["items"]
    return [item["text"] for item in items if item["who"] == "bot"]


def until[T](what: Callable[[], T], seconds: float = 400) -> T:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, "it never came to be so"
        time.sleep(0.3)
    return found
