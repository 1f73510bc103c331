"""Finding a Python of a given version that really runs.

A name on PATH proves nothing (a shim may stand there and fail), so every candidate is run and asked for its version and
for the parts of the standard library we need.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scripts.surroundings import cleared

QUESTION = (
    "import sys, ssl, zlib, sqlite3, ctypes;"
    "print('%d.%d' % sys.version_info[:2]);"
    "print(getattr(sys, '_base_executable', None) or sys.executable);"
    "print(sys.implementation.name)"
)


def dotted(version: tuple[int, int]) -> str:
    """Return the version as people write it."""
    return f"{version[0]}.{version[1]}"


class Search:
    """Where to look; the places are arguments so that a test can build a small machine of its own."""

    def __init__(
        self, environ: Mapping[str, str], home: Path, roots: Sequence[Path] = (Path("/opt"), Path("/usr/local"))
    ) -> None:
        self._environ = environ
        self._home = home
        self._roots = roots

    def find(self, versions: Sequence[tuple[int, int]]) -> Path | None:
        """Return the first interpreter that runs and is one of these versions, the earlier version first."""
        for version in versions:
            for candidate in self.candidates(version):
                found = self.ask(candidate, [version])
                if found:
                    return found
        return None

    def candidates(self, version: tuple[int, int]) -> Iterator[Path]:
        """Yield every place an interpreter of this version might stand, the likeliest first."""
        name = "python" + dotted(version)
        for folder in self._environ.get("PATH", "").split(os.pathsep):
            if folder:
                yield Path(folder) / name
        for folder in self._collections():
            for installed in _newest_first(folder, version):
                yield installed / "bin" / name
        for root in self._roots:
            yield root / "bin" / name
            yield from sorted(root.glob("*/bin/" + name), reverse=True)

    def ask(self, candidate: Path, versions: Sequence[tuple[int, int]]) -> Path | None:
        """Run the candidate; return the interpreter behind it if it is CPython of one of these versions."""
        if not os.access(str(candidate), os.X_OK):
            return None
        try:
            answer = subprocess.run(
                [str(candidate), "-I", "-c", QUESTION],
                env=cleared(self._environ),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=20,
                check=True,
            ).stdout.decode()
            said, executable, kind = answer.split("\n")[:3]
        except (OSError, ValueError, subprocess.SubprocessError):
            return None
        fits = said in [dotted(version) for version in versions] and kind == "cpython"
        return Path(executable) if fits and Path(executable).exists() else None

    def _collections(self) -> Iterator[Path]:
        """Yield the folders in which tools keep one folder for each Python."""
        named = self._environ.get("PYENV_ROOT")
        if named:
            yield Path(named) / "versions"
        yield self._home / ".pyenv" / "versions"
        yield self._home / ".asdf" / "installs" / "python"
        yield self._home / ".local" / "share" / "mise" / "installs" / "python"
        yield self._home / ".local" / "share" / "uv" / "python"


def _newest_first(folder: Path, version: tuple[int, int]) -> list[Path]:
    pattern = re.compile(r"^(?:cpython-)?" + re.escape(dotted(version)) + r"(?:\.(\d+))?(?:-.*)?$")
    found = [
        (int(match.group(1) or 0), path) for path in _inside(folder) for match in [pattern.match(path.name)] if match
    ]
    return [path for _, path in sorted(found, reverse=True)]


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
