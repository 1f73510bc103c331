"""Two people, a pace, a stop that holds, a death in the middle, a correction to exactly those who were reached."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from desk.broadcasts import making, running, steering
from desk.broadcasts.asked import given_of
from desk.broadcasts.audience import Chosen
from desk.broadcasts.counting import FAILED, SENT, SKIPPED, UNKNOWN, WAITING
from desk.broadcasts.making import first_texts
from desk.broadcasts.steering import NotYourOwn
from desk.broadcasts.words import ANNOUNCEMENT, CORRECTION, RECOVERY
from desk.notices import BROADCAST, notices, seen
from desk.refusals import ChangedMeanwhile, NotWellSaid
from records import failpoints
from records.models import AuditEntry, Broadcast, BroadcastPerson, Message, Outbound, Staff, StaffNotice
from tests.conftest import OPENING
from tests.desk.broadcasts.outage import After

DAYS: dict[str, Any] = {"first": OPENING.date() - timedelta(days=1), "last": OPENING.date()}
EVERYBODY = Chosen(**DAYS)
LIBUR = {"all": {"": "Senin libur, Kak."}}


def by(after: After, who: str) -> dict[str, Any]:
    """Who decides, and when."""
    return {"person": after.person(who), "at": after.clock()}


async def announced(after: After, **other: Any) -> UUID:
    return await after.made(ANNOUNCEMENT, **{"texts": LIBUR, "chosen": EVERYBODY, **other})


async def rows(after: After, broadcast: UUID) -> list[tuple[str, str]]:
    """Every outbox row of a broadcast: its status, and whether its words stand as said or as a note."""
    async with after.office.database.read() as session:
        found = await session.execute(
            select(Outbound.status, Message.direction)
            .join(Message, Message.id == Outbound.message_id)
            .join(BroadcastPerson, BroadcastPerson.message_id == Message.id)
            .where(BroadcastPerson.broadcast_id == broadcast)
        )
        return [(status, direction) for status, direction in found]


async def test_who_made_it_cannot_approve_it_not_even_in_the_database(after: After) -> None:
    await after.hit("dewi")
    broadcast = await after.made()
    with pytest.raises(NotYourOwn):
        await after.approved(broadcast, by="lela")
    with pytest.raises(IntegrityError):
        async with after.office.database.write() as session:
            await session.execute(update(Broadcast).values(status="approved", approved_by=Broadcast.made_by))
    with pytest.raises(IntegrityError):
        async with after.office.database.write() as session:
            await session.execute(update(Broadcast).values(status="running"))


async def test_who_changed_the_words_or_the_audience_cannot_approve_that_but_its_maker_can(after: After) -> None:
    await after.hit("dewi", "agus")
    broadcast = await announced(after)
    there: dict[str, Any] = {"kind": ANNOUNCEMENT, "texts": LIBUR, "chosen": EVERYBODY}
    others: list[dict[str, Any]] = [
        {"texts": {"all": {"": "Selasa libur, Kak."}}},
        {"chosen": Chosen(**DAYS, channel="telegram")},
    ]
    for change in others:
        await after.changed(broadcast, by="rudi", **(there | change))
        with pytest.raises(NotYourOwn):
            await after.approved(broadcast, by="rudi")
        with pytest.raises(IntegrityError):
            async with after.office.database.write() as session:
                await session.execute(update(Broadcast).values(status="approved", approved_by=Broadcast.changed_by))
        await after.approved(broadcast, by="lela")
        await after.changed(broadcast, by="lela", **there)  # as it was: hers again
        with pytest.raises(NotYourOwn):
            await after.approved(broadcast, by="lela")
        await after.approved(broadcast, by="rudi")


async def test_saving_it_with_another_pace_or_title_alone_makes_it_nobody_elses(after: After) -> None:
    await after.hit("dewi")
    broadcast = await announced(after)
    there: dict[str, Any] = {"kind": ANNOUNCEMENT, "texts": LIBUR, "chosen": EVERYBODY}
    await after.changed(broadcast, by="rudi", **there, rate=60, title="Libur hari Senin")
    with pytest.raises(NotYourOwn):
        await after.approved(broadcast, by="lela")
    await after.approved(broadcast, by="rudi")


async def asked(after: After) -> dict[str, int]:
    """Who has how many notices of broadcasts that they have not seen."""
    async with after.office.database.read() as session:
        unseen = select(Staff.username, StaffNotice.path).join(Staff, Staff.id == StaffNotice.staff_id)
        found = await session.execute(unseen.where(StaffNotice.kind == BROADCAST, StaffNotice.seen_at.is_(None)))
        return dict(Counter(username for username, _ in found))


async def test_who_may_approve_is_told_once_and_its_maker_when_somebody_changes_it(after: After) -> None:
    await after.hit("dewi")
    broadcast = await after.made()
    told = await asked(after)
    supervisors = {who for who, it in after.scene.staff.items() if it.role in ("lead", "pmo", "admin")}
    assert told == dict.fromkeys(supervisors - {"lela"}, 1)
    await after.changed(broadcast, by="lela", rate=60)
    await after.changed(broadcast, by="lela", rate=90)
    assert await asked(after) == told
    async with after.office.database.write() as session:
        await seen(session, after.scene.staff["rudi"].id, after.clock())
    await after.changed(broadcast, by="lela", rate=60)
    assert await asked(after) == told
    await after.changed(broadcast, by="rudi", texts={**first_texts(RECOVERY), "fixed": {"": "Sudah pulih, Kak."}})
    assert await asked(after) == told | {"lela": 1}
    rudi = after.person("rudi")
    async with after.office.database.read() as session:
        newest = (await notices(session, rudi))[0]
    assert newest.path == f"/siaran/{broadcast}"
    assert "Kabar pulih: menunggu persetujuan" in (newest.said or "")


async def test_nothing_is_said_before_it_is_approved(after: After) -> None:
    await after.hit("dewi", "rina")
    await after.made()
    await after.rounds()
    assert await after.heard() == {}
    assert await after.case_of("rina") is None


async def test_a_recount_ends_the_approval_and_finds_who_came_since(after: After) -> None:
    await after.hit("dewi")
    broadcast = await after.approved(await after.made())
    await after.hit("eko")
    async with after.office.database.write() as session:
        who = by(after, "lela")
        await making.count_again(session, after.office.bell, broadcast, **who)
    found = await after.broadcast(broadcast)
    assert (found.status, found.approved_by) == ("draft", None)
    assert (await after.books(broadcast)).audience == 2


async def test_every_decision_stands_in_the_audit(after: After) -> None:
    await after.hit("dewi")
    broadcast = await after.approved(await after.made())
    await after.stopped(broadcast)
    async with after.office.database.read() as session:
        acts = await session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id))
        ours = [tuple(act) for act in acts if act.action.startswith("broadcast")]
    assert ours == [("lela", "broadcast_made"), ("rudi", "broadcast_approved"), ("lela", "broadcast_stopped")]


async def test_a_stop_withholds_at_once_what_was_not_sent(after: After) -> None:
    await after.many(50)
    broadcast = await after.approved(await after.made())
    await running.run(after.office)
    async with after.office.database.write() as session:
        some = select(Outbound.id).where(Outbound.priority == 2).limit(2).scalar_subquery()
        await session.execute(update(Outbound).where(Outbound.id.in_(some)).values(status="sending"))
    queued = len(await rows(after, broadcast))
    assert queued > 2
    assert await after.stopped(broadcast) == queued - 2
    assert sorted(await rows(after, broadcast)) == [("sending", "out")] * 2 + [("withheld", "note")] * (queued - 2)
    # what was just being tried comes back to wait: the next round withholds it too
    async with after.office.database.write() as session:
        await session.execute(update(Outbound).where(Outbound.status == "sending").values(status="due"))
    await after.rounds(1)
    assert {status for status, _ in await rows(after, broadcast)} == {"withheld"}
    books = await after.books(broadcast)
    assert books.columns[SKIPPED] + books.columns[WAITING] == books.audience == 50


async def test_a_stopped_one_goes_on_where_it_was_and_nobody_hears_twice(after: After) -> None:
    await after.many(30)
    broadcast = await after.approved(await after.made())
    await running.run(after.office)
    await after.stopped(broadcast)
    await after.rounds(2)
    who = by(after, "lela")
    async with after.office.database.write() as session:
        await steering.go_on(session, after.office.bell, broadcast, **who)
    for _ in range(4):
        await after.channel_says("sent")
        await after.rounds(3)
    found = await after.broadcast(broadcast)
    assert (found.status, (await after.books(broadcast)).columns[SENT]) == ("done", 30)
    assert all(len(said) == 1 for said in (await after.heard()).values())


async def test_an_ended_one_leaves_out_the_rest_and_is_over(after: After) -> None:
    await after.many(30)
    broadcast = await after.approved(await after.made())
    await after.stopped(broadcast)
    async with after.office.database.write() as session:
        who = by(after, "lela")
        await steering.end(session, after.office.bell, broadcast, **who)
    await after.rounds()
    assert (await after.books(broadcast)).why[SKIPPED, "ended"] == 30
    assert await after.heard() == {}


async def test_the_pace_is_kept_and_a_desk_that_was_away_does_not_make_up_for_it(after: After) -> None:
    it = Broadcast(rate=600, paced_at=OPENING)
    assert running.allowance(it, OPENING + timedelta(seconds=1)) == 10
    assert running.allowance(it, OPENING + timedelta(hours=1)) == 50
    assert running.allowance(Broadcast(rate=600), OPENING) == 10
    await after.many(300)
    broadcast = await after.approved(await after.made(rate=60))
    await running.run(after.office)
    # the clock of this scene goes on by five seconds a look, and no more than five are made up for
    assert len(await rows(after, broadcast)) <= 5 * running.AT_ONCE / 60 * 60


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[None]:
    orders = tmp_path / "failpoints.json"
    orders.write_text('{"desk broadcast batch": {"act": "exception"}}')
    failpoints.arm(orders, "desk")
    yield
    failpoints.arm(None, "desk")


async def test_a_death_within_the_transaction_leaves_nobody_half_way(after: After, doomed: None) -> None:
    await after.many(40)
    broadcast = await after.approved(await after.made())
    with pytest.raises(failpoints.Tripped):
        await running.run(after.office)
    assert await rows(after, broadcast) == []
    # the desk that comes back and one that stood by both take it up
    for _ in range(6):
        await asyncio.gather(running.run(after.office), running.run(after.office))
    assert len(await rows(after, broadcast)) == 40
    assert all(len(said) == 1 for said in (await after.heard()).values())


async def test_a_process_that_is_killed_in_the_middle_leaves_nobody_out_and_tells_nobody_twice(after: After) -> None:
    await after.many(120)
    # slow enough that it is still at it when the first were seen
    broadcast = await after.approved(await after.made(rate=120))
    url = after.office.database.url
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.desk.broadcasts.going", url)
    try:
        async with asyncio.timeout(180):
            while not await rows(after, broadcast):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    before = len(await rows(after, broadcast))
    assert 0 < before < 120
    while len(await rows(after, broadcast)) < 120:
        await running.run(after.office)
    await running.run(after.office)
    async with after.office.database.read() as session:
        chats = await session.scalar(select(func.count(Outbound.conversation_id.distinct())))
        sends = await session.scalar(select(func.count(Outbound.id)))
    assert chats == sends == 120


async def test_a_correction_goes_to_exactly_those_who_were_reached(after: After) -> None:
    await after.hit("dewi", "agus", "rina", "eko", "maya")
    wrong = await after.approved(await announced(after))
    await after.rounds(2)
    for who, status in {"dewi": "delivered", "agus": "unknown", "rina": "refused", "eko": "read"}.items():
        await after.channel_says(status, who)
    with pytest.raises(NotWellSaid):  # it still goes on
        await after.made(CORRECTION, texts=LIBUR, corrects=wrong)
    await after.stopped(wrong)  # maya's was not sent yet
    corrected = await after.made(CORRECTION, texts={"all": {"": "Yang libur hari Selasa."}}, corrects=wrong)
    assert set(await after.states(corrected)) == {"dewi", "agus", "eko"}
    await after.approved(corrected)
    await after.rounds()
    heard = {who: said[-1] for who, said in (await after.heard()).items() if said[-1].startswith("Ralat")}
    assert set(heard) == {"dewi", "agus", "eko"}
    assert "Yang libur hari Selasa." in heard["dewi"]
    assert "24 Agustus 2020 pukul 10.00 WIB" in heard["dewi"]


async def test_the_agent_reads_the_announcement_that_those_they_hold_were_not_sent(after: After) -> None:
    await after.hit("dewi", "agus")
    await after.chat("dewi", owner="human", staff_id=after.scene.staff["sari"].id, owner_version=1)
    await after.approved(await announced(after))
    await after.rounds()
    assert list(await after.heard()) == ["agus"]
    [noted] = await after.notes("dewi")
    assert LIBUR["all"][""] in noted
    assert await after.notes("agus") == []


async def test_an_announcement_tells_in_its_first_line_how_to_have_no_more(after: After) -> None:
    await after.hit("dewi")
    await after.approved(await announced(after))
    await after.rounds()
    first, *_, last = (await after.heard())["dewi"][0].split("\n")
    assert "stop info" in first
    assert last == "Senin libur, Kak."


async def test_choices_combine(after: After) -> None:
    await after.hit("dewi", "agus", "rina", "eko", "maya")
    day: dict[str, Any] = {"first": OPENING.date(), "last": OPENING.date()}
    chosen = {
        "payment": (Chosen(**day, intent="payment_failed"), {"agus", "maya"}),
        "there": (Chosen(**day, intent="payment_failed", channel="telegram"), {"maya"}),
        "outage": (Chosen(incident="INC-2020-08-24", platform="tokopedia"), {"dewi", "agus", "rina", "eko", "maya"}),
        "before": (Chosen(last=OPENING.date() - timedelta(days=1)), set[str]()),
        "wave": (Chosen(**day, wave=4, province="31"), set[str]()),
    }
    for name, (whom, expected) in chosen.items():
        broadcast = await after.made(ANNOUNCEMENT, texts=LIBUR, chosen=whom)
        assert set(await after.states(broadcast)) == expected, name


async def test_outside_the_window_a_template_goes_or_they_wait_until_they_write(after: After) -> None:
    await after.hit("agus", "rina")
    await after.chat("agus", window_until=OPENING - timedelta(hours=1))
    free = await after.approved(await announced(after))
    await after.rounds()
    assert (await after.books(free)).why[WAITING, "window"] == 1
    await after.chat("agus", window_until=OPENING + timedelta(hours=24))
    after.clock.now += timedelta(minutes=6)
    await after.rounds()
    assert set(await after.heard()) == {"agus", "rina"}


async def test_a_template_carries_the_words_and_the_day_has_a_limit(after: After) -> None:
    await after.hit("agus", "maya")
    for who in ("agus", "maya"):
        await after.chat(who, window_until=OPENING - timedelta(hours=1))
    await after.chat("maya di telegram", unreachable="diblokir")
    object.__setattr__(after.office, "templates_a_day", 1)
    broadcast = await after.approved(await after.made(template=True))
    await after.rounds()
    async with after.office.database.read() as session:
        payloads = list(await session.scalars(select(Outbound.payload).where(Outbound.priority == 2)))
    assert [it["template"]["name"] for it in payloads] == ["gangguan_pulih"]
    assert payloads[0]["template"]["parameters"][0] == "gagal bayar"
    assert (await after.books(broadcast)).why[WAITING, "template_cap"] == 1
    after.clock.now += timedelta(hours=25)
    await after.rounds()
    assert (await after.books(broadcast)).why.total() == 2
    assert len(await rows(after, broadcast)) == 2


async def test_what_the_channel_refused_is_counted_as_failed_and_what_nobody_knows_as_unknown(after: After) -> None:
    await after.hit("dewi", "agus", "eko")
    broadcast = await after.approved(await after.made())
    await after.rounds(1)
    await after.channel_says("refused", "agus")
    await after.channel_says("unknown", "eko")
    await after.channel_says("delivered", "dewi")
    columns = (await after.books(broadcast)).columns
    assert (columns[SENT], columns[FAILED], columns[UNKNOWN]) == (1, 1, 1)


async def test_after_its_time_nothing_more_of_it_is_sent(after: After) -> None:
    await after.hit("agus")
    await after.chat("agus", window_until=OPENING - timedelta(hours=1))
    broadcast = await after.approved(await announced(after))
    await after.rounds()
    after.clock.now += timedelta(days=3, minutes=1)
    await after.rounds()
    assert (await after.books(broadcast)).why[SKIPPED, "expired"] == 1
    assert (await after.broadcast(broadcast)).status == "done"


async def test_a_running_one_cannot_be_changed(after: After) -> None:
    await after.hit("dewi")
    broadcast = await after.approved(await after.made())
    await after.rounds(1)
    with pytest.raises(ChangedMeanwhile):
        async with after.office.database.write() as session:
            await making.discard(session, after.office.bell, broadcast, person=after.person("lela"), at=after.clock())


async def test_one_recovery_of_an_outage_at_a_time(after: After) -> None:
    await after.hit("dewi")
    await after.made()
    with pytest.raises(NotWellSaid):
        await after.made()
    async with after.office.database.write() as session:
        await session.execute(delete(BroadcastPerson))
        await session.execute(text("UPDATE incidents SET status = 'confirmed'"))
        await session.execute(update(Broadcast).values(status="discarded"))
    with pytest.raises(NotWellSaid):  # and none while it still goes on
        await after.made()


@pytest.mark.parametrize("rate", [10, 11, 30, 59, 60, 600])
def test_every_pace_is_kept_and_never_stands_still(rate: int) -> None:
    it, sent, minutes = Broadcast(rate=rate), 0, 3
    first = max(1, rate // 60)
    for tick in range(minutes * 60):
        now = OPENING + timedelta(seconds=tick)
        for _ in range(running.AT_ONCE):
            allowed = running.allowance(it, now)
            if allowed <= 0:
                break
            now += timedelta(milliseconds=10)
            running.use_up(it, allowed, now)
            sent += allowed
        assert sent <= first + rate * (tick + 1) / 60
    assert sent >= 0.9 * rate * minutes


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    it = Broadcast(rate=10, paced_at=OPENING + timedelta(hours=1))
    assert running.allowance(it, OPENING) == 1
    running.use_up(it, 1, OPENING)
    assert running.allowance(it, OPENING) == 0
    assert running.allowance(it, OPENING + timedelta(seconds=6)) == 1


async def test_the_slowest_pace_sends_one_message_when_it_begins(after: After) -> None:
    await after.many(30)
    object.__setattr__(after.office, "real_clock", lambda: OPENING)
    broadcast = await after.approved(await after.made(rate=making.SLOWEST))
    await after.rounds(2)
    assert len(await rows(after, broadcast)) == 1


def test_a_wave_is_kept_as_it_was_chosen_and_there_is_none_below_the_first() -> None:
    for wave in (0, 4):
        assert Chosen.of(Chosen(wave=wave).as_data()) == Chosen(wave=wave)
    form = {"judul": "Libur", "laju": "600", "teks_all": "Senin libur, Kak."}
    assert given_of(ANNOUNCEMENT, form | {"gelombang": "1"}).chosen == Chosen(wave=1)
    for none in ("0", "00"):
        with pytest.raises(NotWellSaid, match="Gelombang"):
            given_of(ANNOUNCEMENT, form | {"gelombang": none})


async def test_a_correction_reaches_whose_case_an_agent_took_meanwhile(after: After) -> None:
    await after.hit("dewi", "eko")
    wrong = await after.approved(await announced(after))
    await after.rounds(2)
    await after.channel_says("delivered")
    await after.rounds(1)
    await after.chat("dewi", owner="human", staff_id=after.scene.staff["sari"].id, owner_version=1)
    corrected = await after.made(CORRECTION, texts={"all": {"": "Yang libur hari Selasa."}}, corrects=wrong)
    await after.approved(corrected)
    await after.rounds()
    assert await after.states(corrected) == {"dewi": "queued", "eko": "queued"}


@pytest.mark.parametrize("ended_first", [True, False], ids=["comes back after the end", "comes back before the end"])
async def test_what_was_in_flight_at_the_stop_does_not_go_out_after_the_end(after: After, ended_first: bool) -> None:
    async def comes_back() -> None:
        async with after.office.database.write() as session:
            await session.execute(update(Outbound).where(Outbound.status == "sending").values(status="due"))

    await after.hit("dewi", "eko")
    broadcast = await after.approved(await announced(after))
    await after.rounds(1)
    await after.channel_says("sending")
    assert await after.stopped(broadcast) == 0
    if not ended_first:
        await comes_back()
    async with after.office.database.write() as session:
        await steering.end(session, after.office.bell, broadcast, **by(after, "lela"))
    if ended_first:
        assert {status for status, _ in await rows(after, broadcast)} == {"sending"}
        await comes_back()
        await after.rounds(1)
    assert await rows(after, broadcast) == [("withheld", "note")] * 2
    assert (await after.broadcast(broadcast)).status == "done"
