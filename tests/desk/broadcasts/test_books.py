"""The books balance whatever happens: everybody stands in one column at every moment, and hears at most once."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from checks.desk_records import Records
from checks.sources import Sources
from checks.wording import Wording
from desk.app import create_app
from desk.broadcasts import steering
from desk.broadcasts.counting import COLUMNS
from desk.broadcasts.people import read_people
from desk.rechecking import Rechecking
from desk.refusals import Refusal
from records.bell import PostgresBell
from records.models import Staff
from records.sealed import Seal
from tests.conftest import OPENING
from tests.desk.broadcasts.outage import After, Clock, Real, after_the_outage, incident
from tests.desk.making import Scene
from tests.desk.scenes import hire
from tests.properties.world import World

WHO = ("dewi", "agus", "rina", "eko", "maya")
type Event = Callable[[After, UUID, str], Awaitable[object]]
FORGET = (
    *(
        "broadcast_people",
        "broadcasts",
        "incident_people",
        "incidents",
        "tickets",
        "outbox",
        "messages",
        "turns",
        "inbox",
    ),
    *("conversations", "identities"),
)


async def _round(after: After, broadcast: UUID, who: str) -> None:
    await after.rounds(1)


def _said(status: str) -> Event:
    async def says(after: After, broadcast: UUID, who: str) -> None:
        await after.channel_says(status, who)

    return says


async def _stop(after: After, broadcast: UUID, who: str) -> None:
    await after.stopped(broadcast)


def _decides(act: Callable[..., Awaitable[object]]) -> Event:
    async def decides(after: After, broadcast: UUID, who: str) -> None:
        async with after.office.database.write() as session:
            await act(session, after.office.bell, broadcast, person=after.person("lela"), at=after.clock())

    return decides


async def _approve(after: After, broadcast: UUID, who: str) -> None:
    await after.approved(broadcast)


async def _later(after: After, broadcast: UUID, who: str) -> None:
    after.clock.now += timedelta(minutes=7)


async def _much_later(after: After, broadcast: UUID, who: str) -> None:
    after.clock.now += timedelta(days=2)


async def _wants_none(after: After, broadcast: UUID, who: str) -> None:
    await after.wants_none(who)


def _chat(**values: object) -> Event:
    async def changes(after: After, broadcast: UUID, who: str) -> None:
        await after.chat(who, **values)

    return changes


async def _held(after: After, broadcast: UUID, who: str) -> None:
    await after.chat(who, owner="human", staff_id=after.scene.staff["sari"].id)


async def _away(after: After, broadcast: UUID, who: str) -> None:
    after.programme.away ^= {"card"}


EVENTS: dict[str, Event] = {
    "a round": _round,
    "another round": _round,
    "approved": _approve,
    "sent": _said("sent"),
    "refused": _said("refused"),
    "unknown": _said("unknown"),
    "waits for the window": _said("waiting"),
    "stopped": _stop,
    "goes on": _decides(steering.go_on),
    "ended": _decides(steering.end),
    "later": _later,
    "much later": _much_later,
    "wants none": _wants_none,
    "blocked": _chat(unreachable="diblokir"),
    "window shut": _chat(window_until=OPENING - timedelta(days=1)),
    "held": _held,
    "source away or back": _away,
}


@pytest.fixture(scope="module")
def world(postgres: object, request: pytest.FixtureRequest) -> Iterator[World]:
    admin = f"host={postgres.socket_folder.resolve()} user=postgres dbname=postgres"  # type: ignore[attr-defined]
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute('CREATE DATABASE "books" TEMPLATE template STRATEGY file_copy')
    world = World(postgres.url("books"), Fernet.generate_key().decode())  # type: ignore[attr-defined]
    yield world
    world.close()


async def _begun(world: World) -> tuple[After, UUID]:
    programme, clock = after_the_outage(), Clock()
    records = Records(world.database, elapsed=lambda: 0.0)
    sources = Sources(programme, records, lambda *_: None, deadline_seconds=60.0)
    app = create_app(
        database=world.database,
        clock=clock,
        bell=PostgresBell(world.database.url),
        seal=Seal(world.data_key),
        rechecking=Rechecking(sources, Wording.read()),
    )
    office = app.state.office
    object.__setattr__(office, "real_clock", Real())
    async with world.database.write() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in FORGET:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (our own tables)
        session.add(incident())
    after = After(office, Scene({}, {}, {}), clock, programme)
    after.scene.staff = await _staff(world)
    await after.hit(*WHO)
    return after, await after.made()


async def _staff(world: World) -> dict[str, Staff]:
    async with world.database.write() as session:
        there = {it.username: it for it in await session.scalars(select(Staff))}
        return there or await hire(session, OPENING)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(happens=st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from(WHO)), min_size=5, max_size=12))
def test_everybody_stands_in_one_column_at_every_moment(world: World, happens: list[tuple[str, str]]) -> None:
    world.run(_played(world, [("approved", "dewi"), *happens]))


async def _played(world: World, happens: list[tuple[str, str]]) -> None:
    after, broadcast = await _begun(world)
    for event, who in happens:
        try:
            await EVENTS[event](after, broadcast, who)
        except Refusal:
            event += ", refused"
        await _balanced(after, broadcast, event)


async def _balanced(after: After, broadcast: UUID, event: str) -> None:
    books = await after.books(broadcast)
    assert books.audience == len(WHO), event
    assert books.columns.total() == books.why.total() == books.channels.total()
    assert set(books.columns) == set(COLUMNS)
    assert all(len(said) == 1 for said in (await after.heard()).values()), event
    async with after.office.database.read() as session:
        it = await after.broadcast(broadcast)
        for column, number in books.columns.items():
            lines = await read_people(session, it, after.person("lela"), after.clock(), part=f"kolom:{column}")
            assert len(lines) == number, (event, column)
