"""Cases: times exact to the minute, open ones apart, promises and ratings that add up, and counts that outlive rows."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import delete, event, text, update

from records.clock import Clock
from records.database import Database
from records.models import CaseFact, HandOver, Message, Rating, Team, Ticket
from records.privacy.columns import GONE
from tests.conftest import OPENING
from tests.trends.helping import Town
from trends.helping.case_times import MEASURES, case_times
from trends.helping.cases import BY, Cases, cases, together
from trends.helping.counting import fold, rebuild
from trends.helping.quantiles import Times
from trends.helping.rows import WHICH, case_rows
from trends.within import Within

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2020, 8, 10, 2, 0, tzinfo=UTC)
"""Monday 10 August 2020, 09.00 WIB."""
AUGUST = Within(date(2020, 8, 1), date(2020, 8, 31))
SUMMER = Within(date(2020, 6, 20), date(2020, 8, 24))


async def whole(database: Database, within: Within = AUGUST, by: str = "intent") -> Cases:
    async with database.read() as session:
        found = await cases(session, within, by, OPENING)
    assert found is not None
    return together(found)


async def taken(database: Database, measure: str, within: Within = AUGUST, by: str = "") -> dict[str, Times]:
    async with database.read() as session:
        found = await case_times(session, within, by)
    assert found is not None
    every = found[measure]
    return {key: of for key, of in every.items() if not by or key}


async def test_first_answers_are_timed_by_the_clock_and_in_working_time(database: Database, clock: Clock) -> None:
    friday_evening = datetime(2020, 8, 7, 12, 30, tzinfo=UTC)  # 19.30 WIB: half an hour before closing
    async with database.write() as session:
        await Town().case(session, "rina", friday_evening, answered=datetime(2020, 8, 8, 1, 45, tzinfo=UTC))
    await fold(database, clock)
    assert (await taken(database, "answer_minutes"))[""] == Times(1, 795, 795)
    assert (await taken(database, "answer_worked"))[""] == Times(1, 75, 75)


async def test_open_cases_are_counted_apart_and_not_as_quick_ones(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        await town.case(session, "siti", MONDAY, answered=MONDAY + 10 * MINUTE, resolved=MONDAY + 3 * HOUR)
        await town.case(session, "budi", MONDAY, answered=MONDAY + 30 * MINUTE)
        await town.case(session, "rina", MONDAY, promised=MONDAY + HOUR)
        await town.case(session, "agus", MONDAY, promised=OPENING + HOUR)
    await fold(database, clock)
    found = await whole(database)
    assert (found.cases, found.answered, found.waiting, found.resolved, found.open) == (4, 2, 2, 1, 3)
    assert (found.kept, found.missed, found.overdue, found.running) == (2, 0, 1, 1)
    assert (await taken(database, "answer_minutes"))[""] == Times(2, 10, 30)


async def test_a_reopened_case_is_open_again_and_its_promises_are_two(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        case = await Town().case(session, "siti", MONDAY, answered=MONDAY + HOUR, resolved=MONDAY + 2 * HOUR)
    await fold(database, clock)
    again = {"status": "open", "first_reply_at": None, "resolved_at": None, "reopened": 1}
    late = {"promised_at": MONDAY + 20 * HOUR, "waiting_since": MONDAY + 9 * HOUR}
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == case.id).values(**again, **late))
    await fold(database, clock)
    found = await whole(database)
    assert (found.promises, found.kept, found.overdue, found.reopened, found.resolved) == (2, 1, 1, 1, 0)
    assert (await taken(database, "answer_minutes"))[""] == Times(1, 60, 60)
    ended = {"status": "resolved", "first_reply_at": MONDAY + 21 * HOUR, "resolved_at": MONDAY + 22 * HOUR}
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == case.id).values(**ended))
    await fold(database, clock)
    found = await whole(database)
    assert (found.kept, found.missed, found.overdue, found.running, found.resolved) == (1, 1, 0, 0, 1)
    assert (await taken(database, "resolve_minutes"))[""] == Times(1, 22 * 60, 22 * 60)


async def test_a_case_reopened_before_it_was_counted_keeps_its_first_answer(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        case = await Town().case(session, "siti", MONDAY, answered=MONDAY + HOUR, resolved=MONDAY + 2 * HOUR)
    again = {"status": "open", "first_reply_at": None, "resolved_at": None, "reopened": 1}
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == case.id).values(**again))
    await fold(database, clock)
    assert (await taken(database, "answer_minutes"))[""] == Times(1, 60, 60)


async def test_a_merged_case_is_neither_answered_nor_waiting(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        master = await town.case(session, "siti", MONDAY, answered=MONDAY + HOUR)
        other = await town.case(session, "siti", MONDAY, channel="web", resolved=MONDAY + HOUR)
        other.merged_into_id = master.id
    await fold(database, clock)
    found = await whole(database)
    assert (found.cases, found.answered, found.waiting, found.unanswerable, found.ended, found.open) == (
        2,
        1,
        0,
        1,
        1,
        1,
    )
    assert (found.promises, found.kept, found.void, found.running) == (2, 1, 1, 0)


async def test_an_erasure_is_no_resolution(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        waiting = await town.case(session, "siti", MONDAY)
        done = await town.case(session, "budi", MONDAY, answered=MONDAY + HOUR, resolved=MONDAY + 2 * HOUR)
    await fold(database, clock)
    for case in (waiting, done):
        gone = {"summary": GONE, "status": "resolved", "resolved_at": case.resolved_at or OPENING, "version": 9}
        async with database.write() as session:
            await session.execute(update(Ticket).where(Ticket.id == case.id).values(**gone))
    for counting in (fold, rebuild):
        await counting(database, clock)
        found = await whole(database)
        assert (found.resolved, found.ended, found.open, found.void, found.kept) == (1, 1, 0, 1, 1)


async def test_ratings_come_with_count_distribution_and_how_many_were_asked(database: Database, clock: Clock) -> None:
    town = Town()
    async with database.write() as session:
        for number, score in enumerate([5, 5, 1, None, None]):
            done = MONDAY + (number + 1) * HOUR
            case = await town.case(session, f"p{number}", MONDAY, answered=MONDAY + MINUTE, resolved=done)
            said = {"conversation_id": case.conversation_id, "direction": "out", "author": "agent", "created_at": done}
            session.add(Message(**said, text="Laporan selesai.", kind="closing"))
            if score:
                of = {"ticket_id": case.id, "times": 0, "intent": "x", "queue": "x", "channel": "web"}
                session.add(Rating(**of, score=score, at=OPENING, team_id=case.team_id))
        await town.case(session, "silent", MONDAY, answered=MONDAY + MINUTE, resolved=MONDAY + HOUR)
    await fold(database, clock)
    found = await whole(database)
    assert (found.asked, found.rated, found.rated_share) == (5, 3, 0.6)
    assert found.mean == pytest.approx(11 / 3)
    assert found.scores == {1: 1, 2: 0, 3: 0, 4: 0, 5: 2}


async def test_an_hour_counts_as_an_hour_where_the_promise_counts_every_hour(database: Database, clock: Clock) -> None:
    night = datetime(2020, 8, 10, 16, 0, tzinfo=UTC)
    async with database.write() as session:
        rule = "INSERT INTO promises (about, priority, answer_minutes, resolve_minutes, all_hours)"
        await session.execute(text(f"{rule} VALUES ('paid_no_code', 'urgent', 60, 600, true)"))
        await Town().case(session, "rina", night, answered=night + 2 * HOUR, priority="urgent")
        await Town().case(session, "budi", night, answered=night + 2 * HOUR)
    await fold(database, clock)
    by_priority = await taken(database, "answer_worked", by="priority")
    assert by_priority == {"urgent": Times(1, 120, 120), "normal": Times(1, 0, 0)}


async def busy(database: Database, seed: int = 5) -> None:
    """A summer of cases in every state, over two teams."""
    chance, town = random.Random(seed), Town()  # noqa: S311 (a scene, not a secret)
    async with database.write() as session:
        session.add(Team(name="Malam", queues=["PMO_TRANSACTION"]))
        await session.flush()
        teams = list(await session.scalars(text("SELECT id FROM teams")))
        for number in range(160):
            opened = OPENING - timedelta(minutes=chance.randrange(64 * 24 * 60))
            took = int(chance.expovariate(1 / 300)) * MINUTE
            answered = opened + took if chance.random() < 0.8 else None
            resolved = answered + int(chance.expovariate(1 / 900)) * MINUTE if answered and number % 3 else None
            case = await town.case(
                session,
                f"p{number}",
                opened,
                answered=answered,
                resolved=resolved,
                intent=chance.choice(["paid_no_code", "payment_failed", "incentive_late"]),
                priority=chance.choice(["normal", "high"]),
                platform=chance.choice(["tokopedia", "sisnaker", None]),
                channel=chance.choice(["telegram", "web"]),
            )
            case.team_id = chance.choice(teams)
            if resolved and number % 7 == 0:
                of = {"ticket_id": case.id, "times": 0, "intent": "x", "queue": "x", "channel": "web"}
                session.add(Rating(**of, score=chance.randint(1, 5), at=OPENING, team_id=case.team_id))


def plain(values: list[int]) -> Times:
    ordered = sorted(values)
    if not ordered:
        return Times()
    return Times(len(ordered), ordered[(len(ordered) + 1) // 2 - 1], ordered[-(-len(ordered) * 9 // 10) - 1])


SLICES: list[dict[str, Any]] = [
    {},
    {"intent": "paid_no_code"},
    {"platform": "-"},
    {"intent": "payment_failed", "channel": "web"},
]


@pytest.mark.parametrize("chosen", SLICES, ids=str)
async def test_times_are_those_of_a_plain_sort_in_every_slice(
    database: Database, clock: Clock, chosen: dict[str, Any]
) -> None:
    await busy(database)
    await fold(database, clock)
    async with database.read() as session:
        facts = list(await session.scalars(text("SELECT to_jsonb(f) FROM case_facts f")))
    first, last = SUMMER.first.isoformat(), SUMMER.last.isoformat()
    inside = [it for it in facts if first <= it["day"] <= last and all(it[by] == key for by, key in chosen.items())]
    within = Within(SUMMER.first, SUMMER.last, **chosen)
    for measure, by in product(MEASURES, ("", "team", "intent", "platform")):
        column = {"team": "team_id", "": ""}.get(by, by)
        values: dict[str, list[int]] = {}
        for it in inside:
            if it[measure] is not None:
                values.setdefault(it[column] if column else "", []).append(it[measure])
        assert await taken(database, measure, within, by) == {key: plain(of) for key, of in values.items()}
        assert (await taken(database, measure, within)).get("", Times()) == plain(
            [minutes for of in values.values() for minutes in of]
        )
    assert len(inside) > 15


async def test_parts_add_up_in_every_dimension_and_open_their_rows(database: Database, clock: Clock) -> None:
    await busy(database)
    await fold(database, clock)
    first = await whole(database, SUMMER, "team")
    assert first.cases == 160 == first.answered + first.waiting + first.unanswerable
    assert first.cases == first.resolved + first.open + first.ended
    assert first.promises == first.kept + first.missed + first.overdue + first.running + first.void
    assert min(first.waiting, first.open, first.kept, first.missed, first.overdue, first.rated) > 0
    for by in BY:
        assert await whole(database, SUMMER, by) == first
    async with database.read() as session:
        bars = await cases(session, SUMMER, "priority", OPENING)
        assert bars
        for bar in bars:
            for which in WHICH[1:]:
                found = await case_rows(session, SUMMER, which, {"priority": bar.key}, OPENING)
                assert found.total == getattr(bar, which), (bar.key, which)
                assert found.gone == 0


async def test_figures_stay_when_cases_are_deleted(database: Database, clock: Clock) -> None:
    await busy(database)
    await fold(database, clock)
    figures = [await whole(database, SUMMER), *[await taken(database, measure, SUMMER) for measure in MEASURES]]
    async with database.write() as session:
        await session.execute(text("DELETE FROM ratings"))
        for table in (HandOver, Ticket):
            await session.execute(delete(table).where(text("true" if table is HandOver else "status = 'resolved'")))
    for counting in (fold, rebuild):
        await counting(database, clock)
        left = [await whole(database, SUMMER), *[await taken(database, measure, SUMMER) for measure in MEASURES]]
        assert left == figures
    async with database.read() as session:
        found = await case_rows(session, SUMMER, "resolved", {}, OPENING)
    assert (len(found.rows), found.gone) == (0, found.total)
    assert found.total > 0


async def test_counting_anew_gives_the_same_figures(database: Database, clock: Clock) -> None:
    await busy(database)
    await fold(database, clock)
    figures = [await whole(database, SUMMER), await taken(database, "answer_worked", SUMMER, "team")]
    async with database.write() as session:
        await session.execute(text("UPDATE case_months SET kept = kept + 1"))
        await session.execute(text("UPDATE case_times SET number = number + 1"))
        await session.execute(update(CaseFact).values(answer_minutes=3))
    await rebuild(database, clock)
    assert [await whole(database, SUMMER), await taken(database, "answer_worked", SUMMER, "team")] == figures


@pytest.mark.parametrize("first", [date(2020, 8, 23), date(2020, 6, 1)])
async def test_a_long_range_asks_no_more_questions(database: Database, clock: Clock, first: date) -> None:
    await busy(database)
    await fold(database, clock)
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
    async with database.read() as session:
        await cases(session, Within(first, SUMMER.last), "team", OPENING)
        await case_times(session, Within(first, SUMMER.last), "team")
    assert sum("case_" in one for one in asked) <= 4
