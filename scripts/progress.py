"""What a person sees while set-up works: a line that moves on a terminal, a line now and then in a log.

Everything a program prints goes to the set-up log; addresses of package registries are struck out of it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

ADDRESS = re.compile(r"\b(?:https?|ftp|file)://[^\s'\"`)>]+")
PREFIX = re.compile(r"^[\d-]+ [\d:,.]+ +[A-Z]+ +[\w.]+ +- +")
QUIET_SECONDS = 10.0
SPINNER = "|/-\\"


class StepFailed(Exception):
    """A step ended badly; carries what to show: the title, the last lines, where the rest stands."""

    def __init__(self, title: str, tail: list[str], log: Path) -> None:
        super().__init__(title)
        self.title = title
        self.tail = tail
        self.log = log


def without_addresses(line: str) -> str:
    """Return the line with every address struck out."""
    return ADDRESS.sub("<address>", line)


def say(line: str) -> None:
    """Print one line at once, also into a pipe."""
    print(line, flush=True)


class Step:
    """One program run with its progress shown."""

    def __init__(self, title: str, log: Path) -> None:
        self._title = title
        self._log = log
        self._lines: list[str] = []
        self._began = time.monotonic()
        self._shown = self._began
        self._turn = 0

    def run(self, command: list[str], cwd: Path, env: dict[str, str]) -> None:
        """Run the program to its end; raises StepFailed when it does not end well."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            command, cwd=str(cwd), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        reader = threading.Thread(target=self._read, args=(process,), daemon=True)
        reader.start()
        self._begin()
        try:
            while process.poll() is None:
                time.sleep(0.1)
                self._tick()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        reader.join(timeout=2)
        self._end(process.returncode == 0)
        if process.returncode != 0:
            raise StepFailed(self._title, self._lines[-12:], self._log)

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        with process.stdout, self._log.open("a", encoding="utf-8") as log:
            log.write(f"--- {self._title}\n")
            for raw in process.stdout:
                line = without_addresses(raw.decode("utf-8", "replace").rstrip())
                if line:
                    self._lines.append(line)
                    log.write(line + "\n")
                    log.flush()

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def _last(self) -> str:
        return PREFIX.sub("", self._lines[-1].split("\r")[-1]).strip()[:60] if self._lines else ""

    def _begin(self) -> None:
        if not sys.stdout.isatty():
            say(f"  {self._title} …")

    def _tick(self) -> None:
        if sys.stdout.isatty():
            self._turn += 1
            sign = SPINNER[self._turn % len(SPINNER)]
            print(f"\r\033[K  {sign} {self._title} {self._seconds:.0f} s  {self._last}"[:110], end="", flush=True)
        elif time.monotonic() - self._shown > QUIET_SECONDS:
            self._shown = time.monotonic()
            say(f"    {self._seconds:.0f} s  {self._last}")

    def _end(self, well: bool) -> None:
        start = "\r\033[K" if sys.stdout.isatty() else ""
        say(f"{start}  {'done' if well else 'FAILED'}: {self._title} ({self._seconds:.0f} s)")
