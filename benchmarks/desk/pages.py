"""How long a page takes, one after the other, asked by different agents about different things, after a warm-up."""

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random
from urllib.parse import quote_plus
from uuid import UUID

import httpx
import psycopg

from benchmarks.desk.staff import SignedIn
from benchmarks.report import Tell
from helpdesk.rehearsing.words import COURSES, FAMILY, GIVEN, PLATFORMS, TAGS, TOWNS, Speaker

WARM_UP = 40
TABS = ("belum-diambil", "saya", "semua", "selesai", "insiden")
PHRASES = (
    "saldo kepotong",
    "kode voucher",
    "insentif belum cair",
    "otp tidak masuk",
    "ga bisa login",
    "sertifikat belum keluar",
    "gagal bayar",
    "wajah ditolak",
    "kelas tidak bisa dibuka",
    "rekening dana",
)

OPEN, OLD = "open", "resolved"
SAMPLE = 4_000
ALONE = """
    NOT EXISTS (SELECT FROM tickets o WHERE o.conversation_id = t.conversation_id AND o.team_id <> t.team_id)
"""
SOME_OPEN = f"SELECT team_id, conversation_id FROM tickets t WHERE status <> 'resolved' AND {ALONE}"  # noqa: S608
SOME_OLD = f"""
    SELECT team_id, conversation_id FROM tickets t
    WHERE number = ANY(%(numbers)s) AND status = 'resolved' AND {ALONE}
"""  # noqa: S608 (our own words)

type Addresses = Iterator[tuple[SignedIn, str]]


class Refused(Exception):
    """A page was not shown."""


def measure(port: int, addresses: Addresses, count: int) -> list[float]:
    """Return the seconds of so many pages."""
    took: list[float] = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        for number in range(WARM_UP + count):
            who, address = next(addresses)
            began = time.perf_counter()
            answer = client.get(address, headers=who.headers)
            seconds = time.perf_counter() - began
            if answer.status_code not in (200, 204):
                raise Refused(f"{address}: {answer.status_code}")
            if number >= WARM_UP:
                took.append(seconds)
    return took


def pages(connection: psycopg.Connection, agents: list[SignedIn], tell: Tell) -> dict[str, Addresses]:
    """Return what is measured, by its name in the table."""
    random = Random(3)
    every = cycle(agents)
    held = _conversations(connection, agents)

    def of(make: Callable[[], str]) -> Addresses:
        return ((next(every), make()) for _ in iter(int, 1))

    def conversations(of_status: str) -> Addresses:
        for _ in iter(int, 1):
            who = next(every)
            yield who, f"/percakapan/{random.choice(held[who][of_status])}"

    speaker = Speaker(5)
    wholly = (
        *(lambda: random.choice(PHRASES),),
        *(lambda: f"{random.choice(GIVEN)} {random.choice(FAMILY)}", lambda: random.choice(GIVEN)),
        *(lambda: f"T-{random.randint(100_001, 1_000_000)}", lambda: random.choice(COURSES)),
        *(lambda: speaker.rare(), lambda: random.choice(TOWNS), lambda: random.choice(TAGS)),
        *(lambda: f"{random.choice(PLATFORMS)} {random.choice(TOWNS)}",),
    )

    def typed() -> str:
        words = random.choice(wholly)()
        return words[: random.randint(4, len(words))] if len(words) > 4 else words

    def found(words: Callable[[], str]) -> Addresses:
        return of(lambda: f"/cari/hasil?q={quote_plus(words().lower())}")

    tell("measuring")
    return {
        "queue": of(lambda: f"/antrean?tab={random.choice(TABS)}"),
        "queue_filtered": of(lambda: f"/antrean?tab=semua&platform={random.choice(PLATFORMS)}&kanal=telegram"),
        "conversation": conversations(OPEN),
        "conversation_old": conversations(OLD),
        "search": found(lambda: random.choice(wholly)()),
        "search_typing": found(typed),
    }


def _conversations(connection: psycopg.Connection, agents: list[SignedIn]) -> dict[SignedIn, dict[str, list[UUID]]]:
    """Some open and some old conversations of each agent's team."""
    random = Random(6)
    row = connection.execute("SELECT max(substr(number, 3)::int) FROM tickets WHERE status <> 'resolved'").fetchone()
    numbers = [f"T-{random.randint(100_001, row[0] if row else 100_001)}" for _ in range(SAMPLE)]
    by_team: dict[UUID, dict[str, list[UUID]]] = {}
    for status, statement in ((OPEN, SOME_OPEN), (OLD, SOME_OLD)):
        for team, conversation in connection.execute(statement.encode(), {"numbers": numbers}).fetchall():
            by_team.setdefault(team, {}).setdefault(status, []).append(conversation)
    return {agent: by_team[min(agent.teams)] for agent in agents}
