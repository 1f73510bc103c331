"""The waves a rehearsed year knows: those of the rehearsed programme, and more after them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection

from records.clock import WIB
from simulator.programme.partners import WAVES as FIRST

FIRST_PURCHASE = timedelta(days=30)
LATER = (
    (5, (2020, 8, 15), (2020, 8, 23), (2020, 8, 26), 800_000),
    (6, (2020, 8, 27), (2020, 8, 31), (2020, 9, 3), 800_000),
    (7, (2020, 9, 3), (2020, 9, 6), (2020, 9, 10), 800_000),
    (8, (2020, 9, 10), (2020, 9, 14), (2020, 9, 18), 800_000),
    (9, (2020, 9, 17), (2020, 9, 21), (2020, 9, 25), 800_000),
    (10, (2020, 9, 25), (2020, 9, 28), (2020, 10, 2), 116_261),
    (11, (2020, 11, 2), (2020, 11, 4), (2020, 11, 9), 400_000),
    (12, (2021, 2, 23), (2021, 2, 26), (2021, 3, 2), 600_000),
    (13, (2021, 3, 4), (2021, 3, 7), (2021, 3, 10), 600_000),
    (14, (2021, 3, 11), (2021, 3, 14), (2021, 3, 17), 600_000),
    (15, (2021, 3, 18), (2021, 3, 21), (2021, 3, 24), 600_000),
    (16, (2021, 3, 25), (2021, 3, 28), (2021, 4, 1), 300_000),
    (17, (2021, 6, 5), (2021, 6, 8), (2021, 6, 11), 44_000),
    (18, (2021, 8, 12), (2021, 8, 15), (2021, 8, 20), 800_000),
    (19, (2021, 8, 26), (2021, 8, 29), (2021, 9, 2), 800_000),
    (20, (2021, 9, 9), (2021, 9, 12), (2021, 9, 16), 800_000),
    (21, (2021, 9, 16), (2021, 9, 19), (2021, 9, 23), 750_000),
    (22, (2021, 10, 25), (2021, 11, 1), (2021, 11, 4), 46_000),
)
SOURCE = "tanggal: gladi"
SMALL = 200_000
KEEP = """
    INSERT INTO programme.waves (wave, opens_at, closes_at, decided_at, quota, source)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (wave) DO UPDATE SET decided_at = COALESCE(programme.waves.decided_at, EXCLUDED.decided_at)
"""


@dataclass(frozen=True)
class Wave:
    """One wave: registration from noon to noon, its result, and how many it takes."""

    number: int
    opens_at: datetime
    closes_at: datetime
    decided_at: datetime
    quota: int


def _noon(day: tuple[int, int, int]) -> datetime:
    return datetime(*day, 12, tzinfo=WIB)


def _first(number: int) -> Wave:
    dates, _ = FIRST[number]
    opens, closes, decided = (dates[name] for name in ("opens_at", "closes_at", "decided_at"))
    if not (isinstance(opens, datetime) and isinstance(closes, datetime) and isinstance(decided, datetime)):
        raise TypeError("a wave that is over has its dates")
    return Wave(number, opens, closes, decided, SMALL if number < 4 else 800_000)


WAVES = (
    *(_first(number) for number in (1, 2, 3, 4)),
    *(
        Wave(number, _noon(opens), _noon(closes), _noon(decided), quota)
        for number, opens, closes, decided, quota in LATER
    ),
)


def between(first: datetime, last: datetime) -> list[Wave]:
    """Return the waves that opened before the end, and were not long over at the beginning."""
    return [wave for wave in WAVES if wave.opens_at < last and wave.decided_at + 2 * FIRST_PURCHASE > first]


def keep(connection: Connection, until: datetime) -> None:
    """Tell the registry of the waves up to then, with a result only where it was out."""
    for it in WAVES:
        if it.opens_at < until:
            decided = it.decided_at if it.decided_at < until else None
            connection.execute(KEEP, (it.number, it.opens_at, it.closes_at, decided, it.quota, SOURCE))
