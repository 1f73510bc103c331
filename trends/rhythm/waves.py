"""What waves do: how much more of each intent comes on the day one opens, closes or is decided, and at which hours.

Learned from the waves so far; before the first, what everybody expects: people ask about the wave.
"""

from collections.abc import Iterable

from trends.rhythm.baseline import ABOUT_WAVES, HOURS, Shape
from trends.rhythm.days import AFTER, ANNOUNCED, CLOSING, OPEN, OPENING, ORDINARY, Days
from trends.rhythm.history import ALL, History

KINDS = (OPENING, OPEN, CLOSING, ANNOUNCED, AFTER)
FIRST_TIME = {OPENING: 3.0, CLOSING: 2.0, ANNOUNCED: 4.0, OPEN: 1.3, AFTER: 1.5}
FIRST_TIME_OTHERS = {OPENING: 1.3, CLOSING: 1.2, ANNOUNCED: 1.5, OPEN: 1.1, AFTER: 1.2}
AROUND_DAYS = 14
FACTOR_PRIOR, HOUR_PRIOR = 10.0, 150.0


def wave_shapes(history: History, calendar: Days, shapes: dict[str, Shape], today: int) -> None:
    """Give every shape its factors and hours of the days of waves."""
    past = {
        kind: [day for day, its in calendar.of_waves().items() if its == kind and day < today and _known(history, day)]
        for kind in KINDS
    }
    for kind, days in past.items():
        whole = shapes[ALL]
        whole.waves[kind] = _factor(history, calendar, whole, ALL, days, FIRST_TIME_OTHERS[kind])
        whole.hours[kind] = _hours(history.hours[ALL], days, whole.hours["work"])
        for intent, shape in shapes.items():
            if intent == ALL:
                continue
            first = FIRST_TIME if intent in ABOUT_WAVES else FIRST_TIME_OTHERS
            prior = whole.waves[kind] if days else first[kind]
            shape.waves[kind] = _factor(history, calendar, shape, intent, days, prior)
            shape.hours[kind] = _hours(history.hours.get(intent, {}), days, whole.hours[kind])


def _known(history: History, day: int) -> bool:
    return history.days[ALL].get(day, 0) > 0


def _factor(history: History, calendar: Days, shape: Shape, intent: str, days: Iterable[int], prior: float) -> float:
    said = meant = 0.0
    counts = history.days.get(intent, {})
    for day in days:
        around = [it for it in range(day - AROUND_DAYS, day + AROUND_DAYS) if calendar.kind(it) == ORDINARY]
        known = [it for it in around if _known(history, it)]
        if known:
            said += counts.get(day, 0.0)
            meant += sum(counts.get(it, 0.0) / shape.weekday[calendar.weekday(it)] for it in known) / len(known)
    return (said + FACTOR_PRIOR * prior) / (meant + FACTOR_PRIOR)


def _hours(hours: dict[int, float], days: Iterable[int], prior: tuple[float, ...]) -> tuple[float, ...]:
    sums = [sum(hours.get(day * HOURS + hour, 0.0) for day in days) for hour in range(HOURS)]
    total = sum(sums) + HOUR_PRIOR
    return tuple((one + HOUR_PRIOR * share) / total for one, share in zip(sums, prior, strict=True))
