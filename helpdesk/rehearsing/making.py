"""A year in a database of its own: half-written it is made anew, uncounted it is counted, whole it is told."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.places import write_whole
from helpdesk.rehearsing.filling import Progress, fill_own, truth_text
from helpdesk.rehearsing.incidents import gather
from helpdesk.rehearsing.loading import Tell
from helpdesk.rehearsing.own_server import LOADING, empty, plain, served
from helpdesk.rehearsing.year import Asked
from records.database import Database
from records.migrate import upgrade
from trends import counting, rebuilding
from trends.helping import counting as helping

SEEDED = ("messages", "months", "seed", "until", "searched")


@dataclass(frozen=True)
class OwnYear:
    """Where such a year lies: its server's folder, and its name there."""

    home: Path
    name: str

    @classmethod
    def under(cls, var: Path, name: str) -> "OwnYear":
        """Return the place under the state folder."""
        return cls(var / "bench" / "trends", name)

    @property
    def truth_file(self) -> Path:
        """Written when all rows are, and again when they are counted."""
        return self.home / f"{self.name}.json"

    def truth(self) -> dict[str, Any] | None:
        """Return what is known of the year, if all of it is written."""
        if not self.truth_file.exists():
            return None
        found: dict[str, Any] = json.loads(self.truth_file.read_text(encoding="utf-8"))
        return found

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run its server with the settings of every rehearsal, and give the database's address."""
        with served(self.home / "postgres") as postgres:
            upgrade(postgres.url(self.name))
            yield postgres.url(self.name)


def make(
    place: OwnYear, asked: Asked, tell: Tell, progress: Progress, *, searched: bool
) -> tuple[dict[str, Any], bool]:
    """Make the year unless it is there as asked; returns its truth, and whether it was made now."""
    wanted = _wanted(asked, searched)
    truth = place.truth()
    written = truth is not None and truth["asked"] == wanted
    if truth and written and truth["counted"]:
        return truth, False
    place.home.mkdir(parents=True, exist_ok=True)
    with served(place.home / "postgres", **LOADING) as postgres:
        if truth is None or not written:
            place.truth_file.unlink(missing_ok=True)
            url = empty(postgres, place.name, upgrade)
            truth = fill_own(plain(url), asked, tell, progress, searched=searched)
            os.sync()
            truth |= {"asked": wanted, "counted": False}
            write_whole(place.truth_file, truth_text(truth))
        tell("counting")
        asyncio.run(_count(postgres.url(place.name), asked))
        os.sync()
    write_whole(place.truth_file, truth_text(truth | {"counted": True}))
    return truth, True


def _wanted(asked: Asked, searched: bool) -> dict[str, Any]:
    values = (asked.messages, asked.months, asked.seed, asked.until.isoformat(), searched)
    return dict(zip(SEEDED, values, strict=True))


async def _count(url: str, asked: Asked) -> None:
    database = Database(url, pool_size=2, application="helpdesk rehearse")
    try:
        await gather(database, asked.until)
        await rebuilding.rebuild(database, lambda: asked.until, afresh=True, resume=True)
        await counting.fold(database, lambda: asked.until)
        await helping.rebuild(database, lambda: asked.until)
    finally:
        await database.close()
