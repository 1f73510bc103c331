"""How busy each hour of the year is: time of day, weekday, holidays, fasting month, waves, deadlines, and chance."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from helpdesk.rehearsing.matters import MATTERS, THEMES
from helpdesk.rehearsing.waves import FIRST_PURCHASE, Wave, between
from records.clock import WIB, wib
from records.holidays import holiday

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FASTING = (
    (date(2020, 4, 24), date(2020, 5, 23)),
    (date(2021, 4, 13), date(2021, 5, 12)),
    (date(2022, 4, 3), date(2022, 5, 1)),
    (date(2023, 3, 23), date(2023, 4, 21)),
)
"""Ramadan; the two days after it are Lebaran."""
WEEKDAYS = (1.12, 1.08, 1.04, 1.03, 0.98, 0.72, 0.60)
FEAST, HOLIDAY = 0.25, 0.58
USUAL = ((10.0, 2.3, 1.0), (14.3, 2.2, 0.86), (20.0, 1.8, 0.94))
RESTING = ((11.0, 3.2, 0.9), (20.0, 2.2, 1.0))
ABSTAINING = ((9.8, 2.1, 0.9), (14.0, 1.9, 0.7), (20.6, 1.9, 1.1), (3.8, 0.8, 0.7))
"""Humps of a day: their hour, how wide, how tall."""
NIGHT = 0.03
CUT_OFF = (12, 15)
"""When what is left of a balance is lost."""


def _day(humps: tuple[tuple[float, float, float], ...]) -> tuple[float, ...]:
    heights = [
        NIGHT + sum(tall * math.exp(-(((hour + 0.5 - at) / wide) ** 2) / 2) for at, wide, tall in humps)
        for hour in range(24)
    ]
    return tuple(height * 24 / sum(heights) for height in heights)


HOURS = {"usual": _day(USUAL), "resting": _day(RESTING), "fasting": _day(ABSTAINING)}


@dataclass(frozen=True)
class Hour:
    """One hour and how much of each matter it brings, in weights."""

    begins: datetime
    rates: tuple[float, ...]


class Seasons:
    """The year as it is usual: what is merely busy is in it, outages are not."""

    def __init__(self, first: datetime, last: datetime, seed: int) -> None:
        self.first, self.last, self.random = first, last, Random(seed)
        self.waves: list[Wave] = between(first, last)

    def hours(self) -> Iterator[Hour]:
        """Yield every hour in order."""
        draw, drift, of_day, level = self.random, 0.0, [1.0] * len(MATTERS), 1.0
        at, day = self.first, None
        while at < self.last:
            local = wib(at)
            if local.date() != day:
                day, level = local.date(), draw.lognormvariate(0, 0.07)
                of_day = [draw.lognormvariate(0, 0.11) for _ in MATTERS]
            drift = 0.8 * drift + draw.gauss(0, 0.05)
            whole = self._whole(local) * level * math.exp(drift)
            themes = dict(zip(THEMES, self._themes(local), strict=True))
            rates = tuple(whole * it.weight * themes[it.theme] * of_day[it.number] for it in MATTERS)
            # an hour that ends with the range counts for its part
            part = min(1.0, (self.last - at) / HOUR)
            yield Hour(at.astimezone(UTC), tuple(rate * part for rate in rates))
            at += HOUR

    def _whole(self, local: datetime) -> float:
        day = local.date()
        fasting = any(begins <= day <= ends for begins, ends in FASTING)
        feast = any(ends < day <= ends + 2 * DAY for _, ends in FASTING)
        off = holiday(day) is not None
        resting = off or day.weekday() >= 5
        factor = FEAST if feast else HOLIDAY if off else WEEKDAYS[day.weekday()]
        grown = 0.8 + 0.5 * (local - self.first) / (self.last - self.first)
        hours = HOURS["fasting" if fasting else "resting" if resting else "usual"]
        return factor * grown * hours[local.hour] * (0.93 if fasting else 1.0)

    def _themes(self, at: datetime) -> tuple[float, ...]:
        """Return by how much each theme is raised, in the order of THEMES."""
        buying = deadline = redeeming = finishing = entering = waving = paying = other = 1.0
        for it in self.waves:
            size = (it.quota / 600_000) ** 0.5
            if it.opens_at <= at < it.closes_at:
                waving += size * (5.0 * _left(at, it.opens_at, 9) + 1.2 + 2.5 * _left(it.closes_at, at, 5))
                entering += size * (2.2 * _left(at, it.opens_at, 14) + 0.7)
            if at >= it.decided_at:
                since = (at - it.decided_at) / DAY
                waving += size * 7.0 * _left(at, it.decided_at, 10)
                entering += size * 0.8 * _left(at, it.decided_at, 12)
                other += size * 0.4 * _left(at, it.decided_at, 12)
                buying += size * 0.9 * _hump(since, 5, 4)
                redeeming += size * 0.5 * _hump(since, 14, 8)
                finishing += size * 0.45 * _hump(since, 28, 12)
                paying += size * 0.4 * _hump(since, 42, 14)
                to_deadline = (it.decided_at + FIRST_PURCHASE - at) / DAY
                deadline += size * 3.5 * _hump(to_deadline, 1.2, 1.6)
                buying += size * 0.5 * _hump(to_deadline, 1.5, 1.8)
        before = (datetime(at.year, *CUT_OFF, 23, 59, tzinfo=WIB) - at) / DAY
        if 0 < before < 8:
            buying, deadline = buying + 1.6 * _hump(before, 1, 2), deadline + 2.5 * _hump(before, 1, 2)
        if any(-9 <= (at.date() - ends).days <= 0 for _, ends in FASTING):
            paying += 0.35
        return buying, deadline, redeeming, finishing, entering, waving, paying, other


def _left(at: datetime, since: datetime, hours: float) -> float:
    """Return how much is left of what began then and fades."""
    return math.exp(-((at - since) / HOUR) / hours)


def _hump(at: float, middle: float, wide: float) -> float:
    return math.exp(-(((at - middle) / wide) ** 2) / 2)
