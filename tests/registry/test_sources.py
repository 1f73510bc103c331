"""Which source is asked: REGISTRY_SOURCE, and both together without mixing what they say."""

import httpx
import pytest
from pydantic import ValidationError

from records.clock import Clock
from records.database import Database
from registry.both import BothSources
from registry.interface import Absent, CouldNotAsk, Known, Registry
from registry.open import open_registry
from registry.own_tables import OwnTables
from registry.programme_api import ProgrammeApi
from registry.settings import RegistrySettings
from tests.conftest import OPENING
from tests.registry.conftest import OpenApi
from tests.registry.handed_over import PAID, RINA, UNPAID
from tests.registry.programme_server import CLIENT_CODE, SIGN_KEY, ProgrammeServer


async def test_the_programme_s_word_on_a_payment_goes_before_the_tables(filled: OwnTables, open_api: OpenApi) -> None:
    answer = await BothSources(filled, open_api(ProgrammeServer())).payment_status(PAID)
    assert isinstance(answer, Known)
    assert answer.source == "API program"


async def test_the_programme_s_no_is_a_no_whatever_the_tables_say(filled: OwnTables, open_api: OpenApi) -> None:
    assert isinstance(await BothSources(filled, open_api(ProgrammeServer())).payment_status(UNPAID), Absent)


async def test_an_api_away_is_said_and_the_tables_stand_beside_it_with_their_age(
    filled: OwnTables, open_api: OpenApi
) -> None:
    answer = await BothSources(filled, open_api(ProgrammeServer(*[httpx.ReadTimeout("late")] * 9))).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert isinstance(answer.last_known, Known)
    assert (answer.source, answer.last_known.source) == ("API program", "tabel program")
    assert (answer.last_known.value.status, answer.last_known.as_of) == ("SUCCESS", OPENING)


async def test_both_away_know_nothing(tables: OwnTables, open_api: OpenApi) -> None:
    answer = await BothSources(tables, open_api(ProgrammeServer(*[httpx.ConnectError("no")] * 9))).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert answer.last_known is None


async def test_everything_else_is_asked_of_the_tables(filled: OwnTables, open_api: OpenApi) -> None:
    both = BothSources(filled, open_api(ProgrammeServer()))
    for answer in (await both.participant(RINA), await both.card(RINA), await both.courses("Desain Grafis Dasar")):
        assert isinstance(answer, Known)
        assert answer.source == "tabel program"


def said(data_key: str, source: str, **more: str) -> RegistrySettings:
    return RegistrySettings.model_validate({"helpdesk_data_key": data_key, "registry_source": source, **more})


API = {"programme_api_url": "http://127.0.0.1:1", "programme_client_code": CLIENT_CODE, "programme_sign_key": SIGN_KEY}


@pytest.mark.parametrize(("source", "kind"), [("tables", OwnTables), ("api", ProgrammeApi), ("both", BothSources)])
async def test_the_setting_names_the_source(
    programme: Database, clock: Clock, data_key: str, source: str, kind: type[Registry]
) -> None:
    async with httpx.AsyncClient() as client:
        registry = open_registry(said(data_key, source, **API), programme, clock, client)
    assert type(registry) is kind


async def test_without_an_address_the_programme_is_not_asked(
    filled: OwnTables, programme: Database, clock: Clock, data_key: str
) -> None:
    async with httpx.AsyncClient() as client:
        answer = await open_registry(said(data_key, "both"), programme, clock, client).payment_status(PAID)
    assert isinstance(answer, CouldNotAsk)
    assert "PROGRAMME_API_URL" in answer.reason
    assert isinstance(answer.last_known, Known)


@pytest.mark.parametrize(
    "wrong", [{"registry_source": "api"}, {"registry_source": "excel"}, {**API, "programme_sign_key": ""}]
)
def test_settings_that_cannot_work_are_refused_at_the_start(data_key: str, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        RegistrySettings.model_validate({"helpdesk_data_key": data_key, **wrong})


def test_keys_do_not_show_when_settings_are_printed(data_key: str) -> None:
    printed = repr(said(data_key, "both", **API))
    assert SIGN_KEY not in printed
    assert data_key not in printed
