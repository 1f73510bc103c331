"""The desk as a process of its own over the big database, at the rehearsal's hour; nobody goes round meanwhile."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from benchmarks.desk.cases import NOW
from benchmarks.desk.country import plain
from benchmarks.stock.server import DidNotStart
from desk.rounds.watch import ROUNDS_LOCK
from helpdesk.ports import free_port
from helpdesk.settings import ROOT

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
START_SECONDS = 60


@contextmanager
def desk(bench: Path, url: str, now: datetime = NOW, folder: str = "desk") -> Iterator[int]:
    """Run the desk and give its port."""
    home = bench / folder
    clock = home / "clock.json"
    clock.write_text(json.dumps({"rehearsal_at": now.isoformat(), "real_at": datetime.now(UTC).isoformat()}))
    port = free_port()
    told = {
        "DATABASE_URL": url,
        "DESK_PORT": str(port),
        "HELPDESK_DATA_KEY": KEY,
        "HELPDESK_CLOCK_FILE": str(clock),
        "DESK_SECOND_FACTOR": "off",
    }
    # deadlines of the made-up cases are long past: going round would be another measurement
    with psycopg.connect(plain(url), autocommit=True) as lock, (home / "desk.log").open("ab") as log:
        lock.execute("SELECT pg_advisory_lock(%s)", (ROUNDS_LOCK,))
        command = [sys.executable, "-m", "desk"]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stdout=log, stderr=log)
        try:
            _wait(process, port, home)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/sehat", timeout=2).status_code < 500:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise DidNotStart(f"The desk did not start; see {home / 'desk.log'}.")
