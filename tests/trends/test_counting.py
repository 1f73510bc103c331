"""The counts are what a plain look at every message finds, whatever comes, is corrected, goes, and is folded when."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from records.clock import Clock, wib
from records.database import Database, ReadSession
from records.models import ChannelIdentity, Conversation, Inbound, Turn
from records.privacy.erasing import erase
from records.privacy.person import subject_of
from tests.trends.registered import BOUGHT, PEOPLE, found_purchase, register
from trends.bars import counted
from trends.counting import fold
from trends.heat import heat
from trends.rebuilding import rebuild
from trends.rows import complaint_rows, count_rows
from trends.total import all_complaints, handed_over, left_out
from trends.within import DIMENSIONS, LEFT_OUT, Within

START = datetime(2020, 6, 28, 3, tzinfo=UTC)
EVER = Within(date(2020, 6, 25), date(2020, 9, 5))
OF_THE_PERSON = ("wave", "institution", "partner", "province")
NOBODY = dict.fromkeys(OF_THE_PERSON, "-")
SAID = {
    "hours": st.integers(0, 24 * 66),
    "intent": st.sampled_from(("payment_failed", "paid_no_code", "greet", "out_of_scope", "nlu_fallback", None)),
    "platform": st.sampled_from(("tokopedia", None)),
    "channel": st.sampled_from(("telegram", "whatsapp")),
    "outcome": st.sampled_from(("answered", "handed_over")),
    "who": st.sampled_from((*PEOPLE, None)),
    "about_purchase": st.booleans(),
}
DEEDS = (
    *("correct", "correct", "name", "delete", "erase", "fold", "fold", "fold some", "fold twice", "move"),
    *("rebuild", "rebuild afresh"),
)
FILTERS = {
    "intent": st.sampled_from(("payment_failed", "greet")),
    "platform": st.sampled_from(("tokopedia", "-")),
    "channel": st.just("telegram"),
    "wave": st.sampled_from(("4", "-")),
    "institution": st.sampled_from(("kampus-a", "-")),
    "partner": st.sampled_from(("ovo", "-")),
    "province": st.sampled_from(("32", "-")),
}
RANGES = st.sampled_from(
    (
        (EVER.first, EVER.last),
        (date(2020, 7, 1), date(2020, 8, 31)),
        (date(2020, 6, 30), date(2020, 8, 1)),
        (date(2020, 7, 5), date(2020, 7, 20)),
    )
)


@dataclass
class Said:
    """One message in the plain model, and what it counts as."""

    id: UUID
    chat: UUID
    at: datetime
    who: str | None
    cell: dict[str, str]
    counted: bool = False
    frozen: bool = False
    """The person was erased after it was counted: nothing changes it any more."""
    row: bool = True
    shown: dict[str, str] = field(default_factory=dict)
    """What its row says of it, where that is more than is counted: corrected after the person was erased."""

    def now_is(self, by: str, key: str) -> None:
        """Another value of one dimension."""
        if self.frozen:
            self.shown = {**self.shown, by: key}
        else:
            self.cell = {**self.cell, by: key}

    def complaint(self, cell: dict[str, str]) -> bool:
        """Whether it is one."""
        return cell["intent"] not in (*LEFT_OUT, "-")


@dataclass
class World:
    """The messages, what waits to be counted, and where people live by now."""

    messages: list[Said] = field(default_factory=list)
    waiting: list[Said] = field(default_factory=list)
    """In the order of the news."""
    was: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """Of the counted, as what."""
    people: dict[str, dict[str, str]] = field(default_factory=lambda: {name: dict(it) for name, it in PEOPLE.items()})

    def folded(self, most: int | None = None) -> None:
        """Count what waits, or the first of it."""
        taken, self.waiting = self.waiting[:most], self.waiting[most:] if most else []
        for it in taken:
            self.count(it)

    def count(self, it: Said) -> None:
        """Count one message as it is."""
        if not it.frozen:
            it.counted, self.was[it.id] = True, dict(it.cell)

    def now(self, it: Said) -> Said:
        """As what a message counts: one that is not counted yet as the programme knows its person now."""
        if it.counted or it.frozen or it.who is None or not it.row:
            return it
        known = self.people[it.who]
        return replace(it, cell={**it.cell, **{by: known[by] for by in ("wave", "partner", "province")}})


class Life:
    """Does to the records what is done to the model."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock, self.world = database, clock, World()

    async def say(self, it: dict[str, Any]) -> None:
        """Somebody writes."""
        at, who = START + timedelta(hours=it["hours"]), it["who"]
        told = found_purchase(who) if it["about_purchase"] and who in BOUGHT else []
        async with self.database.write() as session:
            person = ChannelIdentity(channel=it["channel"], external_id=str(uuid4()))
            session.add(person)
            await session.flush()
            chat = Conversation(channel=it["channel"], external_id=str(uuid4()), opened_at=at, identity_id=person.id)
            session.add(chat)
            await session.flush()
            inbound = Inbound(
                channel=it["channel"],
                external_id=str(uuid4()),
                conversation_id=chat.id,
                kind="text",
                order_key=1,
                received_at=at,
                status="done",
            )
            session.add(inbound)
            await session.flush()
            turn = Turn(
                id=uuid4(),
                inbox_id=inbound.id,
                conversation_id=chat.id,
                channel=it["channel"],
                intent=it["intent"],
                platform=it["platform"],
                outcome=it["outcome"],
                participant_id=who,
                findings=told,
                took_ms=1.0,
                created_at=at,
            )
            session.add(turn)
        cell = {by: it[by] or "-" for by in ("intent", "platform", "channel", "outcome")}
        known = {**NOBODY, **(self.world.people[who] if who else {}), **({"institution": BOUGHT[who]} if told else {})}
        said = Said(turn.id, chat.id, at, who, {**cell, **known})
        self.world.messages.append(said)
        self.world.waiting.append(said)

    async def do(self, deed: str, number: int) -> None:
        """Do one thing, to one message where it is done to one."""
        there = [it for it in self.world.messages if it.row]
        it = there[number % len(there)] if there else None
        if deed.startswith(("fold", "rebuild")):
            await getattr(self, deed.replace(" ", "_"))()
        elif deed == "move":
            await self.move(("siti", "budi")[number % 2], ("32", "94", "11")[number % 3])
        elif it:
            await getattr(self, deed)(it, number)

    async def correct(self, it: Said, number: int) -> None:
        """An agent says what was meant."""
        meant = ("payment_failed", "wrong_charge", "thank")[number % 3]
        if await self.change(it, "corrected_intent", meant):
            it.now_is("intent", meant)

    async def name(self, it: Said, number: int) -> None:
        """The platform becomes known."""
        platform = ("bukalapak", "tokopedia")[number % 2]
        if await self.change(it, "platform", platform):
            it.now_is("platform", platform)

    async def change(self, it: Said, column: str, value: str) -> bool:
        """Write one column; tells whether that is news."""
        statement = f"UPDATE turns SET {column} = :value WHERE id = :id AND {column} IS DISTINCT FROM :value"  # noqa: S608
        async with self.database.write() as session:
            done = await session.execute(text(statement), {"value": value, "id": it.id})
        if done.rowcount:  # type: ignore[attr-defined]
            self.world.waiting.append(it)
        return bool(done.rowcount)  # type: ignore[attr-defined]

    async def delete(self, it: Said, number: int) -> None:
        """Its time is over: the row goes."""
        async with self.database.write() as session:
            await session.execute(text("DELETE FROM turns WHERE id = :id"), {"id": it.id})
        it.row = False
        if not it.counted:
            it.cell = {**it.cell, **NOBODY}
        self.world.waiting.append(it)

    async def erase(self, it: Said, number: int) -> None:
        """The person asks to be forgotten."""
        async with self.database.write() as session:
            await erase(session, await subject_of(session, it.chat), self.clock())
        if it.counted:
            if not it.frozen:
                it.shown = {by: it.cell[by] for by in ("intent", "platform")}
            it.cell, it.frozen = self.world.was[it.id], True
        else:
            it.cell, it.who = {**it.cell, **NOBODY}, None

    async def move(self, who: str, province: str) -> None:
        """The programme's tables change: what is counted stays as it was."""
        async with self.database.write() as session:
            statement = text("UPDATE programme.participants SET province = :province WHERE id = :id")
            await session.execute(statement, {"province": province, "id": who})
        self.world.people[who]["province"] = province

    async def fold(self) -> None:
        """Everything is counted."""
        self.settle()
        await fold(self.database, self.clock)
        self.world.folded()

    async def fold_some(self) -> None:
        """Only the first two news are counted."""
        for it in self.world.waiting[:2]:
            it.cell = self.world.now(it).cell
        await fold(self.database, self.clock, batch=2, most=1)
        self.world.folded(2)

    async def fold_twice(self) -> None:
        """Two processes count at once, and one of them once more, for one of them may have found nothing to do."""
        self.settle()
        await asyncio.gather(fold(self.database, self.clock, batch=1), fold(self.database, self.clock, batch=1))
        await fold(self.database, self.clock)
        self.world.folded()

    async def rebuild(self) -> None:
        """All is counted anew from what there is."""
        self.settle()
        await fold(self.database, self.clock)
        self.world.folded()
        await rebuild(self.database, self.clock)

    async def rebuild_afresh(self) -> None:
        """All is counted anew, and the programme's tables are asked anew."""
        await self.rebuild()
        await rebuild(self.database, self.clock, afresh=True)
        for it in self.world.messages:
            if it.row and not it.frozen:
                it.cell = self.world.now(replace(it, counted=False)).cell
                self.world.was[it.id] = dict(it.cell)

    def settle(self) -> None:
        """What waits is counted as the programme knows its people at this moment."""
        for it in self.world.waiting:
            it.cell = self.world.now(it).cell


