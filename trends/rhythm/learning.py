"""Learning what is usual from the past weeks, without learning the outages in them.

After the improved Farrington algorithm: recent weeks weigh more, days of waves are kept apart, and what stands out
(a past outage) is brought down to what could have been chance before it is learned from.
"""

import math
from collections.abc import Iterable
from statistics import median

from trends.rhythm.baseline import HOURS, Baseline, Shape, Usual
from trends.rhythm.days import ANNOUNCED, CLOSING, FASTING, OFF, OPENING, ORDINARY, WORK, Days
from trends.rhythm.history import ALL, History
from trends.rhythm.scope import EVERYTHING, Scope
from trends.rhythm.waves import wave_shapes

WEEKS = 8
HALF_LIFE_DAYS = 21
FAR_OUT = 2.58
"""Beyond this many standard deviations (Noufaily's choice) a count is brought down."""
DAY_PRIOR, HOUR_PRIOR = 30.0, 100.0
"""Messages that a small intent borrows from all."""
SCOPE_PRIOR_DAYS = 2.0
LEAST_WANDER, USUAL_WANDER, MOST_WANDER = 0.01, 0.03, 0.25
ENOUGH_AN_HOUR = 8
TRIMMED = 1.3
"""What leaving out the far-out twentieth takes away."""
WAVE_WANDER = (0.1, 0.6)
SPARSE, ENOUGH_HOURS = 0.5, 200
USUAL_CLUMPS, MOST_CLUMPS, TRIMMED_LITTLE = 1.3, 3.0, 1.1
FLAT = (1.0,) * 7
EVEN = (1 / HOURS,) * HOURS
LOUD = (OPENING, CLOSING, ANNOUNCED)
BEFORE_DAWN = {2: 0.5, 3: 1.0, 4: 1.0, 5: 0.5}
"""Before the first night of fasting that is known: people are up to eat, and as busy as in a usual hour of the day."""

Weights = dict[int, float]


def learn(history: History, calendar: Days, today: int) -> Baseline:
    """Learn from the weeks before today."""
    first = history.first_day
    start = max(today - 7 * WEEKS, today if first is None else first)
    weights = {
        day: 0.5 ** ((today - day) / HALF_LIFE_DAYS) for day in range(start, today) if calendar.kind(day) == ORDINARY
    }
    whole = _shape(history, calendar, ALL, weights, None)
    shapes = {ALL: whole}
    for intent in history.hours:
        if intent != ALL:
            shapes[intent] = _shape(history, calendar, intent, weights, whole)
    wave_shapes(history, calendar, shapes, today)
    usual = _usual(history, calendar, shapes, weights)
    wander = _wander(history, calendar, shapes, usual, weights)
    known = 0.0 if first is None else float(today - first)
    return Baseline(
        calendar, shapes, usual, wander, WAVE_WANDER, known, _clumps(history, calendar, shapes, usual, weights)
    )


def _shape(history: History, calendar: Days, intent: str, weights: Weights, whole: Shape | None) -> Shape:
    days = history.days.get(intent, {})
    weekday = _weekdays(_brought_down(days, weights), calendar, weights, whole)
    said = history.hours.get(intent, {})
    hours: dict[str, tuple[float, ...]] = {}
    for name in (WORK, OFF, FASTING):
        guess = whole.hours[name] if whole else up_before_dawn(hours[WORK]) if name == FASTING else EVEN
        hours[name] = _hours(said, calendar, name, weights, guess)
    return Shape(weekday, hours, {})


def up_before_dawn(hours: tuple[float, ...]) -> tuple[float, ...]:
    """Return hours as they are likely to be while people fast, before a day of it is known."""
    return tuple(max(share, BEFORE_DAWN.get(hour, 0.0) / HOURS) for hour, share in enumerate(hours))


def _brought_down(days: dict[int, float], weights: Weights) -> dict[int, float]:
    counts = {day: days.get(day, 0.0) for day in weights}
    usual = median(counts.values()) if counts else 0.0
    most = usual + FAR_OUT * math.sqrt(usual + 0.1 * usual * usual) + 2
    return {day: min(count, most) for day, count in counts.items()}


def _weekdays(counts: dict[int, float], calendar: Days, weights: Weights, whole: Shape | None) -> tuple[float, ...]:
    heavy = sum(weights.values())
    mean = sum(weights[day] * count for day, count in counts.items()) / heavy if heavy else 0.0
    if not mean:
        return whole.weekday if whole else FLAT
    found = []
    for weekday in range(7):
        of_it = [day for day in counts if calendar.weekday(day) == weekday]
        said, meant = sum(weights[day] * counts[day] for day in of_it), sum(weights[day] for day in of_it) * mean
        prior = whole.weekday[weekday] if whole else 1.0
        borrowed = DAY_PRIOR if whole else mean / 2
        found.append((said + borrowed * prior) / (meant + borrowed))
    return tuple(found)


