"""Opens the registry that the settings name."""

import httpx

from records.clock import Clock
from records.database import Database
from registry.both import BothSources
from registry.breaker import Breaker
from registry.identifiers import Keyed
from registry.interface import Registry
from registry.own_tables import OwnTables
from registry.partner_line import Partner, PartnerLine
from registry.programme_api import ProgrammeApi
from registry.remembered import Remembered
from registry.settings import RegistrySettings


def open_registry(settings: RegistrySettings, database: Database, clock: Clock, client: httpx.AsyncClient) -> Registry:
    """Return the registry over the source or sources of REGISTRY_SOURCE."""
    remembered = Remembered(clock, fresh=settings.programme_fresh, kept=settings.programme_remembered)
    api = ProgrammeApi(_line(settings, client), clock, remembered)
    if settings.registry_source == "api":
        return api
    keyed = Keyed(settings.helpdesk_data_key.get_secret_value())
    tables = OwnTables(database, clock, keyed, settings.registry_deadline)
    if settings.registry_source == "tables":
        return tables
    return BothSources(tables, api)


def _line(settings: RegistrySettings, client: httpx.AsyncClient) -> PartnerLine | None:
    if settings.programme_api_url is None:
        return None
    partner = Partner(
        settings.programme_api_url,
        settings.programme_client_code,
        settings.programme_sign_key.get_secret_value(),
        settings.programme_deadline,
        settings.programme_attempt_timeout,
    )
    return PartnerLine(partner, client, Breaker())
