"""Promises with a clock that moves: who is told what and when, which cases come back, and who gets the next one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from desk.acts.claim import claim
from desk.app import create_app
from desk.office import Office
from desk.presence import at_desk
from desk.rounds.giving import give_cases
from desk.rounds.promising import keep_promises
from desk.rounds.returning import bring_back
from desk.staff_group.hearing import Account
from desk.staff_group.linking import seen_in_group
from records.bell import Bell
from records.clock import Clock, system_clock
from records.database import Database
from records.expectation import expectation, place_of
from records.models import Assignment, Conversation, HandOver, Message, Outbound, Staff, StaffNotice, Team, Ticket
from tests.desk.conftest import A_SEAL
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP

MINUTE = timedelta(minutes=1)


class Moving:
    """A clock that goes on when told to; the real one goes along."""

    def __init__(self, now: datetime) -> None:
        self.gone = timedelta()
        self.began = now

    def __call__(self) -> datetime:
        return self.began + self.gone

    def real(self) -> datetime:
        return system_clock() + self.gone


@pytest.fixture
def moving(clock: Clock) -> Moving:
    return Moving(clock())


@pytest.fixture
def office(database: Database, moving: Moving, bell: Bell) -> Office:
    app: FastAPI = create_app(
        database=database, clock=moving, bell=bell, seal=A_SEAL, passwords=CHEAP, real_clock=moving.real
    )
    office: Office = app.state.office
    return office


type Here = Callable[..., Awaitable[None]]


@pytest.fixture
def here(office: Office, scene: Scene) -> Here:
    """Have these people's desks open now."""

    async def here(*names: str) -> None:
        for name in names:
            await at_desk(office, scene.staff[name].id)

    return here


async def told(database: Database, scene: Scene, who: str) -> list[str]:
    """What the house told this participant about the promise."""
    async with database.read() as session:
        words = select(Message.text).where(
            Message.conversation_id == scene.conversations[who].id, Message.kind == "promise"
        )
        return list(await session.scalars(words.order_by(Message.position)))


async def notices(database: Database, scene: Scene, who: str, kind: str) -> list[str]:
    async with database.read() as session:
        mine = select(StaffNotice.said).where(StaffNotice.staff_id == scene.staff[who].id, StaffNotice.kind == kind)
        return list(await session.scalars(mine.order_by(StaffNotice.at)))


async def ticket(database: Database, scene: Scene, who: str) -> Ticket:
    async with database.read() as session:
        return await session.get_one(Ticket, scene.tickets[who].id)


async def change(database: Database, statement: str, **given: object) -> None:
    async with database.write() as session:
        await session.execute(text(statement), given)


async def quiet(database: Database, scene: Scene, *but: str) -> None:
    """Leave only these cases unanswered."""
    async with database.write() as session:
        others = [case.id for name, case in scene.tickets.items() if name not in but]
        await session.execute(update(Ticket).where(Ticket.id.in_(others)).values(first_reply_at=Ticket.opened_at))


async def test_a_participant_hears_before_a_promise_is_missed_and_the_lead_too_once(
    office: Office, scene: Scene, database: Database, moving: Moving
) -> None:
    await quiet(database, scene, "siti")
    await keep_promises(office)
    assert await notices(database, scene, "lela", "promise") == ["Sisa waktu janji tinggal seperempat."]
    assert await told(database, scene, "siti") == []  # twelve of sixty minutes are left: no need to worry anybody yet
    moving.gone = 6 * MINUTE
    await keep_promises(office)
    await keep_promises(office)
    [said] = await told(database, scene, "siti")
    number = scene.tickets["siti"].number
    assert said == (
        f"Kak, laporan {number} mungkin belum terjawab sampai hari ini pukul 10.12 WIB; maaf ya. "
        "Laporan Kakak tetap diurus dan tidak perlu dikirim ulang."
    )
    async with database.read() as session:
        sent = select(Outbound).join(Message, Message.id == Outbound.message_id).where(Message.kind == "promise")
        [row] = list(await session.scalars(sent))
    assert (row.author, row.priority, row.status) == ("system", 1, "due")
    moving.gone = 20 * MINUTE
    await keep_promises(office)
    await keep_promises(office)
    assert len(await told(database, scene, "siti")) == 1
    assert len(await notices(database, scene, "lela", "promise")) == 2
    assert (await ticket(database, scene, "siti")).broken_at == moving()


async def test_an_answer_in_time_worries_nobody(
    office: Office, scene: Scene, database: Database, moving: Moving
) -> None:
    await quiet(database, scene)
    moving.gone = 24 * 60 * MINUTE
    assert await keep_promises(office) == 0
    assert await notices(database, scene, "lela", "promise") == []


async def test_outside_whatsapps_window_staff_see_that_nobody_could_be_told(
    office: Office, scene: Scene, database: Database, moving: Moving
) -> None:
    await quiet(database, scene, "budi")
    moving.gone = 119 * MINUTE
    async with database.write() as session:
        await session.execute(update(Conversation).values(window_until=moving() - MINUTE))
    await keep_promises(office)
    async with database.read() as session:
        words = select(Message).where(
            Message.conversation_id == scene.conversations["budi"].id, Message.author == "system"
        )
        [left] = list(await session.scalars(words))
    assert left.direction == "note"
    assert "Jendela WhatsApp sudah tutup" in left.text


