"""`bench incidents`: an incident with 50,000 people is previewed, opened, joined by more, narrowed, and shown."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, text

from benchmarks.desk.pages import measure as pages_take
from benchmarks.desk.serving import desk
from benchmarks.desk.staff import sign_in
from benchmarks.figures import milliseconds, quantile
from benchmarks.incidents.crowd import NOW, fill, more
from benchmarks.report import Tell
from desk.incidents.belonging import JOIN, leaving, matching, touched
from desk.incidents.joining import let_join
from desk.incidents.opening import Opened, Opening, open_incident
from desk.incidents.rescoping import rescope
from desk.incidents.scope import Scope
from helpdesk.rehearsing.crew import hire
from helpdesk.rehearsing.own_server import LOADING, empty, plain, served
from records.bell import PostgresBell
from records.database import Database
from records.migrate import upgrade
from records.models import Staff

LATER = 200
SCOPE = Scope(
    components=("purchase", "catalogue"),
    intents=("package_not_found", "payment_failed"),
    platforms=("sisnaker",),
    by_purchase="Semua pesanan di Sisnaker tertahan",
    since=NOW - timedelta(hours=7),
)
PAGES = {
    "incident page": "/insiden/{id}",
    "list of incidents": "/insiden",
    "people, first page": "/insiden/{id}/orang",
    "people only the bot answered": "/insiden/{id}/orang?yang=oleh-bot",
    "people with a case": "/insiden/{id}/orang?yang=berkasus",
    "people of a channel": "/insiden/{id}/orang?kanal=whatsapp",
}


@dataclass
class House:
    """What the round needs of a desk."""

    database: Database
    bell: PostgresBell
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now


def measure(bench: Path, *, people: int, count: int, tell: Tell) -> dict[str, Any]:
    """Return seconds of each act and milliseconds of each page."""
    (bench / "incidents").mkdir(parents=True, exist_ok=True)
    home = bench / "incidents" / "postgres"
    with served(home, **LOADING) as postgres:
        url = empty(postgres, "incidents", upgrade)
        fill(plain(url), people, tell)
        with psycopg.connect(plain(url), autocommit=True) as connection:
            hire(connection)
    with served(home) as postgres:
        url = postgres.url("incidents")
        figures, incident = asyncio.run(_acts(bench, url, people, tell))
        with psycopg.connect(plain(url), autocommit=True) as connection, desk(bench, url, folder="incidents") as port:
            who = cycle(sign_in(connection, "pmo", 3))
            for name, address in PAGES.items():
                took = pages_take(port, ((next(who), address.format(id=incident)) for _ in iter(int, 1)), count)
                figures[name] = milliseconds(quantile(took, 0.95))
                tell(f"{name}: p95 {figures[name]} ms")
    return figures


async def _acts(bench: Path, url: str, people: int, tell: Tell) -> tuple[dict[str, Any], str]:
    database, bell = Database(url, pool_size=2), PostgresBell(url)
    house, figures = House(database, bell), dict[str, Any]()
    async with database.read() as session:
        lead = (await session.scalars(select(Staff).where(Staff.role == "pmo").limit(1))).one()
        seen, figures["preview_seconds"] = await _timed(lambda: touched(session, SCOPE))
        await _explain(bench, session)
    opened, figures["open_seconds"] = await _timed(lambda: _open(house, lead))
    figures |= {"people": seen.people, "conversations": seen.conversations, "cases": opened.cases}
    tell(f"{opened.people} conversations of {seen.people} people opened in {figures['open_seconds']} s")
    await asyncio.to_thread(more, plain(url), people, LATER, NOW + timedelta(seconds=30))
    house.now = NOW + timedelta(minutes=1)
    joined, figures["later_seconds"] = await _timed(lambda: let_join(house))  # type: ignore[arg-type]
    figures["later"] = joined
    idle, figures["idle_seconds"] = await _timed(lambda: let_join(house))  # type: ignore[arg-type]
    if idle:
        raise RuntimeError("somebody joined twice")
    narrow = replace(SCOPE, channels=("telegram", "whatsapp"))
    async with database.read() as session:
        _, figures["narrow_preview_seconds"] = await _timed(lambda: leaving(session, opened.incident.id, narrow))
    for scope, name in ((narrow, "narrow_seconds"), (SCOPE, "widen_seconds")):
        _, figures[name] = await _timed(lambda scope=scope: _rescope(house, opened, scope, lead))  # type: ignore[misc]
        tell(f"{name}: {figures[name]}")
    await database.close()
    await bell.close()
    return figures, opened.incident.id


async def _open(house: House, lead: Staff) -> Opened:
    opening = Opening(
        title="Tidak bisa beli di Sisnaker",
        scope=SCOPE,
        severity="critical",
        status="confirmed",
        public_message="Pembelian di Sisnaker sedang terganggu. Kakak tidak perlu mengulang.",
        as_of=house.now,
        owner_id=lead.id,
    )
    async with house.database.write() as session:
        return await open_incident(session, house.bell, opening, by=lead, at=house.now)


async def _rescope(house: House, opened: Opened, scope: Scope, lead: Staff) -> None:
    async with house.database.write() as session:
        await rescope(
            session,
            house.bell,
            opened.incident.id,
            scope,
            why="Hanya di dua kanal",
            version=None,
            by=lead,
            at=house.now,
        )


async def _explain(bench: Path, session: Any) -> None:
    """Keep how the database finds the people, for whoever wants to know."""
    found = matching(SCOPE)
    given = {**found.given, "incident": "INC-x", "now": NOW, "by_purchase": SCOPE.by_purchase}
    plan = await session.execute(text("EXPLAIN (COSTS OFF) " + found.within(JOIN)), given)
    kept = bench / "incidents" / "plan.txt"
    await asyncio.to_thread(kept.write_text, "\n".join(row[0] for row in plan) + "\n")


async def _timed[T](act: Callable[[], Awaitable[T]]) -> tuple[T, float]:
    began = time.perf_counter()
    done = await act()
    return done, round(time.perf_counter() - began, 3)
