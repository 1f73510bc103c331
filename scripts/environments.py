"""The two Python environments: made from a hashed lock, mended when half made, left alone when nothing changed.

A stamp inside the environment is written last; a mark beside it says that an installation has begun. Where the mark is
found without its end, the environment is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from scripts.interpreters import Search, dotted
from scripts.toolbox import Toolbox


class InterpreterMissing(Exception):
    """No fitting Python; the message names it and the way out."""


class Environment:
    """One virtual environment, its lock and the Pythons it may stand on."""

    def __init__(
        self, root: Path, folder: str, lock: str, versions: Sequence[tuple[int, int]], override: str, project: bool
    ) -> None:
        self.title = folder
        self._root = root
        self._folder = root / folder
        self._lock = root / lock
        self._versions = versions
        self._override = override
        self._project = project

    @property
    def python(self) -> Path:
        """The interpreter inside."""
        return self._folder / "bin" / "python"

    @property
    def _stamp(self) -> Path:
        return self._folder / "set-up.json"

    @property
    def _begun(self) -> Path:
        return self._folder / "set-up-begun"

    def ready(self) -> bool:
        """Say whether everything inside is as the lock says."""
        return self._stamped() == self._wanted()

    def ensure(self, toolbox: Toolbox, search: Search) -> None:
        """Bring the environment to what the lock says."""
        wanted, stamped = self._wanted(), self._stamped()
        if stamped == wanted:
            return
        if {**stamped, "project": ""} != {**wanted, "project": ""}:
            self._install(toolbox, search)
        if self._project:
            self._install_project(toolbox)
        self._begun.unlink()
        _write_whole(self._stamp, json.dumps(wanted))

    def _install(self, toolbox: Toolbox, search: Search) -> None:
        if not self._usable(search):
            base = self._interpreter(toolbox, search)
            toolbox.step(
                f"Making {self.title}", "venv", "--clear", "--no-project", "--python", str(base), str(self._folder)
            )
        self._begin()
        title = f"Installing what {self._lock.relative_to(self._root)} names into {self.title}"
        toolbox.step(
            title, "pip", "sync", "--python", str(self.python), "--require-hashes", "--strict", str(self._lock)
        )

    def _install_project(self, toolbox: Toolbox) -> None:
        self._begin()
        place = ["--python", str(self.python), "--editable", str(self._root)]
        nothing_else = ["--offline", "--no-deps", "--no-build-isolation"]
        toolbox.step(f"Linking the project into {self.title}", "pip", "install", *nothing_else, *place)

    def _begin(self) -> None:
        self._stamp.unlink() if self._stamp.exists() else None
        self._begun.touch()

    def _usable(self, search: Search) -> bool:
        """Say whether the environment that stands there can be mended in place."""
        moved = "root" in self._stamped() and self._stamped()["root"] != str(self._root)
        whole = (self._folder / "pyvenv.cfg").exists() and not self._begun.exists()
        return whole and not moved and search.ask(self.python, self._versions) is not None

    def _interpreter(self, toolbox: Toolbox, search: Search) -> Path:
        named = os.environ.get(self._override)
        if named:
            found = search.ask(Path(named), self._versions)
            if not found:
                raise InterpreterMissing(f"{self._override}={named} does not run as Python {self._versions_said()}.")
            return found
        return search.find(self._versions) or self._from_uv(toolbox, search)

    def _from_uv(self, toolbox: Toolbox, search: Search) -> Path:
        version = dotted(self._versions[0])
        looking = ["python", "find", "--no-project", "--no-python-downloads", version]
        said = toolbox.answer(*looking)
        found = said and search.ask(Path(said), self._versions)
        if found:
            return found
        try:
            toolbox.step(f"Fetching Python {version}", "python", "install", version)
        except Exception as error:
            raise InterpreterMissing(self._way_out()) from error
        said = toolbox.answer(*looking)
        found = said and search.ask(Path(said), self._versions)
        if not found:
            raise InterpreterMissing(self._way_out())
        return found

    def _way_out(self) -> str:
        return (
            f"Python {self._versions_said()} is missing for {self.title}, and it could not be fetched.\n"
            f"Way out: install it (pyenv install {dotted(self._versions[0])}, or your system's package python"
            f"{dotted(self._versions[0])}), or name one: {self._override}=/path/to/python make up"
        )

    def _versions_said(self) -> str:
        return " or ".join(dotted(version) for version in self._versions)

    def _wanted(self) -> dict[str, str]:
        project = _hash(self._root / "pyproject.toml") if self._project else ""
        return {"root": str(self._root), "lock": _hash(self._lock), "project": project}

    def _stamped(self) -> dict[str, str]:
        try:
            stamp: dict[str, str] = json.loads(self._stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp if self.python.exists() else {}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """Write so that a kill leaves either the old file or the new one."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text)
    beside.replace(path)
