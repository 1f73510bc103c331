"""The database of a system whether it runs or not: the embedded one is started for as long as it is needed."""

import asyncio
import contextlib
import fcntl
from collections.abc import Iterator
from uuid import UUID

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import Clock, clock_from
from records.embedded import EmbeddedPostgres
from records.tide import notes_of


class Runs(Exception):
    """The system runs, and what is to be done needs it to stand still."""

    def __init__(self) -> None:
        super().__init__("The system runs. Stop it first: helpdesk down")


@contextlib.contextmanager
def standing(settings: SystemSettings, *, still: bool) -> Iterator[str]:
    """Yield the address of the database while it answers.

    Args:
        settings: of which system.
        still: raise Runs while the system runs, and keep it from being started.
    """
    places = Places(settings.var)
    places.make()
    if system.look(settings):
        if still:
            raise Runs
        yield system.told(settings)["DATABASE_URL"]
        return
    with _alone(places):
        if settings.database_url:
            yield settings.database_url
            return
        server = EmbeddedPostgres(places.postgres)
        server.prepare()
        process = server.start(places.log("postgres"))
        try:
            yield server.url()
        finally:
            server.stop(process)


def house_clock(settings: SystemSettings) -> Clock:
    """Return the clock of this system."""
    file = Places(settings.var).clock
    return clock_from(file if settings.rehearsed and file.exists() else None)


def data_key(settings: SystemSettings) -> str:
    """Return the data key of this system."""
    return system.told(settings)["HELPDESK_DATA_KEY"]


def tide_seen(settings: SystemSettings, lineage: UUID) -> int:
    """Return how high the tide of these records was when it was last noted, on this machine or in Redis."""
    told = system.told(settings)
    notes = notes_of(Places(settings.var).tide, told.get("REDIS_URL"))
    return max((asyncio.run(note.read(lineage)) for note in notes), default=0)


@contextlib.contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Hold what the supervisor holds, so that nobody starts the system meanwhile."""
    with places.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise Runs from taken
        yield
