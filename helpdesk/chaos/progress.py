"""What a person sees of a long run: how far it is, how many were killed, what was said, what is being done now."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from helpdesk.chaos.run import Look, Watch

QUIET_SECONDS = 10.0


class Shown:
    """A bar on a terminal; a line now and then in a log."""

    def __init__(self, console: Console, quiet: bool = False) -> None:
        self._console, self._quiet, self._told = console, quiet, 0.0
        bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*bar, console=console, disable=quiet or not console.is_terminal)
        self._task = self._bar.add_task("chaos", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    @property
    def watch(self) -> Watch:
        """What a run is given to tell."""
        return Watch(self._tell, self._look)

    def _tell(self, line: str) -> None:
        if not self._quiet:
            self._console.print("  " + line, highlight=False, markup=False, soft_wrap=True)

    def _look(self, look: Look) -> None:
        killed = f"{look.kills} kills, {look.fired} failpoints"
        self._bar.update(
            self._task,
            total=look.of,
            completed=look.at,
            description=f"{killed}, {look.said} said, {look.taken_over} taken over",
        )
        now = time.monotonic()
        if not self._console.is_terminal and now - self._told > QUIET_SECONDS:
            self._told = now
            self._tell(f"{look.at}/{look.of}: {killed}, {look.said} said, {look.taken_over} taken over; now {look.now}")
