"""Making pages: one template environment that escapes everything, and what each template may call."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk import wording, wording_checks
from desk.answering.sources import source_name
from desk.assets import asset
from desk.door import VISIT_COOKIE, form_token, person_or_none
from desk.links import linked
from desk.nav import NAV, place_of
from desk.office import office_of
from desk.queue import promise_state
from desk.rights import may
from desk.window import window_until
from trends.labels import channel_label, intent_label, outcome_label, platform_label

HERE = Path(__file__).parent
VISIT_SECONDS = 3600


@cache
def templates() -> Environment:
    """Return the environment of all templates."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,  # a page of fifty lines would look fifty times whether their template changed
    )
    environment.globals.update(
        asset=asset,
        query=query,
        w=wording,
        cek=wording_checks,
        linked=linked,
        source_name=source_name,
        nav=NAV,
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
    return templates().get_template(template).render(_around(request) | context)


def pieces_of(request: Request, template: str, **context: Any) -> Any:
    """Return the macros of a template, for what is made many times on one page."""
    return templates().get_template(template).make_module(_around(request) | context)


def _around(request: Request) -> dict[str, Any]:
    person = person_or_none(request)
    return {
        "person": person,
        "csrf": form_token(request) if hasattr(request.state, "visit") else "",
        "now": office_of(request).clock(),
        "may": lambda route: may(person.role if person else None, route),
        "here": place_of(request.url.path),
        "standing": getattr(request.state, "standing", None),
    }


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
