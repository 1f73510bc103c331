"""The programme as the desk may ask it: the same sources as the bot's, opened from the same settings."""

import httpx

from checks.desk_records import Records
from checks.sources import Sources
from checks.wording import Wording
from desk.rechecking import Rechecking
from knowledge_base.answer import best_answer
from records.clock import Clock
from records.database import Database
from registry.open import open_registry
from registry.settings import RegistrySettings


def open_rechecking(
    settings: RegistrySettings, database: Database, clock: Clock, client: httpx.AsyncClient
) -> Rechecking:
    """Return what runs checks again over the sources of these settings; whoever gives the client closes it."""
    registry = open_registry(settings, database, clock, client)
    return Rechecking(Sources(registry=registry, records=Records(database), articles=best_answer), Wording.read())
