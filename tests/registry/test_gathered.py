"""Many people read at once: the same answers as asking for each by themselves, and nothing made up for anybody."""

from datetime import date
from typing import Any

import httpx
import pytest

from records.database import Database
from registry.both import BothSources
from registry.gathered import PAYMENT, PHONE, gathered
from registry.interface import Absent, CouldNotAsk, Known
from registry.own_many import MANY, ManyTables
from registry.own_tables import OwnTables
from tests.registry.conftest import OpenApi
from tests.registry.handed_over import JOKO, RINA, SITI
from tests.registry.test_overview import said

NOBODY = "P999999"
PEOPLE = [SITI, RINA, JOKO, NOBODY]
ALONE: dict[str, str] = {"waves": "wave_applications", "payment": "payment_status"}


class Counted:
    """A registry that counts what is asked of it."""

    def __init__(self, registry: OwnTables) -> None:
        self._registry, self.asked, self.many = registry, 0, registry.many

    async def gather(self, question: str, keys: list[str]) -> Any:
        return await self._registry.gather(question, keys)

    def __getattr__(self, name: str) -> Any:
        async def ask(*given: Any, **named: Any) -> Any:
            self.asked += 1
            return await getattr(self._registry, name)(*given, **named)

        return ask


@pytest.mark.parametrize("question", [name for name in MANY if name not in (PAYMENT, PHONE)])
async def test_many_at_once_say_what_each_says_alone(filled: OwnTables, question: str) -> None:
    together = await filled.gather(question, PEOPLE)
    for who in PEOPLE:
        alone = await getattr(filled, ALONE.get(question, question))(who)
        assert said(together[who]) == said(alone), (question, who)
    assert any(isinstance(it, Known) for it in together.values())
    assert isinstance(together[NOBODY], Absent)


async def test_payments_come_with_the_purchases(filled: OwnTables) -> None:
    held = await gathered(filled, PEOPLE, [], ["purchases", PAYMENT])
    invoices = [
        bought.invoice_code
        for who in PEOPLE
        if isinstance(mine := await held.purchases(who), Known)
        for bought in mine.value
        if bought.invoice_code
    ]
    assert invoices
    for invoice in invoices:
        assert said(await held.payment_status(invoice)) == said(await filled.payment_status(invoice))


async def test_what_was_read_before_is_not_asked_again(filled: OwnTables) -> None:
    counted = Counted(filled)
    held = await gathered(counted, PEOPLE, [], ["card", "purchases"])
    before = counted.asked
    for who in PEOPLE:
        await held.card(who)
        await held.purchases(who)
    assert counted.asked == before
    for _ in PEOPLE:
        await held.organisations("platform", date(2020, 8, 24))
    assert counted.asked == before + 1


async def test_tables_that_were_never_filled_could_not_be_asked_for_anybody(database: Database) -> None:
    told = await ManyTables(database).gather("card", PEOPLE)
    assert {type(it) for it in told.values()} == {CouldNotAsk}


async def test_what_the_api_tells_is_asked_of_it_one_by_one(filled: OwnTables, open_api: OpenApi) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    both = BothSources(filled, open_api(away))
    assert PAYMENT not in both.many
    held = await gathered(both, PEOPLE, [], ["purchases", PAYMENT])
    answer = await held.payment_status("INV-1")
    assert isinstance(answer, CouldNotAsk)
