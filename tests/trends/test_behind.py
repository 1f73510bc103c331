"""The rows behind a figure are the same however few days are looked at for them, page by page, each once."""

import pytest
from sqlalchemy import delete, func, select

from records.clock import Clock
from records.database import Database
from records.models import Turn
from tests.trends.conftest import Say
from trends.behind import OF, Behind, how_many, newest
from trends.counting import fold
from trends.within import Within

PAGE = 7


async def paged(database: Database, behind: Behind) -> list[object]:
    async with database.read() as session:
        pages = [await newest(session, behind, limit=PAGE, offset=start) for start in range(0, 160, PAGE)]
    return [row.turn_id for page in pages for row in page]


@pytest.mark.parametrize("filters", [{}, {"platform": "sisnaker"}, {"channel": "web", "intent": "payment_failed"}])
async def test_pages_hold_every_row_once_newest_first(
    database: Database, fortnight: int, clock: Clock, filters: dict[str, str]
) -> None:
    await fold(database, clock)
    within = Within(Within.last_days(clock, 20).first, Within.last_days(clock).last, **filters)  # type: ignore[arg-type]
    figures = [*(Behind(within, of) for of in OF), Behind(within, weekday=0), Behind(within, hour=9)]
    for figure in figures:
        async with database.read() as session:
            newest_first = (Turn.created_at.desc(), Turn.id)
            all_of_them = list(await session.scalars(select(Turn.id).where(figure.rows()).order_by(*newest_first)))
            assert await how_many(session, figure) == len(all_of_them), figure
        assert await paged(database, figure) == all_of_them, figure


async def test_what_is_deleted_hides_nothing_else(database: Database, fortnight: int, clock: Clock) -> None:
    await fold(database, clock)
    figure = Behind(Within.last_days(clock, 20))
    async with database.write() as session:
        fresh = select(Turn.id).where(figure.rows()).order_by(Turn.created_at.desc()).limit(20)
        await session.execute(delete(Turn).where(Turn.id.in_(fresh)))
    async with database.read() as session:
        left = await session.scalar(select(func.count()).select_from(Turn).where(figure.rows()))
        assert await how_many(session, figure) == (left or 0) + 20
    shown = await paged(database, figure)
    assert len(shown) == len(set(shown)) == left


async def test_a_conversation_is_one_row_however_often_it_complains(database: Database, say: Say, clock: Clock) -> None:
    siti = await say(clock())
    await say(clock(), conversation=siti)
    await say(clock())
    figure = Behind(Within.last_days(clock), "conversations")
    async with database.read() as session:
        assert await how_many(session, figure) == len(await newest(session, figure)) == 2
