"""Playing a year: every minute is told to the method and its rivals, and every night both learn from the day."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.detection.judging import Alarm
from benchmarks.detection.rivals import BIN, Rivals
from benchmarks.detection.years import Year
from trends.rhythm.days import day_of, first_minute
from trends.rhythm.history import History
from trends.rhythm.learning import WEEKS, learn
from trends.rhythm.listening import Listening
from trends.rhythm.scan import Strictness

RIVALS_LEAST = 5
LEARNS_EVERY = 3
"""Days between two lessons: the desk learns every night, which changes little and takes three times as long here."""


@dataclass
class Played:
    """What a year brought."""

    alarms: list[Alarm]
    rivals: Rivals
    complaints: int


def play(
    year: Year,
    warm_up: int,
    *,
    strict: Strictness | None = None,
    with_ours: bool = True,
    with_rivals: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Played:
    """Play a year; for `warm_up` days there is only learning."""
    history, calendar, rivals = History(), year.world.calendar(), Rivals()
    first = year.world.first
    listening = Listening(learn(history, calendar, first), strict or Strictness())
    alarms: list[Alarm] = []
    total, binned = 0, set()
    for minute, came in year.minutes():
        day = day_of(minute)
        if minute == first_minute(day):
            if day - first >= warm_up and (day - first - warm_up) % LEARNS_EVERY == 0:
                history.forget_before(day - 7 * WEEKS)
                if with_ours:
                    listening.baseline = learn(history, calendar, day)
                rivals.settle()
            if (day - first) % 30 == 0:
                tell(f"day {day - first} of {year.world.days}, {total:,} complaints, {len(alarms)} alarms")
        arrived = [(*leaf, float(count)) for leaf, count in came.items()]
        for intent, platform, channel, count in arrived:
            history.add(intent, platform, channel, minute, count)
            total += int(count)
        listening.recent.tell(minute, arrived)
        touched = listening.recent.touched(minute)
        if day - first >= warm_up:
            if with_ours:
                alarms += [Alarm(minute + 1, it.scope) for it in listening.look(minute + 1, touched).opened]
            if with_rivals:
                rivals.look(listening.recent, minute + 1, touched, RIVALS_LEAST)
        if with_rivals:
            binned |= touched
            if (minute + 1) % BIN == 0:
                rivals.learn(listening.recent, minute + 1, binned)
                binned = set()
    return Played(alarms, rivals, total)
