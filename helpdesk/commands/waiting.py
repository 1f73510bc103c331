"""What a person sees while the system starts: what became ready, and what is still waited for."""

import re
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from helpdesk import state as board
from helpdesk.places import Places
from helpdesk.settings import SystemSettings

STAMP = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ (INFO|WARNING|ERROR) ")
QUIET_SECONDS = 10.0


class Waiting:
    """Shows the supervisor's lines as they come, and in between what is still waited for."""

    def __init__(self, console: Console, settings: SystemSettings) -> None:
        self._console = console
        self._places = Places(settings.var)
        self._status: Status | None = console.status("starting …") if console.is_terminal else None
        self._shown_at = time.monotonic()

    def __enter__(self) -> Self:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._status:
            self._status.stop()

    def tell(self, line: str) -> None:
        """Show one line of the supervisor's log."""
        self._shown_at = time.monotonic()
        self._console.print("  " + STAMP.sub("", line), highlight=False, markup=False, soft_wrap=True)

    def tick(self) -> None:
        """Show what is still waited for: at once on a terminal, now and then in a log."""
        text = self._waited_for()
        if self._status:
            self._status.update(text)
        elif time.monotonic() - self._shown_at > QUIET_SECONDS:
            self._shown_at = time.monotonic()
            self._console.print("  " + text, highlight=False, markup=False)

    def _waited_for(self) -> str:
        state = board.read(self._places.state)
        if state is None:
            return "starting …"
        started = [part.name for part in state.parts.values() if part.state in ("starting", "restarting")]
        seconds = (board.now() - state.started_at).total_seconds()
        last = self._last_words() if "rehearsal" in started else ""
        return f"{seconds:.0f} s: waiting for {', '.join(started) or 'the next part'} {last}"

    def _last_words(self) -> str:
        log = self._places.log("rehearsal")
        lines = log.read_text().splitlines() if log.exists() else []
        return f"({lines[-1]})" if lines else ""
