"""The records of the running system, opened for one step of a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from helpdesk import system
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import Clock, clock_from
from records.database import Database
from records.settings import RecordsSettings

BY = "system"
"""Who did it, where nobody is signed in."""


@asynccontextmanager
async def opened(settings: SystemSettings) -> AsyncIterator[tuple[Database, Clock]]:
    """Open the records, and give them back; raises OperationalError where the database does not answer."""
    told = system.told(settings)
    moved = Places(settings.var).clock
    clock = clock_from(moved if settings.rehearsed and moved.exists() else None)
    known = RecordsSettings.model_fields
    records = RecordsSettings.model_validate({n.lower(): value for n, value in told.items() if n.lower() in known})
    database = Database(records.database_url, pool_size=2, application="helpdesk learning")
    try:
        yield database, clock
    finally:
        await database.close()
