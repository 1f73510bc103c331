"""The words of broadcasts, read from their one reviewed file, and what each person will read of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checks.indonesian import day
from desk.message_templates import Filled, Template, catalogue
from desk.refusals import NotWellSaid
from records.clock import wib

FILE = Path(__file__).with_name("words.yml")
RECOVERY, ANNOUNCEMENT, CORRECTION = "recovery", "announcement", "correction"
KINDS = {RECOVERY: "Pemulihan", ANNOUNCEMENT: "Pengumuman", CORRECTION: "Ralat"}
FIXED, CLOSED, ALL = "fixed", "closed", "all"
PLACES = {RECOVERY: ("topik", "kapan", "keadaan", "per", "dicek"), ANNOUNCEMENT: (), CORRECTION: ()}
"""What a text of each kind may leave room for."""
NOT_IN_CLOSED = "dicek"
"""Who was not checked is told nothing of a check."""
LONGEST = 3000
LONGEST_IN_TEMPLATE = 900
"""Meta counts a template with its places filled: 1,024 letters."""


@cache
def words() -> dict[str, Any]:
    """Return the whole file."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return read


def said_parts(kind: str) -> tuple[str, ...]:
    """Return what a broadcast of this kind says: one text for those fixed and one for those nobody can tell, or one."""
    return (FIXED, CLOSED) if kind == RECOVERY else (ALL,)


def reason_words(reason: str | None) -> str:
    """Return why somebody is skipped or waits, for staff."""
    return str(words()["reasons"].get(reason, reason or ""))


def topic(intent: str | None) -> str:
    """Return what a person told of, as they would call it."""
    topics = words()["topics"]
    return str(topics.get(intent, topics["unknown"]))


def when(at: datetime | None) -> str:
    """Return a moment as it is told to participants: 24 Agustus 2020 pukul 10.05 WIB."""
    return f"{day(at)} pukul {wib(at):%H.%M} WIB" if at else "beberapa waktu lalu"


@dataclass(frozen=True)
class About:
    """What the words are about: the same for everybody."""

    kind: str
    texts: Mapping[str, Mapping[str, str]]
    incident: str = ""
    state: str = ""
    as_of: datetime | None = None
    """Since when the outage is over."""
    corrected_at: datetime | None = None
    """When the message that is corrected was sent."""


@dataclass(frozen=True)
class Of:
    """What differs from person to person."""

    intent: str | None
    told_at: datetime | None
    checked_at: datetime | None
    channel: str


def reading(about: About, what: str, of: Of) -> str:
    """Return the message as this person reads it."""
    return _fill(str(words()["around"][about.kind]), _values(about, what, of))


def by_template(about: About, what: str, of: Of) -> Filled:
    """Return what is sent outside WhatsApp's 24 hours in its place."""
    said = _of_template(about.kind, what)
    values = _values(about, what, of)
    given = {name: _fill(value, values) for name, value in said["values"].items()}
    return template_of(about.kind, what).filled(given)


def template_of(kind: str, what: str) -> Template:
    """Return the template that stands for this text."""
    return catalogue()[_of_template(kind, what)["name"]]


def templates_of(kind: str) -> list[Template]:
    """Return every template that a broadcast of this kind needs."""
    return [template_of(kind, what) for what in said_parts(kind)]


def well_told(kind: str, texts: Mapping[str, Mapping[str, str]], *, template: bool) -> dict[str, dict[str, str]]:
    """Return the texts trimmed, those of a channel only where they differ; raises NotWellSaid."""
    told: dict[str, dict[str, str]] = {}
    for what in said_parts(kind):
        given = {channel: _trimmed(text) for channel, text in texts.get(what, {}).items()}
        told[what] = {channel: text for channel, text in given.items() if text or channel == ""}
        for text in told[what].values():
            _check(kind, what, text)
        if template and what == ALL and len(told[what][""]) > LONGEST_IN_TEMPLATE:
            raise NotWellSaid(f"Untuk templat WhatsApp paling panjang {LONGEST_IN_TEMPLATE} huruf.")
    return told


def _check(kind: str, what: str, text: str) -> None:
    if not text:
        raise NotWellSaid("Tulis dulu pesannya.")
    if len(text) > LONGEST:
        raise NotWellSaid(f"Pesan terlalu panjang: {len(text)} huruf, paling banyak {LONGEST}.")
    left = _fill(text, dict.fromkeys(PLACES[kind], ""))
    if "{" in left or "}" in left:
        known = ", ".join(f"{{{name}}}" for name in PLACES[kind]) or "tidak ada"
        raise NotWellSaid(f"Tanda kurung kurawal hanya untuk isian yang dikenal ({known}).")
    if what == CLOSED and f"{{{NOT_IN_CLOSED}}}" in text:
        raise NotWellSaid("Kabar umum tidak boleh menyebut {dicek}: data penerimanya tidak dicek.")


def _trimmed(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def _values(about: About, what: str, of: Of) -> dict[str, str]:
    mine = about.texts[what]
    values = {
        "topik": topic(of.intent),
        "kapan": when(of.told_at),
        "keadaan": str(words()["states"].get(about.state, "")),
        "per": when(about.as_of),
        "dicek": when(of.checked_at),
        "pesan": when(about.corrected_at),
    }
    return {**values, "teks": _fill(mine.get(of.channel) or mine[""], values)}


def _of_template(kind: str, what: str) -> dict[str, Any]:
    said: dict[str, Any] = words()["templates"][what]
    return said[kind] if what == ALL else said


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