async def test_a_pace_that_is_too_slow_is_told_as_soon_as_it_shows(
    office: Office, scene: Scene, database: Database, moving: Moving
) -> None:
    await quiet(database, scene, "budi")
    await change(
        database,
        "INSERT INTO tickets (id, conversation_id, intent, summary, reason, queue, status, opened_by_turn, opened_at, "
        "promised_at, first_reply_at) SELECT gen_random_uuid(), :chat, 'payment_failed', '', '', 'PMO_TRANSACTION', "
        "'resolved', gen_random_uuid(), CAST(:now AS timestamptz) - interval '6 hours' * n, "
        "CAST(:now AS timestamptz), CAST(:now AS timestamptz) - interval '6 hours' * n + interval '10 days' "
        "FROM generate_series(41, 55) AS n",
        chat=scene.conversations["tamu"].id,
        now=moving(),
    )
    await change(database, "UPDATE tickets SET opened_at = promised_at - interval '5 hours' WHERE status <> 'resolved'")
    moving.gone = 60 * MINUTE
    await keep_promises(office)
    [said] = await told(database, scene, "budi")
    assert "Perkiraan kami sekarang, Kakak dijawab" in said


async def test_rare_urgent_answers_do_not_slow_down_the_pace_of_the_many_normal_ones(
    scene: Scene, database: Database, moving: Moving
) -> None:
    answered = (
        "INSERT INTO tickets (id, conversation_id, intent, summary, reason, queue, priority, status, opened_by_turn, "
        "opened_at, promised_at, first_reply_at) SELECT gen_random_uuid(), :chat, 'payment_failed', '', '', "
        "'PMO_TRANSACTION', :priority, 'resolved', gen_random_uuid(), at - interval '1 minute', at, at "
        "FROM (SELECT CAST(:now AS timestamptz) - n * CAST(:apart AS interval) AS at "
        "FROM generate_series(1, CAST(:times AS integer)) AS n) AS answers"
    )
    days = timedelta(days=2, hours=12)
    for priority, apart, times in (("normal", MINUTE, 60), ("urgent", days, 5)):
        given = {"chat": scene.conversations["tamu"].id, "priority": priority, "now": moving()}
        await change(database, answered, apart=apart, times=times, **given)
    async with database.read() as session:
        it = await expectation(session, await session.get_one(Ticket, scene.tickets["budi"].id), moving())
    # one normal answer a minute, and two cases before this one
    assert it.place == 3
    assert it.likely is not None
    assert it.likely - moving() <= 3 * MINUTE


async def test_a_silent_holders_case_goes_back_with_a_reason_and_a_typing_ones_stays(
    office: Office, scene: Scene, database: Database, moving: Moving, bell: Bell, here: Here
) -> None:
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=moving())
    moving.gone = 59 * MINUTE
    await here("sari")
    assert await bring_back(office) == 0
    moving.gone = 61 * MINUTE
    await here("sari")
    await change(
        database,
        "INSERT INTO staff_presence (staff_id, conversation_id, seen_at, typing_at) VALUES (:staff, :chat, :at, :at)",
        staff=scene.staff["sari"].id,
        chat=scene.conversations["siti"].id,
        at=moving.real(),
    )
    assert await bring_back(office) == 0
    moving.gone = 65 * MINUTE
    await here("sari")
    assert await bring_back(office) == 1
    case = await ticket(database, scene, "siti")
    assert (case.status, case.staff_id) == ("open", None)
    async with database.read() as session:
        over = select(HandOver.reason).where(HandOver.ticket_id == case.id).order_by(HandOver.version.desc()).limit(1)
        assert await session.scalar(over) == "kembali ke antrean: Sari Dewanti belum membalas 60 menit kerja"
    assert await notices(database, scene, "sari", "returned") == ["Karena Sari Dewanti belum membalas 60 menit kerja."]


async def test_who_works_from_the_staff_group_is_silent_after_a_while_but_not_gone(
    office: Office, scene: Scene, database: Database, moving: Moving, bell: Bell, here: Here
) -> None:
    account = Account(7001, "Sari")
    await change(database, "UPDATE staff SET telegram_user_id = '7001' WHERE username = 'sari'")
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=moving())
    await here("sari")
    moving.gone = 2 * MINUTE
    await seen_in_group(database, account, moving.real())
    moving.gone = 40 * MINUTE
    assert await bring_back(office) == 0
    await here("sari")
    moving.gone = 54 * MINUTE
    assert await bring_back(office) == 0
    moving.gone = 56 * MINUTE
    assert await bring_back(office) == 1
    assert await notices(database, scene, "sari", "returned") == ["Karena Sari Dewanti tidak terhubung lagi."]


