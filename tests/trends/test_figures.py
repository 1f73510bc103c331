"""Every figure opens its rows: parts add up to the whole, in any slice, and what is left out is counted too."""

from datetime import UTC, date, datetime
from itertools import product

from sqlalchemy import func, select

from records.clock import Clock
from records.database import Database
from records.models import Turn
from tests.trends.conftest import CHANNELS, Say
from trends.bars import Bar, counted
from trends.export import BY
from trends.rows import complaint_rows, count_rows
from trends.total import all_complaints, left_out
from trends.within import Within

FORTNIGHT = Within(first=date(2020, 8, 10), last=date(2020, 8, 24))
SLICES = [
    Within(first=FORTNIGHT.first, last=FORTNIGHT.last, intent=intent, platform=platform, channel=channel)
    for intent, platform, channel in product((None, "payment_failed"), (None, "sisnaker", "-"), (None, *CHANNELS[:1]))
]


async def test_every_bar_opens_exactly_its_rows_in_every_slice(database: Database, fortnight: int) -> None:
    async with database.read() as session:
        for within, by in product(SLICES, BY):
            bars = await counted(session, within, by)
            for bar in bars:
                rows = await complaint_rows(session, within.narrowed(by, bar.key), limit=1000)
                assert len(rows) == bar.messages, (by, bar, within)
                assert len({row.conversation_id for row in rows}) == bar.conversations
            assert sum(bar.messages for bar in bars) == await count_rows(session, within)


async def test_complaints_and_what_is_left_out_are_all_messages(database: Database, fortnight: int) -> None:
    async with database.read() as session:
        complaints = await all_complaints(session, FORTNIGHT)
        rest = await left_out(session, FORTNIGHT)
        assert complaints.messages + rest.total == fortnight == await session.scalar(select(func.count(Turn.id)))
        assert min(complaints.messages, rest.dialogue, rest.off_topic, rest.not_understood, rest.not_read) > 0


async def test_a_day_begins_at_midnight_in_jakarta(database: Database, say: Say) -> None:
    await say(datetime(2020, 8, 22, 16, 59, 59, tzinfo=UTC))
    await say(datetime(2020, 8, 22, 17, 0, 0, tzinfo=UTC))
    async with database.read() as session:
        bars = await counted(session, Within(first=date(2020, 8, 21), last=date(2020, 8, 23)), "day")
    assert [(bar.key, bar.messages) for bar in bars] == [("2020-08-21", 0), ("2020-08-22", 1), ("2020-08-23", 1)]


async def test_one_person_complaining_twice_is_two_messages_in_one_conversation(
    database: Database, say: Say, clock: Clock
) -> None:
    siti = await say(clock(), "payment_failed", "tokopedia")
    await say(clock(), "payment_failed", "tokopedia", conversation=siti)
    async with database.read() as session:
        today = Within.last_days(clock, 1)
        assert await counted(session, today, "intent") == [Bar("payment_failed", 2, 1)]
        assert await counted(session, today, "platform") == [Bar("tokopedia", 2, 1)]
        assert await counted(session, today, "channel") == [Bar("telegram", 2, 1)]


async def test_small_talk_is_no_complaint(database: Database, say: Say, clock: Clock) -> None:
    today = Within.last_days(clock, 1)
    said = ("greet", "thank", "affirm", "deny", "inform", "out_of_scope", "nlu_fallback", None)
    for intent in said:
        await say(clock(), intent)
    async with database.read() as session:
        assert (await all_complaints(session, today)).messages == 0
        assert (await left_out(session, today)).total == len(said)


async def test_the_default_range_is_the_last_seven_days_of_the_injected_clock(clock: Clock) -> None:
    assert (Within.last_days(clock).first, Within.last_days(clock).last) == (date(2020, 8, 18), date(2020, 8, 24))
