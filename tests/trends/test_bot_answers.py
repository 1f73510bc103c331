"""Bot answers: good only when 72 hours passed and nobody came back; younger ones are not known; counts outlive rows."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, text, update

from records.clock import Clock
from records.database import Database
from records.models import Inbound, Message, Outbound, Turn
from tests.conftest import OPENING
from tests.trends.helping import Town
from trends.helping.answers import Answers, bot_answers, bot_times, together
from trends.helping.counting import fold, rebuild
from trends.helping.rows import FATES, answer_rows
from trends.within import Within

AUGUST = Within(date(2020, 8, 1), date(2020, 8, 31))
HOUR = timedelta(hours=1)
LONG_AGO = OPENING - timedelta(days=8)


def later(at: datetime) -> Clock:
    return lambda: at


async def figures(database: Database, within: Within = AUGUST, by: str = "intent") -> dict[str, Answers]:
    async with database.read() as session:
        found = await bot_answers(session, within, by)
    assert found is not None
    return {one.key: one for one in found}


async def test_an_answer_is_good_when_nobody_wrote_again_about_the_same(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        await town.says(session, "siti", LONG_AGO)
        await town.says(session, "siti", LONG_AGO + HOUR, "purchase_otp")
        await town.says(session, "budi", LONG_AGO)
        await town.says(session, "budi", LONG_AGO + 71 * HOUR)
        await town.says(session, "tamu", LONG_AGO)
        await town.says(session, "tamu", LONG_AGO + 73 * HOUR)
    await fold(database, clock)
    found = await figures(database)
    assert (found["payment_failed"].answers, found["payment_failed"].returned, found["payment_failed"].good) == (
        5,
        1,
        4,
    )
    assert found["purchase_otp"].good == 1


async def test_the_same_participant_on_another_channel_came_back(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        await town.says(session, "rina", LONG_AGO, channel="web", participant="P-1004")
        await town.says(
            session, "rina", LONG_AGO + HOUR, channel="whatsapp", participant="P-1004", outcome="handed_over"
        )
        await town.says(session, "tamu", LONG_AGO, channel="web")
        await town.says(session, "tamu", LONG_AGO + HOUR, channel="telegram")
    await fold(database, clock)
    assert {key: one.returned for key, one in (await figures(database, by="channel")).items()} == {
        "web": 1,
        "telegram": 0,
    }


async def test_who_asks_for_a_person_came_back(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        await Town().says(session, "yanto", LONG_AGO)
    async with database.write() as session:
        town = Town()
        await town.says(session, "joko", LONG_AGO)
        await town.says(session, "joko", LONG_AGO + HOUR, "talk_to_human", outcome="handed_over")
    await fold(database, clock)
    assert (await figures(database))["payment_failed"].returned == 1


async def test_a_young_answer_cannot_be_known_yet_and_is_said_apart(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        await Town().says(session, "siti", OPENING - 71 * HOUR)
    await fold(database, clock)
    young = (await figures(database))["payment_failed"]
    assert (young.answers, young.unknown, young.share) == (1, 1, None)
    await fold(database, later(OPENING + 2 * HOUR))
    known = (await figures(database))["payment_failed"]
    assert (known.unknown, known.good, known.share) == (0, 1, 1.0)


async def test_small_talk_and_cases_are_no_answers(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        for intent in ("greet", "nlu_fallback", None):
            await town.says(session, "siti", LONG_AGO, intent)
        await town.says(session, "siti", LONG_AGO, outcome="handed_over")
    await fold(database, clock)
    assert await figures(database) == {}


async def test_a_correction_moves_the_answer_and_what_it_was_the_return_to(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        await town.says(session, "siti", LONG_AGO, "payment_failed")
        again = await town.says(session, "siti", LONG_AGO + HOUR, "purchase_otp")
    await fold(database, clock)
    assert (await figures(database))["payment_failed"].returned == 0
    async with database.write() as session:
        await session.execute(update(Turn).where(Turn.id == again).values(corrected_intent="payment_failed"))
    await fold(database, clock)
    found = await figures(database)
    assert (found["payment_failed"].answers, found["payment_failed"].returned) == (2, 1)
    assert "purchase_otp" not in found


async def test_answers_take_as_long_as_they_really_took(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        for number, seconds in enumerate([2, 2, 3, 4, 5, 6, 7, 8, 40, None]):
            await town.says(session, f"p{number}", LONG_AGO + number * HOUR, seconds=seconds)
    await fold(database, clock)
    async with database.read() as session:
        times = await bot_times(session, AUGUST)
        assert times
        assert (times.number, times.median, times.p90) == (9, 5, 40)
        assert await bot_times(session, Within(AUGUST.first, AUGUST.last, platform="tokopedia")) is None


async def test_a_filter_it_is_not_counted_by_lets_nothing_be_known(database: Database) -> None:
    async with database.read() as session:
        assert await bot_answers(session, Within(AUGUST.first, AUGUST.last, province="Jawa Barat"), "intent") is None


async def busy(database: Database, seed: int = 7) -> int:
    """Two months of people who write, come back, or do not."""
    chance, town = random.Random(seed), Town()  # noqa: S311 (a scene, not a secret)
    async with database.write() as session:
        for _ in range(180):
            who = chance.randrange(25)
            at = OPENING - timedelta(minutes=chance.randrange(60 * 24 * 60))
            await town.says(
                session,
                f"p{who}",
                at,
                chance.choice(["payment_failed", "purchase_otp", "talk_to_human", "greet"]),
                channel=chance.choice(["telegram", "web"]),
                participant=f"P-{who}" if who % 2 else None,
                outcome=chance.choice(["answered", "answered", "handed_over"]),
                platform=chance.choice(["tokopedia", None]),
                seconds=chance.choice([1, 2, 3, 90]),
            )
    return 180


TWO_MONTHS = Within(date(2020, 6, 20), date(2020, 8, 24))


async def by_hand(database: Database) -> dict[UUID, bool | None]:
    """The rule as a person would apply it, message by message."""
    async with database.read() as session:
        rows = (await session.execute(text("SELECT * FROM turns"))).all()
    talk = ("greet", "thank", "affirm", "deny", "inform", "out_of_scope", "nlu_fallback", None)
    complaints = [row for row in rows if row.intent not in talk]
    fates: dict[UUID, bool | None] = {}

    def one_person(one: Any, other: Any) -> bool:
        same = one.participant_id and one.participant_id == other.participant_id
        return bool(one.conversation_id == other.conversation_id or same)

    for row in complaints:
        if row.outcome == "answered":
            again = [
                one
                for one in complaints
                if row.created_at < one.created_at <= row.created_at + 72 * HOUR
                and one.intent in (row.intent, "talk_to_human", "support_complaint")
                and one_person(row, one)
            ]
            fates[row.id] = None if row.created_at > OPENING - 72 * HOUR else bool(again)
    return fates


async def test_many_answers_are_counted_as_a_person_would_and_open_their_rows(database: Database, clock: Clock) -> None:
    await busy(database)
    await fold(database, clock)
    fates = await by_hand(database)
    async with database.read() as session:
        every = [(await bot_answers(session, TWO_MONTHS, by)) or [] for by in ("intent", "platform", "channel")]
        for bars in every:
            whole = together(bars)
            assert (whole.answers, whole.unknown) == (len(fates), list(fates.values()).count(None))
            assert (whole.good, whole.returned) == (list(fates.values()).count(False), list(fates.values()).count(True))
            assert whole.good + whole.returned + whole.unknown == whole.answers
        assert list(fates.values()).count(True) > 5
        for bar in every[0]:
            for fate in FATES:
                found = await answer_rows(session, TWO_MONTHS.narrowed("intent", bar.key), fate)
                assert len(found.rows) == found.total == getattr(bar, fate)


async def test_counts_stay_when_rows_are_deleted_and_are_counted_anew_from_what_is_left(
    database: Database, clock: Clock
) -> None:
    await busy(database)
    await fold(database, clock)
    before = await figures(database, TWO_MONTHS)
    async with database.write() as session:
        some = text("conversation_id IN (SELECT id FROM conversations ORDER BY id LIMIT 12)")
        for table in (Outbound, Message, Turn, Inbound):
            await session.execute(delete(table).where(some))
    assert await figures(database, TWO_MONTHS) == before
    await rebuild(database, clock)
    assert await figures(database, TWO_MONTHS) == before
    async with database.read() as session:
        assert (await answer_rows(session, TWO_MONTHS, "")).gone > 0


async def test_counting_anew_repairs_counts_that_were_spoilt(database: Database, clock: Clock) -> None:
    await busy(database)
    await fold(database, clock)
    before = await figures(database, TWO_MONTHS)
    async with database.write() as session:
        await session.execute(text("UPDATE answer_counts SET returned = returned + 3"))
    assert await figures(database, TWO_MONTHS) != before
    await rebuild(database, clock)
    assert await figures(database, TWO_MONTHS) == before


@pytest.mark.parametrize("days", [1, 66])
async def test_a_wide_range_asks_no_more_than_a_day(database: Database, clock: Clock, days: int) -> None:
    await busy(database)
    await fold(database, clock)
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
    async with database.read() as session:
        await bot_answers(session, Within(TWO_MONTHS.last - timedelta(days=days - 1), TWO_MONTHS.last), "intent")
        await bot_times(session, Within(TWO_MONTHS.last - timedelta(days=days - 1), TWO_MONTHS.last))
    assert sum("answer_" in one for one in asked) == 2
    assert not any("turns" in one for one in asked)


async def test_a_message_at_midnight_belongs_to_its_day_in_jakarta(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        await Town().says(session, "siti", datetime(2020, 8, 9, 17, 0, tzinfo=UTC))
    await fold(database, clock)
    assert (await figures(database, Within(date(2020, 8, 10), date(2020, 8, 10))))["payment_failed"].answers == 1
