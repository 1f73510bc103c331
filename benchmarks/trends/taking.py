"""Taking rows away: how long so many take, and by how much the desk's memory grows meanwhile."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import httpx
import psutil
import psycopg

from benchmarks.desk.staff import SignedIn
from benchmarks.trends.asking import Question
from trends.exporting.pouring import ROW_CAP

CONVERSATIONS = """
    SELECT count(DISTINCT conversation_id) FROM turns
    WHERE created_at >= %(first)s::date::timestamp AT TIME ZONE 'Asia/Jakarta'
      AND created_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'
      AND COALESCE(corrected_intent, intent) NOT IN
          ('greet', 'thank', 'affirm', 'deny', 'inform', 'out_of_scope', 'nlu_fallback')
"""
EVERY = 0.05
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """One file."""

    rows: int
    seconds: float
    grown_mb: float


def longest(connection: psycopg.Connection, first: date, last: date, rows: int = ROW_CAP) -> Question:
    """Return the longest range up to the last day that has no more conversations than that."""
    low, high = 1, (last - first).days + 1
    while low < high:
        days = (low + high + 1) // 2
        span = {"first": last - timedelta(days=days - 1), "last": last}
        row = connection.execute(CONVERSATIONS, span).fetchone()
        low, high = (days, high) if row and row[0] <= rows else (low, days - 1)
    return Question(last - timedelta(days=low - 1), last)


def take(port: int, who: SignedIn, question: Question, form: str) -> Taken | None:
    """Take one file away; none where it is refused or not there."""
    process = _desk(port)
    began, before = time.perf_counter(), process.memory_info().rss
    address = question.address("/tren/ekspor", baris="percakapan", bentuk=form)
    asking = httpx.stream("GET", f"http://127.0.0.1:{port}{address}", headers=who.headers, timeout=300)
    with _Watched(process) as watched, asking as answer:
        if answer.status_code != 200:
            return None
        rows = int(answer.headers.get("X-Rows", 0))
        for _ in answer.iter_raw():
            pass
    grown = max(watched.most - before, 0) / MEGABYTE
    return Taken(rows, round(time.perf_counter() - began, 1), round(grown, 1))


def _desk(port: int) -> psutil.Process:
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any(it.laddr.port == port and it.status == psutil.CONN_LISTEN for it in child.net_connections("tcp")):
                return child
    raise LookupError("the desk is not there")


class _Watched:
    """Looks at a process's memory while something is going on."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._over = process, threading.Event()
        self.most = process.memory_info().rss
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watched":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self.most = max(self.most, self._process.memory_info().rss)
