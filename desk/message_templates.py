"""The templates that may be sent on WhatsApp outside its 24 hours, and which of them can be used now.

A template is usable when the office says that Meta approved it and Meta has not said otherwise since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from records.channel_news import Told

FILE = Path(__file__).with_name("message_templates.yml")
STATUS_TOPIC = "message_template_status_update"
UNUSABLE = ("PAUSED", "DISABLED", "REJECTED", "PENDING_DELETION", "DELETED", "IN_APPEAL")


@dataclass(frozen=True)
class Template:
    """One approved form of words with places to fill."""

    name: str
    language: str
    category: str
    label: str
    parameters: tuple[str, ...]
    body: str
    for_broadcasts: bool = False
    """Sent by broadcasts alone, not offered to an agent."""

    @property
    def subject(self) -> str:
        """What news of it are about."""
        return f"{self.name} ({self.language})"

    def filled(self, values: Mapping[str, str]) -> "Filled":
        """Return it with its places filled; raises KeyError for a value that is not there."""
        given = [values[name] for name in self.parameters]
        text = self.body
        for number, value in enumerate(given, 1):
            text = text.replace(f"{{{{{number}}}}}", value)
        return Filled(text, {"name": self.name, "language": self.language, "parameters": given})


@dataclass(frozen=True)
class Filled:
    """What the person reads, and what the channel is told to send."""

    text: str
    payload: dict[str, Any]


@cache
def catalogue() -> dict[str, Template]:
    """Return all templates there are, by name."""
    read: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())
    return {name: _template(name, said) for name, said in read.items()}


def usable(approved: str, news: Iterable[Told], *, for_broadcasts: bool = False) -> list[Template]:
    """Return the templates that may be sent now.

    Args:
        approved: the names Meta approved, with commas.
        news: the last word on everything the channel told.
        for_broadcasts: those of broadcasts, else those an agent may choose.
    """
    names = {name.strip() for name in approved.split(",")}
    gone = {told.subject for told in news if told.topic == STATUS_TOPIC and told.event in UNUSABLE}
    kind = [one for one in catalogue().values() if one.for_broadcasts == for_broadcasts]
    return [one for one in kind if one.name in names and one.subject not in gone]


def _template(name: str, said: dict[str, Any]) -> Template:
    return Template(
        name=name,
        language=said["language"],
        category=said["category"],
        label=said["label"],
        parameters=tuple(said["parameters"]),
        body=said["body"].strip(),
        for_broadcasts=bool(said.get("for_broadcasts")),
    )
