"""The rehearsal clock, read from the file it shares with the help desk.

The simulator is an outsider, so it reads the file itself: {"rehearsal_at": iso, "real_at": iso}.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

type Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Tell the time of the machine."""
    return datetime.now(UTC)


class RehearsalClock:
    """Runs at real speed from the moment written in a file; reads it again when it changes."""

    def __init__(self, path: Path, real: Clock = real_clock) -> None:
        self._path, self._real = path, real
        self._stamp, self._looked_at = 0, 0.0
        self._shift = timedelta()

    def __call__(self) -> datetime:
        """Tell the rehearsed time."""
        now = self._real()
        # messages come by the thousand: look at the file four times a second, no more
        if abs(now.timestamp() - self._looked_at) > 0.25:
            self._looked_at = now.timestamp()
            self._look()
        return now + self._shift

    def _look(self) -> None:
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if stamp == self._stamp:
            return
        try:
            written = json.loads(self._path.read_text(encoding="utf-8"))
        except json.JSONDecodeError:
            return  # being written this moment: the next look reads it
        rehearsal, real = (datetime.fromisoformat(written[key]) for key in ("rehearsal_at", "real_at"))
        self._shift, self._stamp = rehearsal - real, stamp
