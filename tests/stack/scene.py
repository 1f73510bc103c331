"""Conversations as data: who says what when, and what must and must not be heard. One file a conversation in scenes/.

A file holds one or more scenes; every scene is played in its main wording, in three others, interrupted in the middle,
and with a source that cannot be asked. scenes/README.md explains the fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from records.clock import WIB

FOLDER = Path(__file__).with_name("scenes")
OPENING = datetime(2020, 8, 24, 10, tzinfo=WIB)


@dataclass(frozen=True)
class Heard:
    """What is demanded of everything that is heard in a conversation."""

    intent: str | None = None
    """Of the first message."""
    says: tuple[str, ...] = ()
    """Patterns that must each be found."""
    never: tuple[str, ...] = ()
    """Patterns that must not be found."""
    offers: tuple[str, ...] = ()
    """Patterns that must each be found on a button."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """Check and verdict that must have been found."""
    ticket: Mapping[str, Any] | None = None
    """What must stand in the open ticket; None: there must be no ticket."""
    owner: str = "bot"
    """Who holds the conversation in the end."""


@dataclass(frozen=True)
class Away:
    """What cannot be asked during a conversation."""

    tables: tuple[str, ...] = ()
    api: str | None = None


@dataclass(frozen=True)
class Play:
    """One conversation to be played once."""

    name: str
    title: str
    who: str
    channel: str
    at: datetime
    said: tuple[str, ...]
    heard: Heard
    away: Away = Away()
    source: str | None = None
    """REGISTRY_SOURCE, where it matters."""
    only_incident_at: tuple[str, ...] = ()
    """Platforms the open incident is narrowed to."""
    setting: str = ""
    """SQL by which an office changed the programme before."""
    misread: str = ""
    """Why it is known that the model does not read this wording yet; the demands stay."""


def plays() -> list[Play]:
    """Return every play of every file: the clock goes only forward, and each other source is started once."""
    found = [play for path in sorted(FOLDER.glob("*.yml")) for play in _of_file(path)]
    return sorted(found, key=lambda play: (play.at, play.source or "", play.name))


def _of_file(path: Path) -> Iterator[Play]:
    for number, data in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
        name = path.stem + ("abcdefghij"[number] if number else "")
        yield from _of_scene(name, data)


def _of_scene(name: str, data: Mapping[str, Any]) -> Iterator[Play]:
    misread = data.get("misread", {})
    for play in _variants(name, data):
        yield replace(play, misread=misread.get(play.name.partition("/")[2] or "main", ""))


def _variants(name: str, data: Mapping[str, Any]) -> Iterator[Play]:
    at = data.get("at", OPENING)
    main = Play(
        name=name,
        title=data["title"],
        who=data["who"],
        channel=data.get("channel", "telegram"),
        at=at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=WIB),
        said=tuple(data["said"]),
        heard=_heard(data["heard"]),
        only_incident_at=tuple(data.get("only_incident_at", ())),
        setting=data.get("setting", ""),
    )
    yield main
    for number, said in enumerate(data.get("other_words", ()), 2):
        yield replace(main, name=f"{name}/wording-{number}", said=tuple(said))
    if "interrupted" in data:
        other = data["interrupted"]
        heard = _heard(other.get("heard", {}), main.heard)
        yield replace(main, name=f"{name}/interrupted", said=tuple(other["said"]), heard=heard)
    for number, other in enumerate(data.get("away", ()), 1):
        yield _away(replace(main, name=f"{name}/away-{number}"), other)
    for source, other in data.get("sources", {}).items():
        said = tuple(other.get("said", main.said))
        heard = _heard(other, main.heard)
        yield replace(main, name=f"{name}/source-{source}", source=source, said=said, heard=heard)


def _away(play: Play, other: Mapping[str, Any]) -> Play:
    """A failing source has demands of its own; only the meaning stays."""
    away = Away(tuple(other.get("tables", ())), other.get("api"))
    heard = _heard(other["heard"], Heard(intent=play.heard.intent, owner=play.heard.owner))
    return replace(play, away=away, heard=heard, said=tuple(other.get("said", play.said)))


def _heard(data: Mapping[str, Any], base: Heard = Heard()) -> Heard:
    """Read demands; what is not named is taken from the base, and patterns are added to it."""
    return Heard(
        intent=data.get("intent", base.intent),
        says=(*base.says, *data.get("says", ())) if not data.get("instead") else tuple(data.get("says", ())),
        never=(*base.never, *data.get("never", ())),
        offers=tuple(data.get("offers", base.offers)),
        checks=data.get("checks", base.checks),
        ticket=data.get("ticket", base.ticket),
        owner=data.get("owner", base.owner),
    )