@dataclass(frozen=True)
class Figures:
    """Everything that is asked of one range and its filters."""

    bars: dict[str, dict[str, int]]
    left_out: int
    handed_over: int
    week: dict[tuple[int, int], int]
    rows: int


async def asked(session: ReadSession, within: Within) -> Figures:
    bars = {by: {bar.key: bar.messages for bar in await counted(session, within, by)} for by in DIMENSIONS}
    total = (await all_complaints(session, within)).messages
    assert {sum(bar.values()) for bar in bars.values()} == {total}
    week = {(it.weekday, it.hour): it.messages for it in await heat(session, within) if it.messages}
    rows = len(await complaint_rows(session, within, limit=1000))
    assert await count_rows(session, within) == rows
    return Figures(bars, (await left_out(session, within)).total, await handed_over(session, within), week, rows)


def looked(world: World, within: Within) -> Figures:
    """The same by looking at every message."""
    there = [it for it in map(world.now, world.messages) if within.first <= wib(it.at).date() <= within.last]
    mine = [it for it in there if matches(it.cell, within)]
    complaints = [it for it in mine if it.complaint(it.cell)]
    bars: dict[str, dict[str, int]] = {
        by: dict(Counter(it.cell[by] for it in complaints)) for by in DIMENSIONS if by != "day"
    }
    days = Counter(wib(it.at).date() for it in complaints)
    bars["day"] = {day.isoformat(): days[day] for day in within.days}
    week = Counter((wib(it.at).weekday(), wib(it.at).hour) for it in complaints)
    theirs = set(within.filters) & set(OF_THE_PERSON)
    kept = [it for it in there if it.row and not (it.frozen and theirs)]
    rows = [it for it in kept if it.complaint(it.cell | it.shown) and matches(it.cell | it.shown, within)]
    handed = sum(it.cell["outcome"] == "handed_over" for it in complaints)
    return Figures(bars, len(mine) - len(complaints), handed, dict(week), len(rows))


