"""The one place where the action server is put together from its settings."""

import httpx
from starlette.applications import Starlette

from actions.app import create_app
from actions.settings import ActionsSettings
from actions.wording import read_wording
from checks.desk_records import Records
from checks.sources import Sources
from knowledge_base.answer import best_answer
from records.clock import clock_from
from records.database import Database
from records.sealed import Seal
from records.settings import RecordsSettings
from registry.open import open_registry
from registry.settings import RegistrySettings


def assemble(actions: ActionsSettings, records: RecordsSettings, registry: RegistrySettings) -> Starlette:
    """Return the action server over the real database, registry and knowledge base."""
    database = Database(records.database_url, application="actions")
    client = httpx.AsyncClient()
    sources = Sources(
        registry=open_registry(registry, database, clock_from(records.helpdesk_clock_file), client),
        records=Records(database),
        articles=best_answer,
        deadline_seconds=actions.actions_source_deadline.total_seconds(),
        seal=Seal(registry.helpdesk_data_key.get_secret_value()),
    )

    async def close() -> None:
        await client.aclose()
        await database.close()

    return create_app(sources, read_wording(), deadline_seconds=actions.actions_deadline.total_seconds(), close=close)
