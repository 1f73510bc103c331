"""Records that were put back by hand are known for older ones, and nothing is done with them."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fakeredis import FakeAsyncRedis
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from records.database import Database
from records.tide import FileNotes, Notes, RedisNotes, Tide


def opened(url: str, *notes: Notes) -> tuple[Tide, Database]:
    tide = Tide(notes)
    return tide, Database(url, pool_size=2, admit=tide.admit)


async def put_back(database: Database) -> None:
    """Let the records be those of a while ago, as a restored backup's would be."""
    async with database.write() as session:
        await session.execute(text("UPDATE epoch SET tide = tide - 1"))


async def raised(tide: Tide, database: Database, times: int = 3) -> None:
    for _ in range(times):
        await database.at_once.rows("UPDATE epoch SET moved_at = now() - interval '1 minute'", {})
        await tide.rise(database)


async def refused(url: str, *notes: Notes) -> bool:
    """Say whether a bot that starts now is kept from these records, on both ways there are to them."""
    tide, bot = opened(url, *notes)
    answers = []
    for way in (bot.at_once.rows("SELECT 1", {}), bot.ping()):
        try:
            await way
            answers.append(False)
        except OperationalError:
            answers.append(True)
    await bot.close()
    assert len(set(answers)) == 1
    assert tide.behind is answers[0]
    return answers[0]


@pytest.fixture(params=["file", "redis"])
def notes(request: pytest.FixtureRequest, tmp_path: Path) -> Notes:
    return FileNotes(tmp_path / "tide.json") if request.param == "file" else RedisNotes(FakeAsyncRedis())


async def test_a_bot_goes_on_with_its_records_after_a_restart(database: Database, notes: Notes) -> None:
    tide, bot = opened(database.url, notes)
    await raised(tide, bot)
    await bot.close()
    assert await refused(database.url, notes) is False


async def test_older_records_are_not_touched_by_a_bot_that_comes_back(database: Database, notes: Notes) -> None:
    tide, bot = opened(database.url, notes)
    await raised(tide, bot)
    await bot.close()
    await put_back(database)
    assert await refused(database.url, notes) is True


async def test_a_bot_that_ran_through_it_does_not_touch_them_either(database: Database) -> None:
    tide, bot = opened(database.url)
    await raised(tide, bot)
    await put_back(database)
    await bot.at_once.close()
    with pytest.raises(OperationalError):
        await bot.at_once.rows("SELECT 1", {})
    assert tide.behind
    await bot.close()


async def test_once_a_person_has_looked_the_bot_goes_on(database: Database, notes: Notes) -> None:
    tide, bot = opened(database.url, notes)
    await raised(tide, bot)
    await bot.close()
    await put_back(database)
    assert await refused(database.url, notes)
    async with database.write() as session:
        await session.execute(text("UPDATE epoch SET tide = tide + 1000, number = number + 1"))
    assert await refused(database.url, notes) is False


async def test_other_records_are_not_measured_by_the_tide_of_these(database: Database, notes: Notes) -> None:
    await notes.write(uuid4(), 1_000_000)
    assert await refused(database.url, notes) is False


async def test_a_note_never_falls(tmp_path: Path) -> None:
    notes, lineage = FileNotes(tmp_path / "tide.json"), uuid4()
    await notes.write(lineage, 9)
    await notes.write(lineage, 4)
    assert await notes.read(lineage) == 9
    (tmp_path / "tide.json").write_text("{")
    assert await notes.read(lineage) == 0


async def test_several_bots_raise_it_together_and_no_faster_than_one(database: Database) -> None:
    tide, bot = opened(database.url)
    await raised(tide, bot, times=1)
    first = (await bot.at_once.rows("SELECT tide FROM epoch", {}))[0]["tide"]
    for _ in range(5):
        await tide.rise(bot)
    assert (await bot.at_once.rows("SELECT tide FROM epoch", {}))[0]["tide"] == first
    await bot.close()


class RisingMeanwhile(Notes):
    """Notes that are read just after another bot raised the tide and noted it."""

    def __init__(self, other: Database, notes: Notes) -> None:
        self._other, self._notes = other, notes

    async def read(self, lineage: UUID) -> int:
        await raised(Tide([self._notes]), self._other, times=1)
        return await self._notes.read(lineage)

    async def write(self, lineage: UUID, tide: int) -> None:
        await self._notes.write(lineage, tide)


async def test_a_tide_that_rises_between_two_looks_keeps_nobody_out(database: Database, tmp_path: Path) -> None:
    notes = FileNotes(tmp_path / "tide.json")
    await raised(Tide([notes]), database)
    assert await refused(database.url, RisingMeanwhile(database, notes)) is False
