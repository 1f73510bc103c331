"""`bench desk`: queue, conversation, search and live at a million cases, beside what they are measured against."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from benchmarks.desk import before, first_page, live
from benchmarks.desk.country import country, plain
from benchmarks.desk.pages import measure as pages_take
from benchmarks.desk.pages import pages
from benchmarks.desk.serving import desk
from benchmarks.desk.staff import SignedIn, sign_in
from benchmarks.figures import milliseconds, quantile
from benchmarks.report import Tell
from helpdesk.rehearsing.crew import AGENTS

SHARES = {"p50 ms": 0.5, "p95 ms": 0.95, "p99 ms": 0.99}
OPEN_PAGES = 100
PER_SECOND = 50.0
CONVERSATIONS = """
    SELECT conversation_id FROM tickets WHERE status <> 'resolved' AND team_id = %s ORDER BY md5(number) LIMIT 200
"""


def measure(bench: Path, *, tickets: int, count: int, seconds: float, tell: Tell) -> dict[str, Any]:
    """Return milliseconds by page and share of pages."""
    with country(bench, tickets, tell) as url:
        return measured(bench, url, count=count, seconds=seconds, tell=tell)


def measured(bench: Path, url: str, *, count: int, seconds: float, tell: Tell) -> dict[str, Any]:
    """Return the figures of a database that is there."""
    with psycopg.connect(plain(url), autocommit=True) as connection, desk(bench, url) as port:
        size = connection.execute("SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM messages)").fetchone()
        agents = sign_in(connection, "agent", AGENTS)
        took = {}
        for name, addresses in pages(connection, agents[:40], tell).items():
            took[name] = pages_take(port, addresses, count)
            tell(f"{name}: p95 {milliseconds(quantile(took[name], 0.95))} ms")
        tell("what it is set beside")
        earlier = before.measure(connection)
        tell(f"{OPEN_PAGES} conversations and {AGENTS - OPEN_PAGES} queues open, {PER_SECOND:g} messages a second")
        pairs = _pairs(connection, agents[:OPEN_PAGES])
        heard = asyncio.run(live.measure(url, port, pairs, agents[OPEN_PAGES:], PER_SECOND, seconds))
        tell(f"pages looked again: {dict(heard.looks)}")
        tell("the first page on a slow line")
        first = first_page.measure(port, agents[0])
    took["live"] = heard.seconds
    figures: dict[str, Any] = {
        title: {name: milliseconds(quantile(all_, share)) for name, all_ in took.items()}
        for title, share in SHARES.items()
    }
    figures["before, p50 ms"] = {name: milliseconds(quantile(all_, 0.5)) for name, all_ in earlier.items()}
    for title, visit in (("p50 ms", "first visit"), ("before, p50 ms", "first visit, unpacked")):
        seen = first[visit]
        figures[title] |= {"first_paint": round(seen["first paint ms"]), "first_loaded": round(seen["loaded ms"])}
        figures[title] |= {"first_kb": round(seen["kB"], 1)}
    cases, messages = size or (0, 0)
    figures["p50 ms"] |= {"cases": f"{cases:,}", "messages": f"{messages:,}"}
    return figures


def _pairs(connection: psycopg.Connection, agents: list[SignedIn]) -> list[tuple[SignedIn, Any]]:
    """Each agent with a conversation of their team open, no two the same."""
    random, left = Random(2), {}
    for team in {min(agent.teams) for agent in agents}:
        left[team] = [row[0] for row in connection.execute(CONVERSATIONS, (team,)).fetchall()]
        random.shuffle(left[team])
    return [(agent, left[min(agent.teams)].pop()) for agent in agents if left[min(agent.teams)]]
