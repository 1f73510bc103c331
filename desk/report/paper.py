"""Setting the page: as HTML that needs nothing from anywhere, and as tagged PDF after PDF/UA-1, one A4 page each."""

import base64
import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import orjson
from markupsafe import Markup

from desk.paper import templates
from desk.refusals import Refusal
from desk.report.sheet import Sheet

HERE = Path(__file__).parent
STYLE = HERE / "page.css"
TYPESETTER = HERE / "typesetting.py"
SECONDS, LAST = 120, 500
FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


class NotSet(Refusal):
    """The PDF could not be made, its note says why; the page as HTML can be had all the same."""

    status = 503

    def __init__(self, why: str) -> None:
        super().__init__("PDF laporan ini belum bisa dibuat. Buka sebagai HTML, atau coba lagi sebentar lagi.")
        self.add_note(why)


def html(sheet: Sheet) -> str:
    """Return the page as one file of HTML."""
    return templates().get_template("report.html").render(it=sheet, style=Markup(style()), safe=Markup)  # noqa: S704


def pdf(sheet: Sheet) -> bytes:
    """Return the page as PDF; takes a moment, so not in an event loop. Raises NotSet with what the typesetter said."""
    said = orjson.dumps(sheet.as_data())
    try:
        done = subprocess.run([sys.executable, "-P", TYPESETTER], input=said, capture_output=True, timeout=SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as problem:
        raise NotSet(f"the typesetter took longer than {SECONDS} s") from problem
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-LAST:])
    return done.stdout


def policy() -> str:
    """Return what a browser may do with the page: show it, with its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def style() -> str:
    """Return the style sheet that stands in the page."""
    return STYLE.read_text()
