"""Working time: when a team works, which days are off, and how much of the time between two moments was worked.

Hours are minutes of the day in WIB, by weekday from Monday. A day begins and ends within itself: no team works past
midnight in one go; a night shift is told as two days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from records.clock import WIB, wib
from records.holidays import YEARS, holiday

DAY = timedelta(days=1)
MIDNIGHT = 24 * 60
MOST_DAYS = 4_000
"""The longest promise of the smallest team ends before that."""
LEAST_MINUTES = 5 * 60

type Hours = Mapping[int, tuple[int, int]]
DEFAULT_HOURS: Hours = {**dict.fromkeys(range(5), (8 * 60, 20 * 60)), 5: (8 * 60, 14 * 60)}
"""Monday to Friday 08.00-20.00, Saturday 08.00-14.00."""


class NeverOpen(ValueError):
    """Hours in which next to nobody works."""


@dataclass(frozen=True)
class Calendar:
    """The days off as far as they are known; what staff changed goes before the decrees."""

    changed: Mapping[date, str | None] = field(default_factory=dict)
    """A name where the day is off, None where it is worked after all."""
    years: frozenset[int] = frozenset()
    """Years staff entered to the last."""

    def name(self, day: date) -> str | None:
        """Return why this day is off, or None."""
        return self.changed[day] if day in self.changed else holiday(day)

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are known; otherwise only weekends are."""
        return year in YEARS or year in self.years


@dataclass(frozen=True)
class WorkingTime:
    """When one team works."""

    hours: Hours = field(default_factory=lambda: DEFAULT_HOURS)
    calendar: Calendar = field(default_factory=Calendar)

    def __post_init__(self) -> None:
        if sum(max(closes - opens, 0) for opens, closes in self.hours.values()) < LEAST_MINUTES:
            raise NeverOpen("Isi jam kerja paling sedikit lima jam seminggu.")

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when work begins and ends on a day; None when nobody works."""
        opens, closes = self.hours.get(day.weekday(), (0, 0))
        if opens >= closes or self.calendar.name(day):
            return None
        midnight = datetime.combine(day, time(), WIB)
        return midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)

    def worked_at(self, moment: datetime) -> bool:
        """Whether somebody works then."""
        hours = self.on(wib(moment).date())
        return hours is not None and hours[0] <= moment < hours[1]

    def opening(self, moment: datetime) -> datetime:
        """Return the moment itself while somebody works, else when work begins again."""
        for opens, closes in self._from(moment):
            if moment < closes:
                return max(opens, moment)
        raise NeverOpen("Tidak ada hari kerja.")

    def after(self, moment: datetime, work: timedelta) -> datetime:
        """Return the moment at which so much has been worked since; work that ends with a day ends that evening."""
        for opens, closes in self._from(moment):
            begins = max(opens, moment)
            if begins + work <= closes:
                return begins + work
            work -= max(closes - begins, timedelta())
        raise NeverOpen("Tidak ada hari kerja.")

    def between(self, since: datetime, until: datetime) -> timedelta:
        """Return how much was worked between two moments; nothing when the second comes first."""
        worked = timedelta()
        for opens, closes in self._from(since):
            if opens >= until:
                break
            worked += max(min(closes, until) - max(opens, since), timedelta())
        return worked

    def unsure_until(self, moment: datetime, now: datetime) -> bool:
        """Whether a day off that nobody has entered yet may lie before a moment."""
        return any(not self.calendar.knows(year) for year in range(wib(now).year, wib(moment).year + 1))

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = wib(moment).date()
        for _ in range(MOST_DAYS):
            if hours := self.on(day):
                yield hours
            day += DAY
