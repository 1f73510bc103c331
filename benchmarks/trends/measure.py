"""`bench trends`: every page, counting anew, taking rows away, a large incident, at a year of messages."""

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx
import psycopg

from benchmarks.desk.serving import desk
from benchmarks.desk.staff import SignedIn, sign_in
from benchmarks.figures import milliseconds, quantile
from benchmarks.report import Tell
from benchmarks.trends import incident, raw
from benchmarks.trends.asking import Questions
from benchmarks.trends.taking import longest, take
from helpdesk.rehearsing.making import OwnYear, make
from helpdesk.rehearsing.own_server import plain
from helpdesk.rehearsing.year import Asked
from records.clock import WIB
from records.database import Database
from trends import counting, rebuilding
from trends.helping import counting as helping

SHARES = {"p50 ms": 0.5, "p95 ms": 0.95}
WARM_UP = 5
FEW = 10_000
MISSING = "not there yet"
UNTIL = datetime(2021, 8, 1, tzinfo=WIB)
SEED = 20_200_824


def measure(bench: Path, *, messages: int, count: int, rebuild: bool, tell: Tell) -> dict[str, Any]:
    """Return the figures of a year with so many messages, which is made where it is not there."""
    place = OwnYear(bench / "trends", f"year_{messages}")
    if place.truth() is None:
        make(place, Asked(UNTIL, 12, messages, SEED), tell, lambda _: None, searched=False)
    truth = place.truth() or {}
    until = datetime.fromisoformat(truth["until"]) - timedelta(minutes=10)
    once: dict[str, Any] = {"messages": f"{truth['messages']:,}", "turns": f"{truth['turns']:,}"}
    with place.running() as url, psycopg.connect(plain(url), autocommit=True) as connection:
        if rebuild:
            once |= asyncio.run(_rebuilt(url, until, tell))
            # as the database does by itself soon after
            connection.execute("VACUUM (ANALYZE)")
        first = datetime.fromisoformat(truth["first"]).astimezone(WIB).date()
        questions = Questions(connection, first, until.astimezone(WIB).date())
        (pmo,) = sign_in(connection, "pmo", 1)
        with desk(bench, url, until, "trends") as port:
            took = {name: _pages(port, pmo, ways, count, name, tell) for name, ways in questions.pages().items()}
            once |= _taken(connection, port, pmo, questions, tell)
            opening, pages = _incident(connection, url, port, pmo, until, count, tell)
            once, took = once | opening, took | pages
        tell("what it is set beside: the messages themselves")
        beside = raw.measure(connection, questions)
    return _figures(took, beside, once)


def _pages(port: int, who: SignedIn, addresses: Iterator[str], count: int, name: str, tell: Tell) -> list[float] | None:
    """Return the seconds of so many pages, none where there is no such page."""
    took: list[float] = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        for number in range(WARM_UP + count):
            address = next(addresses)
            began = time.perf_counter()
            answer = client.get(address, headers=who.headers)
            seconds = time.perf_counter() - began
            if answer.status_code != 200:
                tell(f"{name}: {answer.status_code} at {address}")
                return None
            if number >= WARM_UP:
                took.append(seconds)
    tell(f"{name}: p50 {milliseconds(quantile(took, 0.5))} ms, p95 {milliseconds(quantile(took, 0.95))} ms")
    return took


async def _rebuilt(url: str, now: datetime, tell: Tell) -> dict[str, Any]:
    """Count everything anew."""
    database = Database(url, pool_size=2)
    began = time.perf_counter()
    try:
        await rebuilding.rebuild(database, lambda: now)
        trends_took = time.perf_counter() - began
        tell(f"all counts of the trends anew: {trends_took:.0f} s")
        await counting.fold(database, lambda: now)
        await helping.rebuild(database, lambda: now)
    finally:
        await database.close()
    whole = time.perf_counter() - began
    tell(f"and the figures of the service: {whole:.0f} s in all")
    return {"rebuild_trends_s": round(trends_took), "rebuild_s": round(whole)}


def _taken(
    connection: psycopg.Connection, port: int, who: SignedIn, questions: Questions, tell: Tell
) -> dict[str, Any]:
    """Take few rows and as many as may be taken, so that growth with the number would be seen."""
    found: dict[str, Any] = {}
    few = longest(connection, questions.first, questions.last, FEW)
    many = longest(connection, questions.first, questions.last)
    for form in ("csv", "xlsx"):
        take(port, who, few, form)
        small, large = take(port, who, few, form), take(port, who, many, form)
        if small is None or large is None:
            return {f"export_{form}_s": MISSING}
        tell(f"{form}: {large.rows:,} rows in {large.seconds} s; the desk grew by {large.grown_mb} MB")
        found |= {
            f"export_{form}_s": large.seconds,
            "export_rows": f"{large.rows:,}",
            f"export_{form}_mb": large.grown_mb,
            f"export_{form}_few_mb": small.grown_mb,
        }
    return found


def _incident(
    connection: psycopg.Connection, url: str, port: int, who: SignedIn, at: datetime, count: int, tell: Tell
) -> tuple[dict[str, Any], dict[str, list[float] | None]]:
    """Open an incident with many people, look at its pages, and take it away again."""
    made = asyncio.run(incident.opened(url, at, incident.since(connection, at)))
    tell(f"incident with {made.conversations:,} conversations and {made.cases:,} cases opened in {made.seconds:.1f} s")
    with incident.forgotten(connection, made.id):
        connection.execute("ANALYZE incident_people")
        address = f"/insiden/{made.id}"
        pages = {
            "incident": _pages(port, who, repeat(address), count, "incident", tell),
            "incident_people": _pages(port, who, repeat(f"{address}/orang"), count, "incident_people", tell),
        }
    return {"incident_s": round(made.seconds, 2), "incident_conversations": f"{made.conversations:,}"}, pages


def _figures(
    took: dict[str, list[float] | None], beside: dict[str, list[float]], once: dict[str, Any]
) -> dict[str, Any]:
    figures: dict[str, Any] = {
        title: {name: milliseconds(quantile(every, share)) if every else MISSING for name, every in took.items()}
        for title, share in SHARES.items()
    }
    figures["of the messages, p50 ms"] = {name: milliseconds(quantile(every, 0.5)) for name, every in beside.items()}
    for name, every in beside.items():
        ours = took[name]
        if ours:
            once[f"{name}_ratio"] = round(quantile(every, 0.5) / quantile(ours, 0.5), 1)
    return {**figures, "once": once}
