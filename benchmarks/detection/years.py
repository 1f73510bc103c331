"""A simulated year as it is lived: minute by minute, what came, with the noise of days, hours, minutes and people."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from benchmarks.detection.outages import Outage
from benchmarks.detection.world import INTENTS, WAVING, Leaf, World
from trends.rhythm.days import day_of, first_minute

STEP = 10
"""Minutes between two looks at how everything stands."""
REAL_RATIO, REAL_MORE = 3.0, 15.0
"""What a person would call real: three times the usual, and fifteen more than usual in five minutes."""
Minute = Counter[Leaf]


@dataclass(frozen=True)
class Noise:
    """How restless a year is."""

    day: float = 0.10
    intent_day: float = 0.14
    drift: float = 0.05
    """Of everything, each ten minutes; fades within two hours."""
    intent_drift: float = 0.06
    company: float = 0.10
    """Share of messages that bring another one like it within minutes: friends in one group."""
    silences_a_month: float = 3.0


@dataclass
class Year:
    """A world, its outages, and one way it may have gone."""

    world: World
    outages: list[Outage]
    seed: int
    noise: Noise = field(default_factory=Noise)
    real_from: dict[Outage, int] = field(default_factory=dict)
    """Outage → the first minute from which a person who saw the counts would call it real."""

    def minutes(self) -> Iterator[tuple[int, Minute]]:
        """Yield every minute with what came in it."""
        draw = Random(self.seed)
        silent = self._silences(draw)
        waiting: dict[int, Minute] = {}
        held: Minute = Counter()
        state = _State(self, draw)
        for minute in range(self.world.start, self.world.end):
            came = waiting.pop(minute, Counter())
            came += state.came(minute)
            for leaf, count in list(came.items()):
                for _ in range(count):
                    if draw.random() < self.noise.company:
                        waiting.setdefault(minute + draw.randrange(1, 9), Counter())[leaf] += 1
            if minute in silent:
                held += came
                yield minute, Counter()
                continue
            if held:
                came, held = came + held, Counter()
            yield minute, came

    def _silences(self, draw: Random) -> set[int]:
        """Return the minutes in which the bot was down; what was written then comes at once afterwards."""
        count = round(self.noise.silences_a_month * self.world.days / 30)
        starts = [draw.randrange(self.world.start, self.world.end) for _ in range(count)]
        near = [(it.begins - 180, it.ends + 180) for it in self.outages]
        quiet = [at for at in starts if not any(first <= at < last for first, last in near)]
        return {minute for at in quiet for minute in range(at, at + draw.randrange(8, 60))}


class _State:
    """How everything stands, looked at every ten minutes."""

    def __init__(self, year: Year, draw: Random) -> None:
        self.year, self.world, self.draw = year, year.world, draw
        self.drift, self.day, self.level = 0.0, -1, 1.0
        self.intent_drift = dict.fromkeys(INTENTS, 0.0)
        self.of_day = dict.fromkeys(INTENTS, 1.0)
        self.rates: list[float] = []
        self.leaves = {it: (list(leaves), _sums(leaves.values())) for it, leaves in self.world.leaves.items()}
        whole = sum(self.world.weights.values())
        self.weights = {intent: weight / whole for intent, weight in self.world.weights.items()}
        self.whole = [sum(self.world.leaves[intent].values()) for intent in INTENTS]
        self.outages = {id(it): self._touched(it) for it in year.outages}

    def came(self, minute: int) -> Minute:
        """Draw what came in a minute."""
        if minute % STEP == 0 or not self.rates:
            self._look(minute)
        found: Minute = Counter()
        self._draw(found, list(INTENTS), self.rates)
        for it in self.year.outages:
            factor = it.factor(minute)
            if factor > 1:
                self._more(found, it, factor - 1)
                self._mark(it, minute, factor)
        return found

    def _mark(self, it: Outage, minute: int, factor: float) -> None:
        """Write down from when on a person would call it real."""
        usual = sum(self.rates[number] * parts[-1] / self.whole[number] for number, _, parts in self.outages[id(it)])
        if factor >= REAL_RATIO and 5 * usual * (factor - 1) >= REAL_MORE:
            self.year.real_from.setdefault(it, minute)

    def _look(self, minute: int) -> None:
        noise, draw = self.year.noise, self.draw
        if day_of(minute) != self.day:
            self.day = day_of(minute)
            self.level = draw.lognormvariate(0, noise.day)
            self.of_day = {intent: draw.lognormvariate(0, noise.intent_day) for intent in INTENTS}
        self.drift = 0.92 * self.drift + draw.gauss(0, noise.drift)
        for intent in INTENTS:
            self.intent_drift[intent] = 0.92 * self.intent_drift[intent] + draw.gauss(0, noise.intent_drift)
        whole = self._everything(minute) * self.level * math.exp(self.drift)
        waving, others = self._surges(minute)
        self.rates = [
            whole
            * self.weights[intent]
            * (waving if intent in WAVING else others)
            * self.of_day[intent]
            * math.exp(self.intent_drift[intent])
            for intent in INTENTS
        ]

    def _everything(self, minute: int) -> float:
        """Return how many a minute are usual."""
        world, day = self.world, self.day
        date_weekday = (day + 3) % 7
        factor = 0.55 if day in world.holidays else world.weekdays[date_weekday]
        off = day in world.holidays or date_weekday >= 5
        hours = world.hours_fasting if day in world.fasting else world.hours_off if off else world.hours
        place = (minute - first_minute(day)) / 60 - 0.5
        hour, part = math.floor(place), place % 1
        share = hours[hour % 24] * (1 - part) + hours[(hour + 1) % 24] * part
        grown = (1 + world.growth) ** (day - world.first)
        stories = math.prod(it.at(minute) for it in world.news)
        return world.a_day * factor * grown * stories * share / 60

    def _surges(self, minute: int) -> tuple[float, float]:
        waving = others = 1.0
        for it in self.world.surges:
            if it.begins <= minute < it.begins + 6 * it.fades:
                more, some = it.factors(minute)
                waving, others = waving * more, others * some
        return waving, others

    def _draw(self, found: Minute, intents: list[str], rates: list[float]) -> None:
        sums = _sums(rates)
        count = poisson(self.draw, sums[-1])
        for intent in self.draw.choices(intents, cum_weights=sums, k=count) if count else ():
            leaves, parts = self.leaves[intent]
            found[self.draw.choices(leaves, cum_weights=parts)[0]] += 1

    def _touched(self, it: Outage) -> list[tuple[int, list[Leaf], list[float]]]:
        parts = []
        for number, intent in enumerate(INTENTS):
            leaves = {leaf: share for leaf, share in self.world.leaves[intent].items() if it.touches(leaf)}
            if leaves:
                parts.append((number, list(leaves), _sums(leaves.values())))
        return parts

    def _more(self, found: Minute, it: Outage, more: float) -> None:
        for number, leaves, parts in self.outages[id(it)]:
            for _ in range(poisson(self.draw, self.rates[number] * parts[-1] / self.whole[number] * more)):
                found[self.draw.choices(leaves, cum_weights=parts)[0]] += 1


def poisson(draw: Random, mean: float) -> int:
    """Draw a Poisson number."""
    if mean <= 0:
        return 0
    if mean > 60:
        return max(0, round(draw.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count


def _sums(values: object) -> list[float]:
    total, sums = 0.0, []
    for value in values:  # type: ignore[attr-defined]
        total += value
        sums.append(total)
    return sums
