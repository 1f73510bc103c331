"""What is given out respects what a person decided: whom a reopened case is with, and where the bot answers."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from desk.acts.claim import claim
from desk.acts.release import release
from desk.acts.to_the_bot import to_the_bot
from desk.acts.transfer import transfer
from desk.office import Office
from desk.presence import at_desk
from desk.returning import Held, put_back
from desk.rounds.giving import give_cases
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import Conversation, HandOver, Team, Ticket
from tests.desk.casework import Work
from tests.desk.making import Scene


@pytest.fixture
def work(database: Database, bell: Bell, scene: Scene, clock: Clock) -> Work:
    return Work(database, bell, scene, clock)


@pytest.fixture
def office(app: FastAPI) -> Office:
    office: Office = app.state.office
    return office


async def here(office: Office, work: Work, *names: str) -> None:
    """Have these people's desks open now."""
    for name in names:
        await at_desk(office, work.staff(name))


async def change(work: Work, model: Any, *cases: str, **values: object) -> None:
    """Change these cases; without any, all of this kind."""
    which = [model.id.in_([work.id(case) for case in cases])] if cases else []
    async with work.database.write() as session:
        await session.execute(update(model).where(*which).values(values))


# --- a reopened case


async def test_a_reopened_case_somebody_claimed_and_released_stays_in_the_queue(office: Office, work: Work) -> None:
    await change(work, Ticket, "siti", previous_staff_id=work.staff("joko"))
    await work.do(claim, "sari", "siti")
    await work.do(release, "sari", "siti")
    await here(office, work, "joko")
    assert await give_cases(office) == 0
    assert (await work.ticket("siti")).status == "open"


async def test_a_reopened_case_transferred_to_a_team_waits_for_that_team(office: Office, work: Work) -> None:
    await change(work, Ticket, "siti", previous_staff_id=work.staff("joko"))
    other = await work.team("Lain")
    await work.do(transfer, "sari", "siti", to=other, reason="bukan urusan kami")
    await here(office, work, "joko")
    assert await give_cases(office) == 0
    ticket = await work.ticket("siti")
    assert (ticket.status, ticket.team_id) == ("open", other)


async def _to_a_colleague(work: Work) -> None:
    await work.do(transfer, "sari", "yanto", to=work.staff("joko"), reason="ganti jaga", seen_holder=work.staff("sari"))


async def _released(work: Work) -> None:
    await work.do(release, "sari", "yanto")


async def _come_back(work: Work) -> None:
    ticket = await work.ticket("yanto")
    held = Held(ticket.id, work.staff("sari"), ticket.team_id, "Sari", None, 60, work.now, None, None, None)
    async with work.database.write() as session:
        assert await put_back(session, work.bell, held, reason="Sari belum membalas", at=work.now)


@pytest.mark.parametrize("leaves", [_to_a_colleague, _released, _come_back])
async def test_whoever_gives_a_case_away_ends_whom_it_was_with(
    work: Work, leaves: Callable[[Work], Awaitable[None]]
) -> None:
    await change(work, Ticket, "yanto", previous_staff_id=work.staff("sari"), waiting_since=work.now)
    await leaves(work)
    assert (await work.ticket("yanto")).previous_staff_id is None


# --- the bot answers, the case waits


async def test_a_case_left_in_the_queue_for_the_bot_to_answer_is_given_to_nobody(office: Office, work: Work) -> None:
    await change(work, Team, gives_cases=True)
    await work.do(to_the_bot, "sari", "yanto", key=uuid4(), reason="menunggu mitra", close=False)
    await change(work, Ticket, "yanto", previous_staff_id=work.staff("sari"))
    await here(office, work, "joko", "sari")
    await give_cases(office)
    assert ((await work.ticket("yanto")).status, (await work.chat("yanto")).owner) == ("open", "bot")


async def test_it_is_given_once_the_participant_asks_for_a_person(office: Office, work: Work) -> None:
    await change(work, Team, gives_cases=True)
    await work.do(to_the_bot, "sari", "yanto", key=uuid4(), reason="menunggu mitra", close=False)
    chat = await work.chat("yanto")
    asked = {"from_owner": "bot", "to_owner": "human", "version": chat.owner_version + 1, "reason": "diminta"}
    async with work.database.write() as session:
        it = await session.get_one(Conversation, chat.id)
        it.owner, it.owner_version = "human", chat.owner_version + 1
        session.add(HandOver(conversation_id=chat.id, ticket_id=work.id("yanto"), at=work.now, **asked))
    await here(office, work, "joko", "sari")
    await give_cases(office)
    assert (await work.ticket("yanto")).status == "claimed"


async def test_a_case_the_bot_opened_is_given_although_the_bot_still_answers(office: Office, work: Work) -> None:
    await change(work, Team, gives_cases=True)
    await change(work, Conversation, owner="bot", staff_id=None)
    await here(office, work, "joko", "sari")
    assert await give_cases(office) == 3
    assert [(await work.ticket(case)).status for case in ("siti", "budi", "rina")] == ["claimed"] * 3
