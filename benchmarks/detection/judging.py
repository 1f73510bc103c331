"""Judging: which alarms are about an outage, how late they came, and which were about nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.detection.outages import Outage
from benchmarks.detection.years import Year
from benchmarks.figures import quantile
from trends.rhythm.scope import Scope

AFTERWARDS = 90
"""Minutes after an outage in which an alarm about it is late, not false."""
QUIET = 60
"""An alarm of a rival is a new one after so many quiet minutes: generous to those that flicker."""


@dataclass(frozen=True)
class Alarm:
    """What somebody was called for."""

    minute: int
    scope: Scope


@dataclass(frozen=True)
class Verdict:
    """What a method made of a year."""

    months: float
    found: dict[Outage, int]
    """Outage → minutes from its beginning (of a creeping one: from when it was real) to the alarm."""
    missed: list[Outage]
    false: list[Alarm]

    @property
    def false_a_month(self) -> float:
        """How often somebody was called for nothing."""
        return len(self.false) / self.months

    def delays(self, among: Iterable[Outage]) -> list[float]:
        """Return the delays of those of these outages that were found."""
        return [float(self.found[it]) for it in among if it in self.found]


def judge(year: Year, alarms: Sequence[Alarm], first: int) -> Verdict:
    """Judge the alarms from the minute `first` on."""
    found: dict[Outage, int] = {}
    false = []
    known = [it for it in year.outages if it.begins >= first]
    for alarm in alarms:
        if alarm.minute < first:
            continue
        about = [
            it for it in year.outages if it.begins < alarm.minute <= it.ends + AFTERWARDS and it.explains(alarm.scope)
        ]
        if not about:
            false.append(alarm)
        for it in about:
            if alarm.minute <= it.ends and it not in found and it in known:
                since = year.real_from.get(it, it.begins)
                found[it] = max(0, alarm.minute - since)
    missed = [it for it in known if it not in found]
    return Verdict((year.world.end - first) / (30.44 * 1440), found, missed, false)


def flickering(crossings: Iterable[tuple[int, Scope]]) -> list[Alarm]:
    """Return one alarm for all crossings that follow each other."""
    alarms: list[Alarm] = []
    last = None
    for minute, scope in crossings:
        if last is None or minute - last > QUIET:
            alarms.append(Alarm(minute, scope))
        last = minute
    return alarms


def row(verdict: Verdict, among: Sequence[Outage]) -> dict[str, float | int | None]:
    """Return the figures of these outages."""
    delays = verdict.delays(among)
    return {
        "outages": len(among),
        "found": len(delays),
        "median_delay_min": quantile(delays, 0.5) if delays else None,
        "p90_delay_min": quantile(delays, 0.9) if delays else None,
    }