def _hours(
    hours: dict[int, float], calendar: Days, name: str, weights: Weights, prior: tuple[float, ...]
) -> tuple[float, ...]:
    days = [day for day in weights if calendar.group(day) == name]
    sums = []
    for hour in range(HOURS):
        counts = [hours.get(day * HOURS + hour, 0.0) for day in days]
        usual = _upper_median(counts)
        most = usual + FAR_OUT * math.sqrt(usual + 0.1 * usual * usual) + 1
        sums.append(sum(weights[day] * min(count, most) for day, count in zip(days, counts, strict=True)))
    total = sum(sums) + HOUR_PRIOR
    return tuple((one + HOUR_PRIOR * share) / total for one, share in zip(sums, prior, strict=True))


def _upper_median(counts: list[float]) -> float:
    """Return the median, or the mean where that says nothing of rare messages."""
    if not counts:
        return 0.0
    middle = median(counts)
    return middle if middle >= 2 else max(middle, min(2.0, sum(counts) / len(counts)))


def _usual(history: History, calendar: Days, shapes: dict[str, Shape], weights: Weights) -> dict[Scope, Usual]:
    found: dict[Scope, Usual] = {}
    meant = {
        intent: sum(weight * shape.weekday[calendar.weekday(day)] for day, weight in weights.items())
        for intent, shape in shapes.items()
    }
    for scope in sorted(history.scopes, key=lambda it: it.named):
        counts = _brought_down(history.scopes[scope], weights)
        said = sum(weights[day] * count for day, count in counts.items())
        prior = _from_margins(scope, found)
        days = SCOPE_PRIOR_DAYS if prior is not None else 0.0
        mean = (said + days * (prior or 0.0)) / max(meant.get(scope.intent or ALL, 0.0) + days, 1e-9)
        found[scope] = Usual(max(mean, 0.05), said)
    return found


def _from_margins(scope: Scope, found: dict[Scope, Usual]) -> float | None:
    """Return what a narrow scope would have if its parts had nothing to do with each other."""
    if scope.named < 2 or EVERYTHING not in found:
        return None
    whole = found[EVERYTHING].a_day
    margins = (Scope(scope.intent), Scope(None, scope.platform), Scope(None, None, scope.channel))
    parts = [it for it, given in zip(margins, scope.parts, strict=True) if given is not None]
    if whole <= 0 or any(it not in found for it in parts):
        return None
    return whole * math.prod(found[it].a_day / whole for it in parts)


def _wander(
    history: History, calendar: Days, shapes: dict[str, Shape], usual: dict[Scope, Usual], weights: Weights
) -> dict[str, float]:
    found: dict[str, float] = {}
    pooled: list[float] = []
    for intent in shapes:
        a_day = usual[Scope(intent or None)].a_day if Scope(intent or None) in usual else 0.0
        steps = list(_steps(history.hours.get(intent, {}), calendar, shapes[intent], a_day, weights))
        if intent != ALL:
            pooled += steps
        if len(steps) >= 50:
            found[intent] = _variance(steps)
    common = max(_variance(pooled) if len(pooled) >= 50 else USUAL_WANDER, LEAST_WANDER)
    return {intent: min(MOST_WANDER, max(found.get(intent, common), common)) for intent in shapes}


def _steps(hours: dict[int, float], calendar: Days, shape: Shape, a_day: float, weights: Weights) -> Iterable[float]:
    """Yield the squared change of the level from each hour to the next, less what chance alone makes of it."""
    for day in weights:
        weekday = calendar.weekday(day)
        meant = [a_day * shape.weekday[weekday] * share for share in shape.hours[calendar.group(day)]]
        for hour in range(1, HOURS):
            before, now = meant[hour - 1], meant[hour]
            if min(before, now) < ENOUGH_AN_HOUR:
                continue
            said_before, said = hours.get(day * HOURS + hour - 1, 0.0), hours.get(day * HOURS + hour, 0.0)
            change = math.log((said + 0.5) / (now + 0.5)) - math.log((said_before + 0.5) / (before + 0.5))
            yield change * change - 1 / now - 1 / before


def _clumps(
    history: History, calendar: Days, shapes: dict[str, Shape], usual: dict[Scope, Usual], weights: Weights
) -> float:
    """Return the variance of rare messages, as a multiple of what chance alone makes of it (quasi-Poisson)."""
    found: list[float] = []
    for intent, shape in shapes.items():
        a_day, hours = usual.get(Scope(intent or None), Usual(0, 0)).a_day, history.hours.get(intent, {})
        for day in weights:
            weekday = calendar.weekday(day)
            for hour, share in enumerate(shape.hours[calendar.group(day)]):
                meant = a_day * shape.weekday[weekday] * share
                if SPARSE <= meant <= ENOUGH_AN_HOUR:
                    found.append((hours.get(day * HOURS + hour, 0.0) - meant) ** 2 / meant)
    if len(found) < ENOUGH_HOURS:
        return USUAL_CLUMPS
    kept = sorted(found)[: len(found) * 99 // 100]
    return min(MOST_CLUMPS, max(1.0, TRIMMED_LITTLE * sum(kept) / len(kept)))


def _variance(steps: list[float]) -> float:
    """Return the mean without the far-out twentieth: an outage in the past is no habit."""
    ordered = sorted(steps)
    kept = ordered[: max(1, len(ordered) * 95 // 100)]
    return max(LEAST_WANDER, TRIMMED * sum(kept) / len(kept))
