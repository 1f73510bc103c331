"""What an operator does at the desk goes through the corridor: answered once, sent once more and no more."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from bot.sending import Ambiguous
from desk.deliveries import PARKED, UNKNOWN, Narrowed
from desk.delivery_acts import AGAIN, Seen, do_to_all, hear_again, how_many, send_again
from desk.refusals import ChangedMeanwhile
from records.clock import Clock
from records.database import Database
from records.models import Outbound, Staff
from tests.bot.corridor import Corridor, says, update


@pytest.fixture
async def ani(database: Database, clock: Clock) -> Staff:
    async with database.write() as session:
        staff = Staff(
            id=uuid4(), username="ani", name="Ani", role="admin", password_hash="x", active=True, created_at=clock()
        )
        session.add(staff)
    return staff


async def inbox_id(database: Database, status: str) -> int:
    async with database.read() as session:
        return int(await session.scalar(text("SELECT id FROM inbox WHERE status = :s"), {"s": status}) or 0)


async def test_a_message_that_was_set_aside_is_answered_once_when_an_operator_asks_for_it(
    corridor: Corridor, database: Database, ani: Staff, clock: Clock
) -> None:
    corridor.rasa.answer = lambda asked: 500
    await corridor.hear(update(1, "kelas saya hilang"))
    told = len(corridor.telegram.sent)
    corridor.rasa.answer = lambda asked: says(f"dengar: {asked['text']}")
    parked = await inbox_id(database, "parked")
    seen = Seen("parked", 2)
    async with database.read() as session:
        seen = Seen("parked", int(await session.scalar(text("SELECT attempts FROM inbox")) or 0))
    async with database.write() as session:
        await hear_again(session, corridor.bell, inbox_id=parked, seen=seen, staff=ani, at=clock())
    await corridor.rest()
    assert corridor.telegram.words[told:] == ["dengar: kelas saya hilang"]
    with pytest.raises(ChangedMeanwhile):
        async with database.write() as session:
            await hear_again(session, corridor.bell, inbox_id=parked, seen=seen, staff=ani, at=clock())
    await corridor.hear(update(1, "kelas saya hilang"))
    assert corridor.telegram.words[told:] == ["dengar: kelas saya hilang"]


async def test_every_parked_message_of_a_list_is_answered_in_its_chat_in_order(
    corridor: Corridor, database: Database, ani: Staff, clock: Clock
) -> None:
    corridor.rasa.answer = lambda asked: 500
    await corridor.hear(update(1, "satu"), update(2, "hai", chat=7002))
    await corridor.hear(update(3, "dua"))
    told = len(corridor.telegram.sent)
    corridor.rasa.answer = lambda asked: says(f"dengar: {asked['text']}")
    async with database.write() as session:
        done = await do_to_all(
            session,
            corridor.bell,
            act=AGAIN,
            listed=PARKED,
            narrowed=Narrowed(),
            expected=3,
            staff=ani,
            at=clock(),
        )
    await corridor.rest()
    assert done == 3
    said = [(message.chat, message.text) for message in corridor.telegram.sent[told:]]
    assert [words for chat, words in said if chat == "7001"] == ["dengar: satu", "dengar: dua"]
    assert [words for chat, words in said if chat == "7002"] == ["dengar: hai"]


async def test_an_unknown_message_is_sent_exactly_once_more(
    corridor: Corridor, database: Database, ani: Staff, clock: Clock
) -> None:
    corridor.telegram.script = [Ambiguous("putus")]
    await corridor.hear(update(1, "halo"))
    async with database.read() as session:
        unknown = (await session.scalars(select(Outbound).where(Outbound.status == "unknown"))).one()
    seen = Seen("unknown", unknown.attempts, unknown.repeats)
    assert corridor.telegram.words == []
    async with database.write() as session:
        await send_again(
            session, corridor.bell, outbox_id=unknown.id, seen=seen, understood=True, staff=ani, at=clock()
        )
    await corridor.rest()
    assert corridor.telegram.words == ["dengar: halo"]
    assert await corridor.count("outbox WHERE status = 'sent' AND repeats = 1") == 1
    async with database.write() as session:
        assert await how_many(session, AGAIN, UNKNOWN, Narrowed()) == 0
