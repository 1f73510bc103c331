"""Stock Rasa as two processes: `rasa run` with the REST channel, and `rasa_sdk`'s action server."""

import contextlib
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Heard, Mouth
from benchmarks.stock import project
from benchmarks.stock.model import StockModel, quiet_environment
from benchmarks.wire import Line
from helpdesk.health import answers
from helpdesk.model import RASA_PYTHON
from helpdesk.ports import free_port

READY_SECONDS = 240.0
CHECKED = "Sudah saya cek, Kak. Mohon ditunggu."


class DidNotStart(Exception):
    """A stock process ended, or was not ready in time; the message names its log."""


class StockMouth:
    """Speaks through the REST channel; what it answers is the answer (an empty list is none)."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def say(self, chat: int, line: str, *, with_check: bool) -> Heard:
        """Return what came back."""
        began = time.perf_counter()
        status, said = await self._line.post("/webhooks/rest/webhook", {"sender": str(chat), "message": line})
        seconds = time.perf_counter() - began
        return Heard(seconds, status == 200 and bool(said), any(CHECKED in part.get("text", "") for part in said or []))


@dataclass(frozen=True)
class StockRasa:
    """A stock Rasa that runs."""

    port: int
    pids: dict[str, int]

    @asynccontextmanager
    async def mouth(self) -> AsyncIterator[Mouth]:
        """Open a connection to its REST channel."""
        async with Line(self.port) as line:
            yield StockMouth(line)


@contextmanager
def running(stock: StockModel, log: Path) -> Iterator[StockRasa]:
    """Run both processes while the block runs."""
    port, action_port = free_port(), free_port()
    project.write(stock.folder, project.files_of_run(action_port))
    rasa = ["rasa", "run", "--model", str(stock.path), "--interface", "127.0.0.1", "--port", str(port), "--enable-api"]
    sdk = ["rasa_sdk", "--actions", "actions", "--port", str(action_port)]
    with contextlib.ExitStack() as held:
        started = {
            "stock actions": held.enter_context(_process(sdk, stock.folder, log / "stock-actions.log")),
            "stock rasa": held.enter_context(_process(rasa, stock.folder, log / "stock-rasa.log")),
        }
        _await(started["stock actions"], f"http://127.0.0.1:{action_port}/health", log / "stock-actions.log")
        _await(started["stock rasa"], f"http://127.0.0.1:{port}/status", log / "stock-rasa.log")
        yield StockRasa(port, {name: process.pid for name, process in started.items()})


@contextmanager
def _process(arguments: list[str], folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [str(RASA_PYTHON), "-m", *arguments],
            cwd=folder,
            env=quiet_environment() | {"SANIC_HOST": "127.0.0.1"},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        # a held process does not hear that it should end
        process.kill()
        process.wait()


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if answers(address):
            return
        time.sleep(0.2)
    raise DidNotStart(f"stock Rasa is not ready; see {log}")
