"""What the conversation page is made of: pieces, each with its template and what only it needs to read.

A piece that changes is sent to open pages by itself. One whose form carries a key made anew each time says by
`known_by` what it depends on, so that words being typed are not swept away.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.looking import View
from desk.sessions import Person
from records.database import ReadSession

type Read = Callable[[ReadSession, View, Person, datetime], Awaitable[dict[str, Any]]]
KNOWN_BY = "known_by"
"""What a reader may return beside its template's words: what the piece depends on, where its content is no measure."""


async def nothing(session: ReadSession, view: View, person: Person, now: datetime) -> dict[str, Any]:
    """Read nothing: the view is all this piece shows."""
    return {}


@dataclass(frozen=True)
class Piece:
    """One part of the page; its template is given `view`, `holding`, `window`, `glance` and what `read` returns."""

    name: str
    template: str
    read: Read = nothing
