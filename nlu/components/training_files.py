"""The training messages as they stand in the topic folders: what was said, what it means, what else it carries."""

from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple

import yaml

BULLET = "- "


class Example(NamedTuple):
    """One training message."""

    text: str
    intent: str
    also: List[str]


def examples_of(folder: Path) -> Iterator[Example]:
    """Yield the messages of every topic; a line that is none is named instead of being lost."""
    for path in sorted(folder.glob("*/*.yml")):
        content: Dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for block in content["nlu"]:
            also = (block.get("metadata") or {}).get("also", [])
            for text in _lines(path, block):
                yield Example(text, block["intent"], list(also))


def _lines(path: Path, block: Dict[str, Any]) -> Iterator[str]:
    for line in filter(str.strip, block["examples"].splitlines()):
        text = line[len(BULLET) :].strip()
        if not line.startswith(BULLET) or not text:
            raise ValueError(f'{path}: "{line}" is no example; an example begins with "{BULLET}".')
        yield text
