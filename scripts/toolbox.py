"""The project's own uv, kept under var/tools so that no version of anybody else's matters."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.interpreters import Search
from scripts.progress import Step, StepFailed
from scripts.surroundings import cleared

ANY_PYTHON = [(3, minor) for minor in (12, 13, 14, 11, 10, 9, 8)]


class NoToolbox(Exception):
    """uv could not be had by any road; the message says what to install."""


class Toolbox:
    """Runs uv; gets it first, by the first road that leads there."""

    def __init__(self, root: Path, var: Path, search: Search, python: str = sys.executable) -> None:
        self.root = root
        self.log = var / "log" / "setup.log"
        self.env = cleared(os.environ)
        self.env["UV_PYTHON_INSTALL_DIR"] = str(var / "tools" / "python")
        self._folder = var / "tools" / "uv"
        self._lock = root / "requirements-tools.lock"
        self._search = search
        self._python = python

    @property
    def uv(self) -> Path:
        """Where uv stands, once it is there."""
        return self._folder / "bin" / "uv"

    def ready(self) -> bool:
        """Say whether the uv of the lock is there and whole."""
        stamp = self._folder / "stamp"
        return self.uv.exists() and stamp.exists() and stamp.read_text() == self._mark()

    def ensure(self) -> None:
        """Get uv if it is not there; raises NoToolbox."""
        if self.ready():
            return
        for road in self._roads():
            shutil.rmtree(str(self._folder), ignore_errors=True)
            try:
                road()
                subprocess.run([str(self.uv), "--version"], check=True, stdout=subprocess.DEVNULL, env=self.env)
            except (StepFailed, OSError, subprocess.SubprocessError):
                continue
            (self._folder / "stamp").write_text(self._mark())
            return
        raise NoToolbox(
            f"uv could not be installed (the reason stands at the end of {self.log}).\n"
            "If Python's venv module is missing:  apt install python3-venv\n"
            "If there is no way to the package registry, mend that and run this again."
        )

    def step(self, title: str, *arguments: str) -> None:
        """Run uv with its progress shown."""
        Step(title, self.log).run([str(self.uv), *arguments], self.root, self.env)

    def answer(self, *arguments: str) -> str | None:
        """Run uv quietly and return its first line, or None when it fails."""
        done = subprocess.run(
            [str(self.uv), *arguments], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def _mark(self) -> str:
        place = f"{self._folder}\n".encode()
        return hashlib.sha256(place + self._lock.read_bytes()).hexdigest()

    def _roads(self) -> Iterator[Callable[[], None]]:
        yield lambda: self._with_venv(Path(self._python))
        yield self._with_pip
        other = self._search.find(ANY_PYTHON)
        if other:
            yield lambda: self._with_venv(other)
        standing = shutil.which("uv")
        if standing:
            yield lambda: self._with_uv(standing)

    def _with_venv(self, python: Path) -> None:
        env = self.env
        Step("Making a place for uv", self.log).run([str(python), "-m", "venv", str(self._folder)], self.root, env)
        inside = self._folder / "bin" / "python"
        Step("Installing uv", self.log).run([str(inside), *self._pip_install()], self.root, env)

    def _with_pip(self) -> None:
        target = ["--target", str(self._folder)]
        Step("Installing uv", self.log).run([self._python, *self._pip_install(), *target], self.root, self.env)

    def _pip_install(self) -> list[str]:
        return ["-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", str(self._lock)]

    def _with_uv(self, standing: str) -> None:
        self.uv.parent.mkdir(parents=True, exist_ok=True)
        self.uv.symlink_to(standing)
