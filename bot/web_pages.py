"""The pages of the web chat and what they load: our own files, versioned by their content, and who may embed them.

Embedding needs no CORS: the widget opens our page in a frame, and the frame talks to its own origin. So no other site
can read an answer of ours, and `frame-ancestors` says which sites may show the frame.
"""

import hashlib
import re
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

PAGES = Path(__file__).parent / "pages"
STATIC = PAGES / "static"
NEVER = "'none'"
POLICY = (
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors {ancestors}"
)
HEADERS = {
    "Content-Security-Policy": POLICY.format(ancestors=NEVER),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
POWERLESS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}
"""For files: should a browser show one as a page, nothing in it runs, loads or submits."""
LOADED = re.compile(r"/static/([a-z_]+\.(?:js|css))")
A_YEAR = "public, max-age=31536000, immutable"
SHORT = "public, max-age=600, stale-while-revalidate=86400"
SMALL = Middleware(GZipMiddleware, minimum_size=400)


class Pages:
    """Shows the chat page to visitors, and to the sites in `origins` inside a frame."""

    def __init__(self, origins: tuple[str, ...] = ()) -> None:
        self._files = Files()
        self._chat = self._files.versioned(lean((PAGES / "chat.html").read_text(encoding="utf-8")))
        self._embedded = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"} | {
            "Content-Security-Policy": POLICY.format(ancestors=" ".join(("'self'", *origins)))
        }

    def routes(self) -> list[BaseRoute]:
        """Return the routes of what pages load."""
        return self._files.routes()

    def chat(self, request: Request) -> Response:
        """Return the chat page."""
        return HTMLResponse(self._chat, headers=self._embedded if embedded(request) else HEADERS)


def embedded(request: Request) -> bool:
    """Say whether a page is asked for to be shown in a frame."""
    return "embed" in request.query_params


class Files:
    """What pages load, kept in memory, without what only its readers need: indents and remarks."""

    def __init__(self) -> None:
        self._bodies = {path.name: _read(path) for path in STATIC.iterdir()}
        self._versions = {name: _digest(body) for name, body in self._bodies.items()}
        # it names the others' versions, and changes when one of them does
        worker = self.versioned(self._bodies["offline.js"]).replace("VERSION", _digest("".join(self._bodies.values())))
        self._bodies["offline.js"] = worker

    def versioned(self, page: str) -> str:
        """Return a page that names what it loads by its content, so that it may be kept for good."""
        return LOADED.sub(lambda found: f"{found[0]}?v={self._versions[found[1]]}", page)

    def routes(self) -> list[BaseRoute]:
        """Return the routes; the offline worker stands at the top, or it could not keep the page."""
        return [
            Route("/offline.js", self.offline, middleware=[SMALL]),
            Route("/static/{name}", self.file, middleware=[SMALL]),
        ]

    async def offline(self, request: Request) -> Response:
        """Return the worker that opens the page without a line."""
        return self._answer(request, "offline.js", "no-cache")

    async def file(self, request: Request) -> Response:
        """Return a file: kept for good under its version, shortly without one."""
        name = request.path_params["name"]
        if name not in self._bodies:
            return Response(status_code=404, headers=HEADERS)
        return self._answer(request, name, A_YEAR if "v" in request.query_params else SHORT)

    def _answer(self, request: Request, name: str, keep: str) -> Response:
        tag = f'"{self._versions[name]}"'
        # the widget is loaded by other sites
        headers = {"Cache-Control": keep, "ETag": tag, "X-Content-Type-Options": "nosniff"}
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            return Response(status_code=304, headers=headers)
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        return Response(self._bodies[name], media_type=kind, headers=headers)


def lean(page: str) -> str:
    """Return a page without indents and empty lines."""
    return "\n".join(line for line in map(str.strip, page.splitlines()) if line) + "\n"


def _read(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    return str(cssmin(source) if path.suffix == ".css" else jsmin(source))


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:10]
