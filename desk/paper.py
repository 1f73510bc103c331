"""Making pages: one template environment that escapes everything, and what each template may call."""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk import wording
from desk.door import VISIT_COOKIE, form_token, person_or_none
from desk.office import office_of
from desk.queue import promise_state
from desk.rights import may
from desk.window import window_until
from trends.labels import channel_label, intent_label, outcome_label, platform_label

HERE = Path(__file__).parent
STATIC = HERE / "static"
VISIT_SECONDS = 3600


@cache
def templates() -> Environment:
    """Return the environment of all templates."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(
        asset=asset,
        query=query,
        w=wording,
        intent_label=intent_label,
        platform_label=platform_label,
        channel_label=channel_label,
        outcome_label=outcome_label,
        promise_state=promise_state,
        window_until=window_until,
    )
    return environment


def render(request: Request, template: str, **context: Any) -> str:
    """Return the template filled in."""
    person = person_or_none(request)
    return (
        templates()
        .get_template(template)
        .render(
            person=person,
            csrf=form_token(request) if hasattr(request.state, "visit") else "",
            now=office_of(request).clock(),
            may=lambda route: may(person.role if person else None, route),
            path=request.url.path,
            standing=getattr(request.state, "standing", None),
            **context,
        )
    )


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a whole page."""
    response = HTMLResponse(render(request, template, **context), status_code=status)
    if person_or_none(request) is None and hasattr(request.state, "visit"):
        response.set_cookie(
            VISIT_COOKIE,
            request.state.visit,
            max_age=VISIT_SECONDS,
            httponly=True,
            samesite="lax",
            secure=office_of(request).secure_cookies,
        )
    return response


def query(**values: str | int | bool | datetime | None) -> str:
    """Return a query string of what is not empty, with its question mark."""
    filled = {name: str(value) for name, value in values.items() if value not in (None, "", False)}
    return "?" + urlencode(filled) if filled else ""


@cache
def asset(name: str) -> str:
    """Return the address of a static file, new whenever its content is."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/aset/{name}?v={mark}"
