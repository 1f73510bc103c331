"""The problems of one file while it is examined: all of them counted, the first of them kept."""

from registry.importing.report import KEPT_PROBLEMS, Problem


class Problems:
    """What is wrong in one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.count = 0
        self.kept: list[Problem] = []

    def add(self, line: int | None, column: str | None, reason: str, advice: str, count: int = 1) -> None:
        """Write down a problem; `count` says for how many rows it stands."""
        self.count += count
        if len(self.kept) < KEPT_PROBLEMS:
            self.kept.append(Problem(self._file, line, column, reason, advice, count))
