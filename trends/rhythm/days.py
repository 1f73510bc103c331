"""What kind of day it is: a weekday, a holiday, a day of the fasting month, on which people write before dawn, or a day
of a wave, which is busy and must not alarm by that alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from records.clock import WIB, wib

ORDINARY = "ordinary"
OPENING, OPEN, CLOSING, ANNOUNCED, AFTER = "opening", "open", "closing", "announced", "after"
WORK, OFF, FASTING = "work", "off", "fasting"
"""Days that share their hours."""
WEEKEND, SUNDAY = 5, 6
MINUTES_A_DAY = 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WIB_MINUTES = 7 * 60


@dataclass(frozen=True)
class WaveDates:
    """When a wave opened, closed and was decided; what is not known stays empty."""

    opens_at: datetime | None
    closes_at: datetime | None
    decided_at: datetime | None


@dataclass
class Days:
    """The calendar the rhythm follows."""

    holidays: frozenset[date] = frozenset()
    waves: tuple[WaveDates, ...] = ()
    fasting: frozenset[date] = frozenset()
    _kinds: dict[int, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Give every day of a wave its kind, the loudest last."""
        for it in self.waves:
            if it.opens_at and it.closes_at:
                self._mark(range(_day(it.opens_at) + 1, _day(it.closes_at)), OPEN)
        for it in self.waves:
            self._mark((_day(at) + 1 for at in (it.opens_at, it.decided_at) if at), AFTER)
        for kind, moments in (
            (CLOSING, [it.closes_at for it in self.waves]),
            (OPENING, [it.opens_at for it in self.waves]),
            (ANNOUNCED, [it.decided_at for it in self.waves]),
        ):
            self._mark((_day(at) for at in moments if at), kind)

    def _mark(self, days: Iterable[int], kind: str) -> None:
        self._kinds.update(dict.fromkeys(days, kind))

    def kind(self, day: int) -> str:
        """Return what a wave makes of this day."""
        return self._kinds.get(day, ORDINARY)

    def of_waves(self) -> dict[int, str]:
        """Return every day of a wave with its kind."""
        return self._kinds

    def weekday(self, day: int) -> int:
        """Return the weekday it is like: a holiday is like a Sunday."""
        the_date = date_of(day)
        return SUNDAY if the_date in self.holidays else the_date.weekday()

    def fasts(self, day: int) -> bool:
        """Say whether people fast on this day."""
        return bool(self.fasting) and date_of(day) in self.fasting

    def group(self, day: int) -> str:
        """Return whose hours this day has, if it is no day of a wave."""
        if self.fasts(day):
            return FASTING
        return OFF if self.weekday(day) >= WEEKEND else WORK


def minute_of(moment: datetime) -> int:
    """Return the minute a moment falls in, counted from 1970."""
    return int((moment - EPOCH).total_seconds() // 60)


def moment_of(minute: int) -> datetime:
    """Return when a minute begins."""
    return EPOCH + timedelta(minutes=minute)


def day_of(minute: int) -> int:
    """Return the WIB day of a minute, counted from 1970."""
    return (minute + WIB_MINUTES) // MINUTES_A_DAY


def hour_of(minute: int) -> int:
    """Return the WIB hour of a minute, counted from 1970."""
    return (minute + WIB_MINUTES) // 60


def first_minute(day: int) -> int:
    """Return the first minute of a WIB day."""
    return day * MINUTES_A_DAY - WIB_MINUTES


def date_of(day: int) -> date:
    """Return a day as a date."""
    return date(1970, 1, 1) + timedelta(days=day)


def day_number(the_date: date) -> int:
    """Return a date as the number of its day."""
    return (the_date - date(1970, 1, 1)).days


def _day(moment: datetime) -> int:
    return day_number(wib(moment).date()) if moment.tzinfo else day_number(moment.replace(tzinfo=WIB).date())
