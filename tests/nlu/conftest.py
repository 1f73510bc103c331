"""A real Rasa with the trained model, and an action server that knows nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from helpdesk.ports import free_port
from scripts.model import Model
from tests.nlu.training_text import ROOT

TOKEN = "a-token-of-this-test"
STARTED_WITHIN = 400


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path, answers: str) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    try:
        until(answers, process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=180)


def until(answers: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"{process.args!r} ended:\n{log.read_text()[-3_000:]}")
        try:
            if httpx.get(answers).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"{answers} did not answer:\n{log.read_text()[-3_000:]}")


@dataclass(frozen=True)
class Rasa:
    """A running Rasa and its action server."""

    url: str
    actions_url: str
    log: Path

    def post(self, body: Any, path: str = "turns", token: str = TOKEN) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{self.url}/webhooks/turn/{path}", json=body, headers=headers, timeout=120)

    def say(self, text: str, state: Any = None, **more: Any) -> httpx.Response:
        metadata = {"now": "2020-08-24T03:00:00+00:00", "channel": "console", "participant_id": None}
        body = {"turn_id": str(uuid4()), "sender": "siti", "text": text, "state": state, "metadata": metadata}
        return self.post({**body, **more})


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasa]:
    """Rasa as the supervisor starts it, on ports of this test."""
    folder = tmp_path_factory.mktemp("rasa")
    model = Model(ROOT, ROOT / "var" / "for-the-nlu-tests").trained()
    actions, port = free_port(), free_port()
    env = {
        **os.environ,
        "ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
        "RASA_TURN_TOKEN": TOKEN,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    serve = [
        str(ROOT / "nlu/.venv/bin/python"),
        "-W",
        "ignore",
        "-m",
        "rasa",
        "run",
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    serve += ["--model", str(model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    act = [sys.executable, "-m", "tests.nlu.fake_actions", str(actions)]
    log = folder / "rasa.log"
    with (
        running(act, env, folder / "actions.log", f"http://127.0.0.1:{actions}/heard"),
        running(serve, env, log, f"http://127.0.0.1:{port}/webhooks/turn/health"),
    ):
        yield Rasa(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{actions}", log)
