"""The lines of the queue as the page shows them, each with a mark of what it says: only changed ones are sent again."""

import hashlib
from dataclasses import dataclass

from fastapi import Request

from desk.pages.queue_asked import Asked
from desk.paper import pieces_of, render
from desk.queue import words
from desk.queue.lines import Line

MARK = 8


@dataclass(frozen=True)
class Row:
    """One line made ready: its number, its look, its mark and what stands in it."""

    number: str
    look: str
    mark: str
    html: str
    heading: str | None = None
    """What stands over it: the incident that begins here."""


class Rows:
    """Makes the rows of one page."""

    def __init__(self, request: Request, asked: Asked) -> None:
        self._look = pieces_of(request, "queue_line.html", asked=asked, say=words)

    def row(self, line: Line, heading: str | None = None) -> Row:
        """Return the row of a line that stands in the tab."""
        return _marked(line.number, line.priority, self._look.here(line), heading)

    def again(self, number: str, line: Line | None) -> Row:
        """Return the row of a line that is shown already; one that left keeps its place and says where it went."""
        if line and line.still:
            return self.row(line)
        return _marked(number, "pergi", self._look.gone(number, line))

    def all(self, lines: list[Line], *, by_incident: bool) -> list[Row]:
        """Return the rows of lines in their order, with a heading where another incident begins."""
        made: list[Row] = []
        before = None
        for line in lines:
            begins = by_incident and line.incident_id != before
            made.append(self.row(line, (line.incident or line.incident_id) if begins else None))
            before = line.incident_id
        return made


def send_row(request: Request, made: Row) -> str:
    """Return the row so that an open page puts it in its place."""
    return render(request, "queue_row.html", row=made, live=True)


def _marked(number: str, look: str, html: str, heading: str | None = None) -> Row:
    return Row(number, look, hashlib.sha256(f"{look}{html}".encode()).hexdigest()[:MARK], html, heading)
