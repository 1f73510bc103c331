"""Live parts of a page: each carries a mark of its content, and a part that has not changed is not sent again.

So a refresh moves nothing under the reader's eyes: scroll, selection and open details stay as they are.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from desk.paper import render

MARK = 16


@dataclass(frozen=True)
class Part:
    """One live part: its place on the page, the mark of what it shows, and its content."""

    name: str
    mark: str
    html: str


def part(name: str, html: str, *, known_by: object = None) -> Part:
    """Return a part, marked by its content or by what it is known by."""
    content = html if known_by is None else repr(known_by)
    return Part(name, f"{name}-{hashlib.sha256(content.encode()).hexdigest()[:MARK]}", html)


def send_changed(request: Request, parts: Iterable[Part], shown: list[str] | None) -> Response:
    """Answer an open page with the parts whose marks it does not show; with nothing when there is none."""
    changed = [part for part in parts if part.mark not in (shown or [])]
    return send(request, changed) if changed else Response(status_code=204)


def send(request: Request, parts: Iterable[Part], *, status: int = 200, told: str = "") -> Response:
    """Answer an open page with parts that find their places by themselves."""
    made = [render(request, "part.html", part=part, live=True) for part in parts]
    return HTMLResponse(told + "".join(made), status_code=status)
