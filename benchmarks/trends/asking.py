"""What is asked of the trends: many ranges, from a week to a year, and filters alone and together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from urllib.parse import urlencode

import psycopg

FILTERS = {
    **{"keluhan": "intent", "platform": "platform", "kanal": "channel", "lembaga": "institution"},
    **{"mitra": "partner", "gelombang": "wave", "provinsi": "province"},
}
"""By the filter's name in an address."""
KEYS = """
    SELECT k.dimension, array_agg(k.key ORDER BY k.code) FROM trend_keys k
    WHERE k.dimension = ANY(%s) AND k.key NOT IN ('-', 'greet', 'thank', 'inform', 'nlu_fallback', 'out_of_scope')
    GROUP BY k.dimension
"""
PLAIN = ("keluhan", "platform", "kanal")
TABLES = ("intent", "day", "province")
OF = ("complaints", "conversations", "handed_over", "not_understood")


@dataclass(frozen=True)
class Question:
    """A range and its filters."""

    first: date
    last: date
    filters: tuple[tuple[str, str], ...] = ()

    def address(self, path: str, **more: str) -> str:
        """Return where its answer is shown."""
        said = {"dari": self.first.isoformat(), "sampai": self.last.isoformat(), **dict(self.filters), **more}
        return f"{path}?{urlencode(said)}"


class Questions:
    """Draws questions about a year."""

    def __init__(self, connection: psycopg.Connection, first: date, last: date) -> None:
        self.random, self.first, self.last = Random(8), first, last
        rows: dict[str, list[str]] = dict(connection.execute(KEYS, (list(FILTERS.values()),)).fetchall())
        self.keys = {name: rows[dimension] for name, dimension in FILTERS.items() if rows.get(dimension)}

    def one(self, least: int, most: int, filters: int = 0, among: tuple[str, ...] = tuple(FILTERS)) -> Question:
        """Return one of so many days with so many filters."""
        whole = (self.last - self.first).days + 1
        days = self.random.randint(min(least, whole), min(most, whole))
        ends = self.last - timedelta(days=self.random.randint(0, whole - days))
        names = self.random.sample([name for name in among if name in self.keys], filters)
        said = tuple((name, self.random.choice(self.keys[name])) for name in names)
        return Question(ends - timedelta(days=days - 1), ends, said)

    def some(self) -> int:
        """Return how many filters are set."""
        return self.random.choice((1, 1, 2, 2, 3))

    def pages(self) -> dict[str, Iterator[str]]:
        """Return what is measured, by its name in the table: addresses without end."""
        one, some, choose = self.one, self.some, self.random.choice
        return {
            "overview": _ever(lambda: one(7, 31).address("/tren")),
            "overview_year": _ever(lambda: one(300, 366).address("/tren")),
            "overview_filtered": _ever(lambda: one(7, 366, some()).address("/tren")),
            "rows": _ever(lambda: one(7, 31, some()).address("/tren/baris", hitung=choice_of(choose))),
            "rows_year": _ever(lambda: one(300, 366, 1).address("/tren/baris", hitung=choice_of(choose))),
            "table": _ever(lambda: one(7, 366, some()).address("/tren/unduh", by=choose(TABLES))),
            "service": _ever(lambda: one(7, 366).address("/tren/layanan")),
            "service_filtered": _ever(lambda: one(7, 366, choose((1, 2)), PLAIN).address("/tren/layanan")),
            "topics": _ever(lambda: one(7, 31).address("/tren/topik")),
            "reports": _ever(lambda: "/laporan"),
            "incidents": _ever(lambda: "/insiden"),
        }


def choice_of(choose: Callable[[tuple[str, ...]], str]) -> str:
    """Return which figure's rows are asked for."""
    return choose(OF)


def _ever(make: Callable[[], str]) -> Iterator[str]:
    return (make() for _ in iter(int, 1))
