"""`bench several`: what a second bot and a second Rasa bring, and what a turn costs in processor and in disk.

On a machine whose processors are all busy a second process cannot make more turns; what tells is what a turn costs each
part, and that this stays the same with several of them. docs/sizing.md multiplies it.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from rich.table import Table

from benchmarks.figures import milliseconds, quantile
from benchmarks.load import Crowd
from benchmarks.ours import Ours, running
from benchmarks.processes import costs
from benchmarks.report import Figures, Tell
from helpdesk.copies import kind_of

ARRANGEMENTS = ((1, 1), (1, 2), (2, 1), (2, 2))
"""Bots and Rasa servers."""
WARM_UP_SECONDS = 5.0
GROWN = ("inbox", "lanes", "turns", "messages", "outbox", "conversations", "identities", "tickets")
SIZES = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name"
WAL = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"


def measure(bench: Path, *, seconds: float, at_once: int, tell: Tell) -> Figures:
    """Return the figures of every arrangement."""
    figures: Figures = {}
    for bots, rasas in ARRANGEMENTS:
        tell(f"{bots} bots, {rasas} Rasa servers")
        with _arranged(bots, rasas), running(bench / f"several-{bots}-{rasas}", tell) as mine:
            figures[f"{bots} + {rasas}"] = _measured(mine, seconds, at_once)
    return figures


def shown(figures: Figures) -> Table:
    """Return them as a table."""
    table = Table("", *figures, title="bots + Rasa servers")
    for name in next(iter(figures.values())):
        table.add_row(name, *(str(column.get(name, "")) for column in figures.values()))
    return table


@contextmanager
def _arranged(bots: int, rasas: int) -> Iterator[None]:
    told = {"HELPDESK_BOTS": str(bots), "HELPDESK_RASAS": str(rasas)}
    os.environ.update(told)
    try:
        yield
    finally:
        for name in told:
            os.environ.pop(name, None)


def _measured(mine: Ours, seconds: float, at_once: int) -> Figures:
    crowd = Crowd(at_once)
    mine.bind_crowd(crowd)
    asyncio.run(crowd.speak(mine, WARM_UP_SECONDS))
    before, turns, (size, log) = costs(mine.pids), mine.turns_with_findings(), _written(mine)
    began = time.monotonic()
    done = asyncio.run(crowd.speak(mine, seconds))
    took = time.monotonic() - began
    after, now, (grown, logged) = costs(mine.pids), mine.turns_with_findings(), _written(mine)
    count = max(1, now[0] - turns[0])
    spent: Counter[str] = Counter()
    for name, cost in after.items():
        spent[kind_of(name)] += cost.processor - before[name].processor  # type: ignore[assignment]
    whole = [one.seconds for one in done.answered]
    return {
        "turns a second": round(count / took, 1),
        "p50 ms": milliseconds(quantile(whole, 0.5)),
        "p99 ms": milliseconds(quantile(whole, 0.99)),
        **{f"{kind}, processor ms a turn": round(spent[kind] * 1000 / count, 2) for kind in sorted(spent)},
        "table bytes a turn": round((grown - size) / count),
        "log (WAL) bytes a turn": round((logged - log) / count),
    }


def _written(mine: Ours) -> tuple[int, int]:
    with psycopg.connect(mine.conninfo) as connection:
        size = connection.execute(SIZES, (list(GROWN),)).fetchone()
        log = connection.execute(WAL).fetchone()
    return int(size[0] if size else 0), int(log[0] if log else 0)
