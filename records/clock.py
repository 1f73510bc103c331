"""The one clock: everything that says "now" about the programme or a promise is given one of these.

Times are kept in UTC and shown in WIB. The rehearsal clock lets the whole house live on 24 August 2020 while leases and
retries, which are machinery, go on by real time.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

Clock = Callable[[], datetime]

WIB = timezone(timedelta(hours=7), "WIB")


def system_clock() -> datetime:
    """Return the real time in UTC."""
    return datetime.now(UTC)


class RehearsalClock:
    """A clock moved to another day; the file that says how far is read again whenever it changes.

    The file holds {"rehearsal_at": iso, "real_at": iso}: at the real time `real_at` the rehearsal read `rehearsal_at`.
    """

    def __init__(self, path: Path, real: Clock = system_clock) -> None:
        self._path = path
        self._real = real
        self._read_at_ns = -1
        self._offset = timedelta()

    def __call__(self) -> datetime:  # noqa: D102
        changed_ns = self._path.stat().st_mtime_ns
        if changed_ns != self._read_at_ns:
            said = json.loads(self._path.read_text())
            self._offset = datetime.fromisoformat(said["rehearsal_at"]) - datetime.fromisoformat(said["real_at"])
            self._read_at_ns = changed_ns
        return self._real() + self._offset


def clock_from(path: Path | None) -> Clock:
    """Return the rehearsal clock where a file is named, else the real one."""
    return RehearsalClock(path) if path else system_clock


def wib(moment: datetime) -> datetime:
    """Return the same moment as people in Jakarta read it."""
    return moment.astimezone(WIB)


def midnight(day: date, *, after: bool = False) -> datetime:
    """Return the moment a day in Jakarta begins, or ends."""
    return datetime.combine(day + timedelta(days=after), time(), WIB)
