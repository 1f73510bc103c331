"""The ground truth on disk: an append-only journal that is read back at start.

Every change of state is a journal record; the function that applies it is the same at run time and at replay, so a
killed simulator comes back with its chats and its pending updates.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """Writes records down, then applies them.

    Args:
        path: the file; None keeps everything in memory (tests).
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: int | None = None
        self._apply: dict[str, Callable[..., None]] = {}
        self._forget: list[Callable[[], None]] = []

    def on(self, kind: str, apply: Callable[..., None]) -> None:
        """Name the function that applies records of a kind."""
        self._apply[kind] = apply

    def on_reset(self, forget: Callable[[], None]) -> None:
        """Name a function that forgets everything."""
        self._forget.append(forget)

    def record(self, kind: str, *data: Any) -> None:
        """Write a record and apply it."""
        if self._file is not None:
            # unbuffered: what the kernel has survives our death
            os.write(self._file, orjson.dumps([kind, *data]) + b"\n")
        self._apply[kind](*data)

    def open(self) -> int:
        """Replay what is there, then stand ready to append; say how many records there were."""
        if self._path is None:
            return 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        count = self._replay()
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return count

    def _replay(self) -> int:
        if self._path is None or not self._path.exists():
            return 0
        count, whole = 0, 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break  # cut short by a kill: it never took effect
                kind, *data = orjson.loads(line)
                self._apply[kind](*data)
                count, whole = count + 1, whole + len(line)
        os.truncate(self._path, whole)
        return count

    def reset(self) -> None:
        """Forget everything, on disk too."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
        for forget in self._forget:
            forget()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
