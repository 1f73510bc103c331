"""What the bot says, by topic in *.yml beside this file: Indonesian, short, every placeholder named.

Errors of this room:

    WordingError    a text is missing, doubled, or was given no value for one of its placeholders
"""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import yaml

FOLDER = Path(__file__).parent
LIMIT = 900
"""Longest answer, in characters, as it is sent."""
GROWS = 35
"""By how much an answer may grow when the bot fills in the ticket and the promise."""
FILLED_BY_THE_BOT = {"ticket": "{ticket}", "promise": "{promise}"}


class WordingError(Exception):
    """A text cannot be said as it is."""


class Wording:
    """Every text, by key."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Wording":
        """Read all topics, refusing a key that stands twice."""
        texts: dict[str, str] = {}
        for path in sorted(folder.glob("*.yml")):
            for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                if key in texts:
                    raise WordingError(f"{path.name}: {key} stands twice")
                texts[key] = " ".join(str(text).split())
        return cls(texts)

    def say(self, key: str, words: Mapping[str, str] | None = None) -> str:
        """Return the text with its placeholders filled; braces in a value cannot become placeholders."""
        text = self.texts.get(key)
        if text is None:
            raise WordingError(f"no text for {key}")
        values = {name: value.replace("{", "(").replace("}", ")") for name, value in (words or {}).items()}
        missing = placeholders(text) - values.keys() - FILLED_BY_THE_BOT.keys()
        if missing:
            raise WordingError(f"{key} lacks {', '.join(sorted(missing))}")
        said = text.format_map({**values, **FILLED_BY_THE_BOT})
        return said[:1].upper() + said[1:]


def placeholders(text: str) -> set[str]:
    """Return the names of a text's placeholders."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
