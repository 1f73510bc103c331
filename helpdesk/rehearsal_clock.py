"""The rehearsal clock's file: started, carried on after a stop, moved forward; never back.

The supervisor anchors it anew every few seconds, so that after a stop, or a power cut, it continues where it stood.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.places import write_whole
from records.clock import WIB, Clock, RehearsalClock, system_clock

OPENING = datetime(2020, 8, 24, 10, 0, tzinfo=WIB)
"""Monday, 24 August 2020, 10:00 WIB."""


class ClockWouldGoBack(Exception):
    """The rehearsal cannot be moved to before what has already happened in it."""

    def __init__(self, stands_at: datetime) -> None:
        way_out = "its clock only moves forward. To begin anew: helpdesk up --fresh"
        super().__init__(f"The rehearsal stands at {said(stands_at)}; {way_out}")


def moment(text: str) -> datetime:
    """Read a time as people write it: without an offset it is WIB."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=WIB)


def said(when: datetime) -> str:
    """Write a time as it is shown."""
    return when.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S WIB")


def stands_at(path: Path, real: Clock = system_clock) -> datetime | None:
    """Return what the clock reads now, or None when there is no rehearsal."""
    return RehearsalClock(path, real)() if path.exists() else None


def resume(path: Path, as_of: datetime | None, real: Clock = system_clock) -> datetime:
    """Start the clock where it stopped, at the opening the first time, or at a later time asked for."""
    with _alone(path):
        stopped_at = _anchor(path)
        if as_of and stopped_at and as_of < stopped_at:
            raise ClockWouldGoBack(stopped_at)
        begin = as_of or stopped_at or OPENING
        _write(path, begin, real())
        return begin


def move(path: Path, to: datetime, real: Clock = system_clock) -> datetime:
    """Move the running clock forward."""
    with _alone(path):
        now = RehearsalClock(path, real)()
        if to < now:
            raise ClockWouldGoBack(now)
        _write(path, to, real())
        return to


def beat(path: Path, real: Clock = system_clock) -> None:
    """Anchor the running clock at the present moment; it reads the same as before."""
    if path.exists():
        with _alone(path):
            now = real()
            _write(path, RehearsalClock(path, lambda: now)(), now)


def _anchor(path: Path) -> datetime | None:
    return datetime.fromisoformat(json.loads(path.read_text())["rehearsal_at"]) if path.exists() else None


def _write(path: Path, rehearsal_at: datetime, real_at: datetime) -> None:
    both = {"rehearsal_at": rehearsal_at.astimezone(UTC).isoformat(), "real_at": real_at.isoformat()}
    write_whole(path, json.dumps(both))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
