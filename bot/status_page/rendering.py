"""Making the status page: HTML that needs nothing else, JSON for programs, Atom for readers. Same facts, same bytes."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from jinja2 import Environment, StrictUndefined

from bot.status_page import words
from bot.status_page.public import HISTORY, PublicIncident
from checks.system_status import EVERYTHING
from records.clock import midnight, wib
from trends.labels import platform_label

TEMPLATE = Path(__file__).parent / "page.html"
STYLE = Path(__file__).parent / "page.css"
DERIVED = frozenset({"open", "estimate_has_passed", "heading"})
"""What the JSON file says of an incident beside what is known of it."""
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Facts:
    """All the page is made of."""

    incidents: tuple[PublicIncident, ...] | None
    """None: never read yet."""
    stale_since: datetime | None = None
    """When it was last read, where that lies too far back."""


@dataclass(frozen=True)
class Pages:
    """What is handed out."""

    html: bytes
    json: bytes
    atom: bytes


def render(facts: Facts, now: datetime, address: str) -> Pages:
    """Return the pages; `address` is the public one, which feeds and files need in full."""
    incidents = facts.incidents or ()
    open_now = [it for it in incidents if it.open_at(now)]
    shown = {
        "read": facts.incidents is not None,
        "stale": words.STALE.format(at=words.moment(facts.stale_since)) if facts.stale_since else "",
        "sentence": words.all_in_all(open_now) if facts.incidents is not None else words.NOT_READ,
        "components": [_component(key, incidents, open_now, now) for key in EVERYTHING],
        "open": [_incident(it, now) for it in open_now],
        "over": [_incident(it, now) for it in incidents if not it.open_at(now)],
        "changed": _changed(incidents),
        "address": address,
        "style": style(),
        "w": words,
    }
    return Pages(_html(shown), _json(facts, shown, now), _atom(incidents, address, now))


@cache
def style() -> str:
    """Return the style sheet, small."""
    return " ".join(STYLE.read_text(encoding="utf-8").split())


def style_hash() -> str:
    """Return what the content security policy knows the style sheet by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def _html(shown: dict[str, Any]) -> bytes:
    return str(_template().render(shown)).encode()


def _component(
    key: str, incidents: tuple[PublicIncident, ...], open_now: list[PublicIncident], now: datetime
) -> dict[str, Any]:
    states = {it.status for it in open_now if key in it.components}
    state = next(it for it in words.WORST if it in states or not it)
    days = [_touched(key, incidents, back, now) for back in range(HISTORY.days - 1, -1, -1)]
    return {"key": key, "name": words.component(key), "state": state, "said": words.STATES[state], "days": days}


def _touched(key: str, incidents: tuple[PublicIncident, ...], back: int, now: datetime) -> bool:
    begin = midnight(wib(now).date() - timedelta(days=back))
    end = begin + timedelta(days=1)
    return any(key in it.components and it.touches_day(begin, end, now) for it in incidents)


def _incident(incident: PublicIncident, now: datetime) -> dict[str, Any]:
    return {
        "it": incident,
        "words": incident.words if incident.words_hold_at(now) else "",
        "heading": words.heading(incident),
        "state": words.STATES["resolved" if not incident.open_at(now) else incident.status],
        "estimate": words.estimate(incident, now),
        "platforms": [platform_label(it) for it in incident.platforms],
    }


def _changed(incidents: tuple[PublicIncident, ...]) -> datetime | None:
    """When anything shown last became different."""
    return max((at for it in incidents for at in (it.as_of, it.started_at, it.ended_at) if at), default=None)


def _json(facts: Facts, shown: dict[str, Any], now: datetime) -> bytes:
    said = {
        "title": words.TITLE,
        "sentence": shown["sentence"],
        "known": shown["read"],
        "not_refreshed_since": facts.stale_since,
        "changed_at": shown["changed"],
        "components": [
            {"id": it["key"], "name": it["name"], "state": it["state"] or "none", "said": it["said"]}
            for it in shown["components"]
        ],
        "incidents": [
            {
                **it.as_data(),
                # none: they are from before an estimate that has passed, and stand in `said` alone
                "words": it.words if it.words_hold_at(now) else None,
                "open": it.open_at(now),
                "estimate_has_passed": it.overdue_at(now) if it.open_at(now) else None,
                "heading": words.heading(it),
            }
            for it in facts.incidents or ()
        ],
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def _atom(incidents: tuple[PublicIncident, ...], address: str, now: datetime) -> bytes:
    feed = Element("feed", xmlns=ATOM)
    changed = _changed(incidents) or datetime(2020, 1, 1, tzinfo=UTC)
    for name, value in (("title", words.TITLE), ("id", f"{address}/status"), ("updated", changed.isoformat())):
        SubElement(feed, name).text = value
    SubElement(feed, "link", href=f"{address}/status")
    SubElement(feed, "link", rel="self", href=f"{address}/status.atom")
    SubElement(SubElement(feed, "author"), "name").text = "Bantuan Prakerja"
    told = [(said, it) for it in incidents for said in it.said]
    for said, incident in sorted(told, key=lambda it: it[0].as_of, reverse=True):
        entry = SubElement(feed, "entry")
        SubElement(entry, "title").text = f"{words.heading(incident)}: {words.STATES.get(said.status, said.status)}"
        SubElement(entry, "id").text = f"{address}/status#{incident.id}-{said.as_of:%Y%m%dT%H%M%S}-{said.status}"
        SubElement(entry, "updated").text = said.as_of.isoformat()
        SubElement(entry, "link", href=f"{address}/status#{incident.id}")
        SubElement(entry, "content").text = said.words
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed)
