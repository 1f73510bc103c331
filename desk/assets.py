"""What pages load: our own files, made small once, packed, and kept by browsers for good under their content's name.

Pages themselves are not packed: they carry a secret (the form's token) beside words others wrote, and the size of what
is packed would tell of it.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
SMALL = {".css": cssmin, ".js": jsmin}
WORTH_PACKING = 500
FOR_GOOD, SHORTLY = "public, max-age=31536000, immutable", "public, max-age=600"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    kind: str
    body: bytes
    packed: bytes
    mark: str


@cache
def assets() -> dict[str, Asset]:
    """Return all of them by name."""
    return {path.name: _read(path) for path in sorted(STATIC.iterdir()) if path.suffix in KINDS}


def asset(name: str) -> str:
    """Return the address of a file, new whenever its content is."""
    return f"/aset/{name}?v={assets()[name].mark}"


class Assets:
    """Serves them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = assets().get(scope["path"].rpartition("/")[2])
        if scope["method"] not in ("GET", "HEAD") or found is None:
            await Response(status_code=404)(scope, receive, send)
            return
        packs = "gzip" in Headers(scope=scope).get("accept-encoding", "") and len(found.body) > WORTH_PACKING
        kept = QueryParams(scope["query_string"]).get("v") == found.mark
        headers = {"Cache-Control": FOR_GOOD if kept else SHORTLY, "Vary": "Accept-Encoding"}
        headers |= {"Content-Encoding": "gzip"} if packs else {}
        await Response(found.packed if packs else found.body, media_type=found.kind, headers=headers)(
            scope, receive, send
        )


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    if path.suffix in SMALL and ".min." not in path.name:
        body = str(SMALL[path.suffix](body.decode())).encode()
    return Asset(KINDS[path.suffix], body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:12])
