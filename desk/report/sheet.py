"""What stands on the page, ready to be set: every number already written, every small figure already left out."""

from dataclasses import asdict, dataclass, field
from typing import Any

STAFF, OUTSIDE = "staff", "outside"
AUDIENCES = (STAFF, OUTSIDE)


@dataclass(frozen=True)
class Tile:
    """One big number, and what it means against the week before."""

    name: str
    value: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    name: str
    cells: list[str]
    tone: str = ""
    share: float = 0.0
    """How long its bar is, of the longest."""


@dataclass(frozen=True)
class Table:
    """A table with its heading; an empty one says why."""

    title: str
    columns: list[str]
    lines: list[Line]
    empty: str
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A picture, what it tells in words, and what its numbered pins are."""

    title: str
    svg: str
    told: str
    pins: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One page."""

    title: str
    week: str
    audience: str
    headline: list[str]
    tiles: list[Tile]
    days: Drawing
    hours: Drawing
    topics: Table
    platforms: Table
    moved: Table
    outages: Table
    service: Table
    unanswered: Table
    unknown: list[str]
    foot: list[str]

    def as_data(self) -> dict[str, Any]:
        """Return it for whoever sets it."""
        return asdict(self)
