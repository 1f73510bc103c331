"""What findings tell a participant, by topic in *.yml beside this file: Indonesian, short, every placeholder named.

The bot says it, and the desk suggests it; what only a dialogue needs stands in `actions/wording/`.

Errors of this room:

    WordingError    a text is missing, doubled, or was given no value for one of its placeholders
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import Formatter

import yaml

from checks.finding import Finding

FOLDER = Path(__file__).parent
LIMIT = 900
"""Longest answer, in characters, as it is sent."""
GROWS = 60
"""By how much an answer may grow when the bot fills in the ticket, the promise and the place."""
FILLED_BY_THE_BOT = {"ticket": "{ticket}", "promise": "{promise}"}


class WordingError(Exception):
    """A text cannot be said as it is."""


class Wording:
    """Every text, by key."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)

    @classmethod
    def read(cls, *folders: Path) -> "Wording":
        """Read all topics of these folders (of this one if none is named), refusing a key that stands twice."""
        texts: dict[str, str] = {}
        for path in sorted(path for folder in folders or (FOLDER,) for path in folder.glob("*.yml")):
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

    def tell(self, finding: Finding) -> Finding:
        """Return the finding with what the participant is told of it; without, where there are no words for it."""
        try:
            said = self.say(finding.advice, finding.words) if finding.advice else None
        except WordingError:
            said = None
        return replace(finding, said=said)


def placeholders(text: str) -> set[str]:
    """Return the names of a text's placeholders."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
