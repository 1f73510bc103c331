"""What is usual: how many complaints of a scope are expected between two minutes, and how far that wanders by itself.

A scope's expectation is its usual number on an ordinary day, spread over the day by its intent's curve. Curves know the
hour, the weekday, holidays and the days of waves.
"""

from dataclasses import dataclass, field
from functools import cached_property

from trends.rhythm.days import FASTING, MINUTES_A_DAY, ORDINARY, WIB_MINUTES, Days, day_of, first_minute
from trends.rhythm.history import ALL
from trends.rhythm.scope import Scope

HOURS = 24
ABOUT_WAVES = frozenset(
    {
        *("wave_schedule", "join_wave_failed", "selection_result", "ask_eligibility", "ask_how_to_register"),
        *("login_otp", "login_failed", "identity_verification_failed", "nik_already_registered"),
        *("blocked_by_other_data", "card_number_or_balance"),
    }
)
LEAST_A_DAY = 0.3
"""Expected of a scope never heard of."""
MATURE_DAYS = 14
CURVES_KEPT = 400


@dataclass
class Shape:
    """How an intent's complaints fall on days and hours."""

    weekday: tuple[float, ...]
    """Seven factors of an ordinary day."""
    hours: dict[str, tuple[float, ...]]
    """Share of each hour: of each group of days, and of each kind of wave day."""
    waves: dict[str, float]
    """Factor of each kind of wave day."""


@dataclass
class Usual:
    """How many of a scope are usual a day, and how many messages say so."""

    a_day: float
    known: float


@dataclass
class Baseline:
    """What was learned on a day."""

    calendar: Days
    shapes: dict[str, Shape]
    usual: dict[Scope, Usual]
    wander: dict[str, float]
    """Intent → variance of the level from one hour to the next."""
    wave_wander: tuple[float, float]
    """What the days of waves add to it: for most intents, and for those that are about waves."""
    days_known: float
    clumps: float = 1.0
    """How many messages one cause brings even when all is usual: friends write together."""
    _curves: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    @cached_property
    def intents(self) -> tuple[Scope, ...]:
        """Every intent by itself."""
        return tuple(it for it in self.usual if it.intent and it.named == 1)

    @cached_property
    def platforms(self) -> tuple[Scope, ...]:
        """Every platform by itself."""
        return tuple(it for it in self.usual if it.platform and it.named == 1)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """Every channel."""
        return tuple(it.channel for it in self.usual if it.channel and it.named == 1)

    def of(self, scope: Scope) -> Usual:
        """Return what is usual of a scope."""
        return self.usual.get(scope) or Usual(LEAST_A_DAY, 0.0)

    def expected(self, scope: Scope, start: int, end: int) -> float:
        """Return how many are expected from the minute `start` to before `end`."""
        return self.of(scope).a_day * self.share(scope.intent or ALL, start, end)

    def share(self, intent: str, start: int, end: int) -> float:
        """Return the part of an ordinary day's complaints that falls between two minutes."""
        first, place = divmod(start + WIB_MINUTES, MINUTES_A_DAY)
        if place + end - start <= MINUTES_A_DAY:
            curve = self._curves.get((intent, first)) or self._curve(intent, first)
            return curve[place + end - start] - curve[place]
        middle = first_minute(first + 1)
        return self.share(intent, start, middle) + self.share(intent, middle, end)

    def spread(self, scope: Scope, minute: int) -> float:
        """Return the variance of a scope's level that is nothing unusual at this minute."""
        intent = scope.intent or ALL
        wander = self.wander.get(intent, self.wander.get(ALL, 0.1))
        if self.calendar.kind(day_of(minute)) == ORDINARY:
            return wander
        return wander + (self.wave_wander[1] if intent in ABOUT_WAVES else self.wave_wander[0])

    @property
    def floor(self) -> float:
        """What is expected of anything while little is known: one message, less with every day."""
        return max(0.0, 1 - self.days_known / MATURE_DAYS)

    def _curve(self, intent: str, day: int) -> list[float]:
        key = (intent, day)
        if key not in self._curves:
            if len(self._curves) > CURVES_KEPT:
                self._curves.clear()
            self._curves[key] = self._draw(self.shapes.get(intent) or self.shapes[ALL], day)
        return self._curves[key]

    def _draw(self, shape: Shape, day: int) -> list[float]:
        kind, usual = self.calendar.kind(day), shape.weekday[self.calendar.weekday(day)]
        ordinary = kind == ORDINARY
        factor = usual if ordinary else shape.waves[kind]
        hours = [factor * share for share in shape.hours[self.calendar.group(day) if ordinary else kind]]
        if not ordinary and self.calendar.fasts(day):
            # a wave does not let people sleep longer
            hours = [max(hour, usual * share) for hour, share in zip(hours, shape.hours[FASTING], strict=True)]
        total, curve = 0.0, [0.0]
        for minute in range(MINUTES_A_DAY):
            place = (minute - 30) / 60 % HOURS
            hour, part = int(place), place % 1
            value = hours[hour] * (1 - part) + hours[(hour + 1) % HOURS] * part
            if not ordinary:
                # a surge begins with the hour, not half an hour before and after
                value = max(value, hours[minute // 60])
            total += value / 60
            curve.append(total)
        return curve
