"""`bench registry`: how long each question of the own tables takes, asked of people drawn at random.

A check asks several at once, so that is measured as well. Every plan is looked at: a question that reads a large table
from end to end is slow tomorrow if it is not today.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import tuple_row
from sqlalchemy import create_engine

from benchmarks.figures import quantile
from benchmarks.registry_data import NAMED, phone_of
from benchmarks.registry_import import DATA_KEY, database_name, server
from benchmarks.report import Tell
from records.at_once import OPTIONS
from records.database import Database
from registry import questions, roles
from registry.identifiers import Keyed
from registry.interface import CouldNotAsk, Registry
from registry.own_tables import OwnTables

NOW = datetime(2020, 8, 24, 3, tzinfo=UTC)
TODAY = date(2020, 8, 24)
WARM = 50
LARGE = 10_000
"""From so many rows on a table must not be read from end to end."""

SOME: dict[str, object] = {
    **{"wave": 1, "now": NOW, "on": TODAY, "day_begins": NOW, "day_ends": NOW},
    **{"participant_ids": ["x"], "hashes": ["x"]},
}
"""Values of the right kind for the parameters of the questions, where no text will do."""

type Ask = Callable[[Registry, int], Awaitable[object]]


def who(number: int) -> str:
    """Return the id of somebody of the crowd."""
    return f"Q{number:07}"


async def _of_a_check(registry: Registry, number: int) -> object:
    """What the most curious check asks of one participant, at once."""
    person = who(number)
    answers = await asyncio.gather(
        registry.participant(person),
        registry.card(person),
        registry.ledger(person),
        registry.purchases(person),
        registry.organisations("platform", TODAY),
    )
    return next((answer for answer in answers if isinstance(answer, CouldNotAsk)), None)


ASKED: dict[str, Ask] = {
    "participant": lambda registry, n: registry.participant(who(n)),
    "participants_by_phone": lambda registry, n: registry.participants_by_phone(phone_of(n)),
    "participants_by_nik_last4": lambda registry, n: registry.participants_by_nik_last4((who(n), who(n + 1)), "0001"),
    "wave_applications": lambda registry, n: registry.wave_applications(who(n)),
    "wave": lambda registry, n: registry.wave(1 + n % 5),
    "waves": lambda registry, _: registry.waves(TODAY),
    "card": lambda registry, n: registry.card(who(n)),
    "ledger": lambda registry, n: registry.ledger(who(n)),
    "purchases": lambda registry, n: registry.purchases(who(n)),
    "payment_status": lambda registry, n: registry.payment_status(f"TOKPED-Q{3 * n + 1:08}"),
    "courses": lambda registry, n: registry.courses(("desain grafis", "digital marketing", "barista")[n % 3]),
    "organisations": lambda registry, _: registry.organisations("platform", TODAY),
    "organisation_roles": lambda registry, _: registry.organisation_roles("ruangguru"),
    "payment_partners": lambda registry, _: registry.payment_partners(TODAY),
    "incentives": lambda registry, n: registry.incentives(who(n)),
    "payout_account": lambda registry, n: registry.payout_account(who(n)),
    "policy": lambda registry, _: registry.policy("first_purchase_days", TODAY),
    "of_a_check": _of_a_check,
}


def measure(bench: Path, *, participants: int, count: int, tell: Tell) -> dict[str, Any]:
    """Return p50, p95 and p99 of every question, and the questions that read a large table whole."""
    with server(bench) as postgres:
        url = postgres.url(database_name(participants))
        whole = sorted(read_whole(url))
        tell(f"questions that read a large table from end to end: {', '.join(whole) or 'none'}")
        took = asyncio.run(_ask_all(url, participants, count, tell))
    return {
        f"p{round(share * 100)} ms": {name: round(quantile(times, share) * 1000, 2) for name, times in took.items()}
        for share in (0.5, 0.95, 0.99)
    }


async def _ask_all(url: str, participants: int, count: int, tell: Tell) -> dict[str, list[float]]:
    chance = random.Random(participants)
    database = Database(url, pool_size=10)
    registry = OwnTables(database, lambda: NOW, Keyed(DATA_KEY))
    took = {}
    for name, ask in ASKED.items():
        tell(f"asking {name}")
        numbers = [chance.randint(NAMED + 1, participants) for _ in range(WARM + count)]
        took[name] = [await _timed(ask, registry, number) for number in numbers][WARM:]
    await database.close()
    return took


async def _timed(ask: Ask, registry: Registry, number: int) -> float:
    began = time.perf_counter()
    answer = await ask(registry, number)
    took = time.perf_counter() - began
    if isinstance(answer, CouldNotAsk):
        raise RuntimeError(answer.reason)
    return took


def read_whole(url: str) -> set[str]:
    """Return the tables, and by which question, that are large and read from end to end."""
    asked = {name: it for name, it in {**vars(questions), **vars(roles)}.items() if isinstance(it, questions.Question)}
    with psycopg.connect(url.replace("+psycopg", ""), options=OPTIONS, row_factory=tuple_row) as connection:
        counted = connection.execute("SELECT relname FROM pg_class WHERE reltuples > %s", (LARGE,)).fetchall()
        large = {str(name) for (name,) in counted}
        return {f"{name}: {table}" for name, it in asked.items() for table in _scanned(connection, it) & large}


def _scanned(connection: psycopg.Connection[Any], question: questions.Question[Any]) -> set[str]:
    compiled = question.statement.compile(dialect=create_engine("postgresql+psycopg://").dialect)
    given = {key: value for key, value in compiled.params.items() if value is not None}
    unknown = {key: _some(key) for key, value in compiled.params.items() if value is None}
    rows = connection.execute(f"EXPLAIN (FORMAT JSON) {compiled}".encode(), {**given, **unknown}).fetchone()
    return set(_seq_scans(rows[0][0]["Plan"])) if rows else set()


def _some(key: str) -> object:
    """Return a value of the right kind for a question's parameter."""
    return SOME.get(key, "x")


def _seq_scans(plan: dict[str, Any]) -> list[str]:
    mine = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return mine + [name for child in plan.get("Plans", ()) for name in _seq_scans(child)]
