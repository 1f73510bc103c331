"""A week as people in Jakarta have it: Monday to Sunday, called after ISO 8601 (2020-W34)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from records.clock import midnight, wib
from trends.within import Within

CALLED = re.compile(r"(\d{4})-W(\d{1,2})")
A_WEEK = timedelta(days=7)
FIRST_YEAR = 2000
"""Nobody wrote before, and the first years of the calendar have no week before them."""


class NoSuchWeek(ValueError):
    """Words that name no week."""


@dataclass(frozen=True, order=True)
class Week:
    """Seven days from a Monday."""

    first: date

    @classmethod
    def named(cls, said: str) -> Self:
        """Return the week that is called so; raises NoSuchWeek."""
        match = CALLED.fullmatch(said.strip().upper())
        try:
            if match and int(match[1]) >= FIRST_YEAR:
                return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            pass
        raise NoSuchWeek(f"{said!r} is no week; a week is written 2020-W34")

    @classmethod
    def of(cls, moment: datetime | date) -> Self:
        """Return the week of a moment or day."""
        day = wib(moment).date() if isinstance(moment, datetime) else moment
        return cls(day - timedelta(days=day.weekday()))

    @property
    def name(self) -> str:
        """How it is called: 2020-W34."""
        year, number, _ = self.first.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        """Which of the year it is."""
        return self.first.isocalendar().week

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + A_WEEK - timedelta(days=1)

    @property
    def over_at(self) -> datetime:
        """When it is over."""
        return midnight(self.first + A_WEEK)

    @property
    def within(self) -> Within:
        """The week as a range of the trends."""
        return Within(self.first, self.last)

    def before(self) -> Self:
        """Return the week before."""
        return type(self)(self.first - A_WEEK)

    def after(self) -> Self:
        """Return the week after."""
        return type(self)(self.first + A_WEEK)
