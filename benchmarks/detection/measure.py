"""`bench detection`: how soon an outage is noticed and how often nothing is, beside a fixed threshold and a z-score.

One year to learn and to be tuned on, for the rivals; another year of the same programme, with other noise, other waves'
sizes and other outages, for all three. Thresholds of the method are fixed in its code; no year here was used for them.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.detection.judging import Alarm, Verdict, flickering, judge, row
from benchmarks.detection.outages import SIZES, Outage, outages
from benchmarks.detection.playing import Played, play
from benchmarks.detection.rivals import Crossing
from benchmarks.detection.world import World
from benchmarks.detection.years import Year
from benchmarks.report import Tell
from trends.rhythm.days import first_minute

OURS = "ours"
WARM_UP = 56
FIRST = date(2019, 9, 2)
MOST_FALSE = 1.0
"""False alarms a month that a rival may have to be tuned to its best."""
LEASTS = (5, 8, 12, 20, 35)
STEPS = {
    "fixed threshold": (0.8, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 7, 10, 15),
    "z-score": (5, 6, 7, 8, 10, 12, 15, 20, 30, 50),
}


@dataclass
class Result:
    """What became of a method."""

    verdict: Verdict
    real: list[Outage]
    known: list[Outage]
    tuned: str = ""

    def figures(self) -> dict[str, Any]:
        """Return them flat, as the table shows them."""
        told: dict[str, Any] = {"tuned": self.tuned, "false_a_month": round(self.verdict.false_a_month, 2)}
        told |= {f"real_{name}": value for name, value in row(self.verdict, self.real).items()}
        for size in SIZES:
            its = [it for it in self.known if it.size == size]
            told |= {f"{size:g}_{name}": value for name, value in row(self.verdict, its).items()}
            told[f"{size:g}_share"] = f"{told[f'{size:g}_found']} of {len(its)}"
        told["real_share"] = f"{told['real_found']} of {len(self.real)}"
        return told


@dataclass(frozen=True)
class Lived:
    """A year that was played, and the minute from which on it is judged."""

    year: Year
    played: Played
    first: int


def live(seed: int, months: int, a_day: float, *, ours: bool, tell: Tell | None = None) -> Lived:
    """Play one year; the programme is the same for all seeds of a hundred."""
    days = WARM_UP + round(months * 30.44)
    world = World(seed // 100, FIRST, days, a_day)
    world.again(seed)
    first = first_minute(world.first + WARM_UP)
    year = Year(world, outages(world, seed + 1, world.start + 20 * 1440), seed + 2)
    return Lived(year, play(year, WARM_UP, with_ours=ours, tell=tell or (lambda _: None)), first)


def train(seed: int, months: int, a_day: float) -> dict[str, tuple[int, float]]:
    """Return the thresholds of the rivals, tuned on a year of its own."""
    trained = live(seed, months, a_day, ours=False)
    return {name: tuned(trained, name) for name in STEPS}


def measure(*, months: int, a_day: float, seed: int, tell: Tell) -> tuple[dict[str, Any], dict[str, Result]]:
    """Return the figures of each method, and what became of it."""
    with ProcessPoolExecutor(max_workers=1) as pool:
        training = pool.submit(train, 100 * seed, months, a_day)
        tell(f"{months} months, {a_day:,.0f} complaints on an ordinary day; as many again to tune the others on")
        lived = live(100 * seed + 50, months, a_day, ours=True, tell=tell)
        tell("tuning the fixed threshold and the z-score on the other year")
        thresholds = training.result()
    results = {OURS: result(lived, lived.played.alarms, "")}
    for name in STEPS:
        least, step = thresholds[name]
        alarms = crossed(lived.played.rivals.crossings[name], least, step)
        results[name] = result(lived, alarms, f"{step:g}, at least {least} in five minutes")
    figures = {name: it.figures() for name, it in results.items()}
    for told in figures.values():
        told |= {"complaints": lived.played.complaints, "months": months}
    return figures, results


def result(lived: Lived, alarms: Sequence[Alarm], said: str) -> Result:
    """Judge alarms of a year."""
    known = [it for it in lived.year.outages if it.begins >= lived.first]
    real = [it for it in known if it in lived.year.real_from]
    return Result(judge(lived.year, alarms, lived.first), real, known, said)


def tuned(trained: Lived, name: str) -> tuple[int, float]:
    """Return the threshold that finds most and soonest with no more false alarms than are allowed; else the fewest."""
    tried = []
    for least in LEASTS:
        for step in STEPS[name]:
            it = result(trained, crossed(trained.played.rivals.crossings[name], least, step), "")
            delays = it.verdict.delays(it.real)
            too_many = max(0.0, it.verdict.false_a_month - MOST_FALSE)
            tried.append((too_many, -len(delays), sum(delays) / max(1, len(delays)), least, step))
    *_, least, step = min(tried)
    return least, step


def crossed(crossings: Iterable[Crossing], least: int, step: float) -> list[Alarm]:
    """Return the alarms of a threshold."""
    return flickering((it.minute, it.scope) for it in crossings if it.score >= step and it.count >= least)
