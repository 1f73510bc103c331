"""What is remembered of the past: hours by intent, days by scope. All the learning needs, and no message."""

from collections import defaultdict
from dataclasses import dataclass, field

from trends.rhythm.days import day_of, hour_of
from trends.rhythm.scope import EVERYTHING, Scope, scopes_of

ALL = ""
"""Stands for every intent together."""

Hours = dict[str, dict[int, float]]


@dataclass
class History:
    """Counts of the past; `hours` and `days` by intent (and ALL), `scopes` by everything the detection looks at."""

    hours: Hours = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    """Intent → WIB hour → complaints; the last weeks, and the days of waves before them."""
    days: Hours = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    """Intent → WIB day → complaints, as far back as is known."""
    scopes: dict[Scope, dict[int, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    """Scope → WIB day → complaints of the last weeks."""

    def add(self, intent: str, platform: str, channel: str, minute: int, count: float) -> None:
        """Remember what came in a minute (or an hour that begins with it)."""
        self.add_hour(intent, hour_of(minute), count)
        self.add_day(intent, platform, channel, day_of(minute), count)

    def add_hour(self, intent: str, hour: int, count: float) -> None:
        """Remember an hour of an intent."""
        for key in (intent, ALL):
            self.hours[key][hour] += count

    def add_day(self, intent: str, platform: str, channel: str, day: int, count: float) -> None:
        """Remember a day of a scope."""
        self.add_day_of_intent(intent, day, count)
        for scope in scopes_of(intent, platform, channel):
            self.scopes[scope][day] += count

    def add_day_of_intent(self, intent: str, day: int, count: float) -> None:
        """Remember a day so long ago that only waves are learned from it."""
        for key in (intent, ALL):
            self.days[key][day] += count

    def forget_before(self, day: int) -> None:
        """Let go of the scopes' days before this one."""
        for days in self.scopes.values():
            for old in [it for it in days if it < day]:
                del days[old]

    @property
    def first_day(self) -> int | None:
        """The first day anything is known of."""
        return min(self.days[ALL], default=None)

    def of(self, scope: Scope) -> dict[int, float]:
        """Return a scope's days."""
        return self.scopes.get(scope) or ({} if scope != EVERYTHING else self.days[ALL])
