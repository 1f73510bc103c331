"""The trend stays, the person goes: retention, erasure and deletion leave every chart as it was."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation
from records.privacy.erasing import erase
from records.privacy.person import subject_of
from records.privacy.retention import Limits, sweep
from tests.trends.conftest import Say
from tests.trends.registered import found_purchase, register
from trends.bars import Bar, counted
from trends.counting import fold, standing
from trends.heat import Cell, heat
from trends.rebuilding import rebuild
from trends.rows import complaint_rows
from trends.total import LeftOut, left_out
from trends.within import DIMENSIONS, Within

LAST_SUMMER = Within(date(2020, 7, 25), date(2020, 8, 24))
SITIS = replace(LAST_SUMMER, province="32")
type Chart = tuple[dict[str, list[tuple[str, int]]], LeftOut, list[Cell]]


@pytest.fixture
async def siti(database: Database, say: Say, clock: Clock) -> Conversation:
    """Siti of Jawa Barat complained thrice in a month, twice of her course; others wrote too, and all is counted."""
    await register(database)
    chat: Conversation | None = None
    for days in (1, 8, 20):
        chat = await say(clock() - timedelta(days=days), conversation=chat)
        await say(clock() - timedelta(days=days), "paid_no_code", "tokopedia", "whatsapp")
    assert chat
    async with database.write() as session:
        person = ChannelIdentity(channel="telegram", external_id=str(uuid4()), participant_id="siti")
        session.add(person)
        await session.flush()
        await session.execute(
            text("UPDATE conversations SET identity_id = :person WHERE id = :chat"),
            {"person": person.id, "chat": chat.id},
        )
        await session.execute(
            text("UPDATE turns SET participant_id = 'siti' WHERE conversation_id = :chat"), {"chat": chat.id}
        )
    await fold(database, clock)
    return chat


async def chart(database: Database, within: Within) -> Chart:
    async with database.read() as session:
        bars: dict[str, list[Bar]] = {by: await counted(session, within, by) for by in DIMENSIONS}
        told = {by: [(bar.key, bar.messages) for bar in bars[by]] for by in DIMENSIONS}
        return told, await left_out(session, within), await heat(session, within)


async def test_last_years_chart_is_the_same_after_retention_erasure_deletion_and_a_rebuild(
    database: Database, siti: Conversation, clock: Clock
) -> None:
    before = await chart(database, LAST_SUMMER), await chart(database, SITIS)
    assert before[1][0]["province"] == [("32", 3)]
    a_year_later = clock() + timedelta(days=365)
    week = timedelta(days=7)
    await sweep(database, lambda: a_year_later, Limits(week, week, week), by="scene")
    assert (await chart(database, LAST_SUMMER), await chart(database, SITIS)) == before
    async with database.write() as session:
        await erase(session, await subject_of(session, siti.id), a_year_later)
    assert (await chart(database, LAST_SUMMER), await chart(database, SITIS)) == before
    async with database.write() as session:
        await session.execute(text("DELETE FROM turns"))
    for _ in range(2):
        assert (await chart(database, LAST_SUMMER), await chart(database, SITIS)) == before
        await fold(database, clock)
    await rebuild(database, clock)
    assert (await chart(database, LAST_SUMMER), await chart(database, SITIS)) == before
    async with database.read() as session:
        assert (await standing(session)).oldest_day is None
        assert await complaint_rows(session, LAST_SUMMER) == []


async def test_nothing_that_says_who_it_was_is_left_in_the_facts_of_an_erased_person(
    database: Database, siti: Conversation, clock: Clock
) -> None:
    async with database.write() as session:
        await erase(session, await subject_of(session, siti.id), clock())
    async with database.read() as session:
        known = "SELECT count(*) FROM trend_facts WHERE conversation_id = :chat"
        whose = " AND num_nonnulls(wave, province, partner, institution) > 0"
        assert await session.scalar(text(known), {"chat": siti.id}) == 3
        assert await session.scalar(text(known + whose), {"chat": siti.id}) == 0
        assert await complaint_rows(session, SITIS) == []


async def test_the_label_by_which_a_purchase_is_known_is_the_one_the_checks_write() -> None:
    from checks.purchase.words import LABEL
    from trends.whose import PURCHASE

    assert LABEL == PURCHASE == found_purchase("siti")[0]["evidence"][0]["label"]