async def test_what_is_put_off_or_answered_stays_with_its_holder(
    office: Office, scene: Scene, database: Database, moving: Moving, bell: Bell, here: Here
) -> None:
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=moving())
    later = moving() + timedelta(hours=9)
    await change(database, "UPDATE tickets SET snoozed_until = :later WHERE status = 'claimed'", later=later)
    moving.gone = 5 * 60 * MINUTE
    assert await bring_back(office) == 0  # yanto was answered, siti is put off
    await change(database, "UPDATE tickets SET snoozed_until = NULL, waiting_since = NULL")
    assert await bring_back(office) == 0


async def test_cases_of_who_went_away_or_offline_are_handed_on_but_not_at_night(
    office: Office, scene: Scene, database: Database, moving: Moving, bell: Bell, here: Here
) -> None:
    await change(database, "UPDATE teams SET gives_cases = true")
    async with database.write() as session:
        for who in ("siti", "budi"):
            await claim(session, bell, ticket_id=scene.tickets[who].id, staff=scene.staff["sari"], at=moving())
    await here("sari")
    moving.gone = timedelta(hours=12)  # 22.00
    assert await bring_back(office) == 0
    moving.gone = timedelta(hours=22, minutes=16)  # 08.16 the next day, and Sari has not come
    await change(database, "UPDATE teams SET silent_minutes = 1440")
    await here("joko")
    assert await bring_back(office) == 2
    assert await give_cases(office) >= 2
    assert (await ticket(database, scene, "siti")).staff_id == scene.staff["joko"].id
    await change(database, "UPDATE staff SET away_since = :now WHERE username = 'joko'", now=moving())
    moving.gone += 4 * MINUTE
    await here("joko", "sari")
    assert await bring_back(office) == 0
    moving.gone += 2 * MINUTE
    await here("joko", "sari")
    assert await bring_back(office) >= 2
    await give_cases(office)
    case = await ticket(database, scene, "siti")
    assert case.staff_id == scene.staff["sari"].id
    async with database.read() as session:
        reasons = select(Assignment.reason).where(Assignment.ticket_id == case.id).order_by(Assignment.at)
        assert "hanya Sari Dewanti yang bisa menerima" in list(await session.scalars(reasons))[-1]


async def test_cases_left_lying_are_given_as_soon_as_somebody_is_there_and_never_beyond_capacity(
    office: Office, scene: Scene, database: Database, here: Here
) -> None:
    assert await give_cases(office) == 0
    async with database.write() as session:
        await session.execute(update(Team).values(gives_cases=True))
        await session.execute(update(Staff).values(capacity=2))
    assert await give_cases(office) == 0
    await here("joko", "lela", "hasan")
    assert await give_cases(office) == 2  # an agent is given cases; a lead and an auditor are not
    assert (await ticket(database, scene, "rina")).staff_id == scene.staff["joko"].id  # the promise that ends first
    assert (await ticket(database, scene, "siti")).staff_id == scene.staff["joko"].id
    assert (await ticket(database, scene, "budi")).status == "open"
    assert len(await notices(database, scene, "joko", "given")) == 2
    await here("sari")
    assert await give_cases(office) == 1
    assert (await ticket(database, scene, "budi")).staff_id == scene.staff["sari"].id


async def test_two_desks_that_give_at_once_give_a_case_once(
    office: Office, scene: Scene, database: Database, here: Here
) -> None:
    await change(database, "UPDATE teams SET gives_cases = true")
    await here("joko", "sari")
    assert sum(await asyncio.gather(*(give_cases(office) for _ in range(3)))) == 3
    async with database.read() as session:
        assert len(list(await session.scalars(select(Assignment.id)))) == 3


async def test_a_reopened_case_goes_back_to_whom_it_was_with_whether_or_not_cases_are_given(
    office: Office, scene: Scene, database: Database, here: Here
) -> None:
    joko = scene.staff["joko"].id
    await change(database, "UPDATE tickets SET previous_staff_id = :joko WHERE status = 'open'", joko=joko)
    await here("sari")
    assert await give_cases(office) == 0
    await here("joko")
    assert await give_cases(office) == 3
    assert (await ticket(database, scene, "siti")).staff_id == joko


async def test_the_place_counts_who_is_answered_first_and_nobody_else(
    scene: Scene, database: Database, moving: Moving
) -> None:
    async def place(who: str) -> int:
        async with database.read() as session:
            return await place_of(session, await session.get_one(Ticket, scene.tickets[who].id))

    # by the end of the promise: rina (missed), siti (in 12 minutes), budi (in 2 hours); yanto has been answered
    assert [await place(who) for who in ("rina", "siti", "budi")] == [1, 2, 3]
    later = moving() + timedelta(hours=1)
    await change(
        database, "UPDATE tickets SET snoozed_until = :at WHERE number = :n", at=later, n=scene.tickets["siti"].number
    )
    assert await place("budi") == 2
    await change(database, "INSERT INTO teams (id, name) VALUES (gen_random_uuid(), 'Lain')")
    await change(
        database,
        "UPDATE tickets SET team_id = (SELECT id FROM teams WHERE name = 'Lain') WHERE number = :n",
        n=scene.tickets["rina"].number,
    )
    assert await place("budi") == 1
