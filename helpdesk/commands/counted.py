"""How many messages are written, on a bar where there is a terminal, else as lines."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def bar(console: Console, total: int) -> Iterator[tuple["Said", "Counted"]]:
    """Show how far so many messages are: what to say lines to, and what to tell the count."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("messages", total=total)
        yield Said(bars, task), Counted(bars, task)


class Said:
    """Says what is done now, on the bar where there is one, else as a line."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def __call__(self, line: str) -> None:
        """Say it."""
        if self._bars.disable:
            self._bars.console.print(f"  {line}", markup=False, highlight=False)
        else:
            self._bars.update(self._task, description=line)


class Counted:
    """Tells the bar how many messages are written."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def __call__(self, count: int) -> None:
        """Tell it."""
        self._bars.update(self._task, completed=count)