def matches(cell: dict[str, str], within: Within) -> bool:
    return all(cell[by] == key for by, key in within.filters.items())


@pytest.fixture
async def programme(database: Database) -> Database:
    """The small programme."""
    await register(database)
    return database


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.fixed_dictionaries(SAID), min_size=3, max_size=8),
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 20)), min_size=6, max_size=14),
    later=st.lists(st.fixed_dictionaries(SAID), max_size=2),
    filters=st.lists(st.fixed_dictionaries({}, optional=FILTERS), min_size=1, max_size=3),
    span=RANGES,
)
async def test_every_figure_is_what_a_plain_look_at_all_messages_finds(
    programme: Database,
    clock: Clock,
    said: list[dict[str, Any]],
    deeds: list[tuple[str, int]],
    later: list[dict[str, Any]],
    filters: list[dict[str, Any]],
    span: tuple[date, date],
) -> None:
    life = await begin(programme, clock)
    for it in said:
        await life.say(it)
    for number, (deed, which) in enumerate(deeds):
        await life.do(deed, which)
        if number == len(deeds) // 2:
            for it in later:
                await life.say(it)
    everything: dict[str, Any] = {}
    for wanted in (everything, *filters):
        within = Within(*span, **wanted)
        async with programme.read() as session:
            assert await asked(session, within) == looked(life.world, within), within


async def begin(database: Database, clock: Clock) -> Life:
    """Nothing was ever said; everybody lives where they did."""
    async with database.write() as session:
        await session.execute(
            text(
                "TRUNCATE turns, inbox, conversations, identities, lanes, trend_news, trend_facts, trend_hours, "
                "trend_kept, trend_days, trend_months CASCADE"
            )
        )
        for name, it in PEOPLE.items():
            move = text("UPDATE programme.participants SET province = nullif(:province, '-') WHERE id = :id")
            await session.execute(move, {"id": name, "province": it["province"]})
    return Life(database, clock)
