"""What the model is taught and judged with already, read as data: the nearest lines, and whether a line is one of them.

A machine without the training text (an image that only holds the desk) knows no lines, and the page says so.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from desk.learning.meanings import NAMES
from desk.learning.stem_index import Gist, StemIndex, weights

NLU = Path(__file__).resolve().parents[2] / "nlu"
SHOWN = 3
NEAR = 0.35
LOOKED_AT = 2_000
SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Line:
    """One line and its intent; `apart` is one that judges the model and is never taught."""

    text: str
    intent: str
    apart: bool = False


@dataclass(frozen=True)
class Near:
    """A line near to a message."""

    line: Line
    share: float


class KnownLines:
    """All lines, to be asked for the nearest."""

    def __init__(self, lines: list[Line]) -> None:
        self.taught = [line for line in lines if not line.apart]
        self._same = {bare(line.text): line for line in reversed(lines)}
        gists = [Gist.of(line.text) for line in self.taught]
        self._index = StemIndex(weights(gists), LOOKED_AT)
        for number, gist in enumerate(gists):
            self._index.add(number, gist)
        self.nearest = lru_cache(maxsize=4_096)(self._nearest)

    def same(self, text: str) -> Line | None:
        """Return the line that says the very same, or None."""
        return self._same.get(bare(text))

    def _nearest(self, text: str) -> tuple[Near, ...]:
        found = self._index.nearest(Gist.of(text), SHOWN)
        return tuple(Near(self.taught[number], share) for number, share in found if share >= NEAR)


class Shelf:
    """Holds the lines, and reads them anew when their files have changed."""

    def __init__(self, folder: Path = NLU) -> None:
        self._folder = folder
        self._lines: KnownLines | None = None
        self._stamp = 0.0
        self._reading = asyncio.Lock()

    async def lines(self) -> KnownLines:
        """Return the lines; they are read in a thread, once."""
        async with self._reading:
            stamp = await asyncio.to_thread(_stamp, self._folder)
            if self._lines is None or stamp != self._stamp:
                self._lines, self._stamp = await asyncio.to_thread(read_lines, self._folder), stamp
            return self._lines


def read_lines(folder: Path) -> KnownLines:
    """Read the training text and what judges the model, below nlu/."""
    return KnownLines([*taught_lines(folder), *lines_apart(folder)])


def topics(folder: Path = NLU) -> dict[str, str]:
    """Return the topic folder of each intent."""
    files = sorted((folder / "training").glob("*/*.yml"))
    return {path.stem: path.parent.name for path in files if path.stem in NAMES}


def bare(text: str) -> str:
    """Return the words alone: two texts with the same words are the same line."""
    return SIGNS.sub(" ", text.lower()).strip() or text


def taught_lines(folder: Path = NLU) -> Iterator[Line]:
    """Yield the lines of the training text."""
    for path in sorted(folder.glob("training/*/*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for block in content["nlu"]:
            for line in block["examples"].splitlines():
                if text := line.removeprefix("- ").strip():
                    yield Line(text, block["intent"])


def lines_apart(folder: Path = NLU) -> Iterator[Line]:
    """Yield the lines that judge the model."""
    for path in sorted(folder.glob("heldout/*.jsonl")):
        for row in path.read_text(encoding="utf-8").splitlines():
            if row.strip():
                told = json.loads(row)
                yield Line(str(told["text"]), str(told.get("intent", "")), apart=True)


def _stamp(folder: Path) -> float:
    files = [*folder.glob("training/*/*.yml"), *folder.glob("heldout/*.jsonl")]
    return max((path.stat().st_mtime for path in files), default=0.0) + len(files)
