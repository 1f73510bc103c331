"""The status page as files, for any static host: each is there whole or as it was before, and can be read back."""

import logging
import os
from datetime import datetime
from pathlib import Path

import orjson

from bot.status_page.public import PublicIncident
from bot.status_page.rendering import DERIVED, Pages

log = logging.getLogger("bot.status")

NAMES = {"html": "index.html", "json": "status.json", "atom": "status.atom"}
READ_AT = ".read-at"


def write_files(folder: Path, pages: Pages) -> list[str]:
    """Write what differs into the folder; returns the names that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    return [file for name, file in NAMES.items() if _write(folder / file, getattr(pages, name))]


def write_read_at(folder: Path, now: datetime) -> None:
    """Keep when the records were last read."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / READ_AT, now.isoformat().encode())


def read_files(folder: Path) -> tuple[tuple[PublicIncident, ...], datetime] | None:
    """Return the incidents an earlier process kept and when it last read them; None where there is nothing."""
    try:
        told = orjson.loads((folder / NAMES["json"]).read_bytes())
        read_at = datetime.fromisoformat((folder / READ_AT).read_text())
        own = [{name: it[name] for name in it.keys() - DERIVED} for it in told["incidents"]]
        return tuple(PublicIncident.of_data(it) for it in own), read_at
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        log.warning("kept status page not read: %s", type(problem).__name__)
        return None


def _write(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
    return True
