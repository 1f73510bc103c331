"""Wanting no broadcasts: exact words, a clear answer, and it holds for every chat of the person."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation, Message, Outbound
from tests.bot.corridor import Corridor, update
from tests.desk.scenes import hire


@pytest.fixture
async def corridor(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Corridor]:
    async with Corridor(database, clock, data_key) as corridor:
        await corridor.hear(update(1, "halo"))
        yield corridor


async def declined(database: Database) -> dict[str, bool]:
    async with database.read() as session:
        rows = await session.execute(select(ChannelIdentity.channel, ChannelIdentity.broadcasts_declined_at))
        return {channel: at is not None for channel, at in rows}


async def broadcast_waits(session: AsyncSession, chat: Conversation) -> None:
    said = Message(conversation_id=chat.id, direction="out", author="system", text="kabar", created_at=chat.opened_at)
    said.kind = "broadcast"
    session.add(said)
    await session.flush()
    waits = Outbound(conversation_id=chat.id, message_id=said.id, channel=chat.channel, author="system", priority=2)
    waits.payload, waits.owner_version, waits.status = {"text": "kabar"}, 0, "waiting"
    session.add(waits)


async def test_the_words_are_heard_and_answered_and_can_be_taken_back(corridor: Corridor) -> None:
    await corridor.hear(update(2, "Stop info."))
    assert corridor.telegram.words[-1] == wording.NO_MORE_BROADCASTS
    assert await declined(corridor.database) == {"telegram": True}
    await corridor.hear(update(3, "mulai info"))
    assert corridor.telegram.words[-1] == wording.BROADCASTS_AGAIN
    assert await declined(corridor.database) == {"telegram": False}


@pytest.mark.parametrize("said", ["stop", "stop info ke siapa?", "saya mau stop info promo dari tokopedia"])
async def test_other_words_are_a_question_like_any(corridor: Corridor, said: str) -> None:
    await corridor.hear(update(2, said))
    assert corridor.telegram.words[-1] == f"dengar: {said}"
    assert await declined(corridor.database) == {"telegram": False}


async def test_it_holds_for_every_chat_of_the_same_participant_and_nobody_else(corridor: Corridor) -> None:
    async with corridor.database.write() as session:
        await session.execute(change(ChannelIdentity).values(participant_id="P-1"))
        other = [("whatsapp", "P-1"), ("web", "P-2")]
        rows = [{"channel": channel, "external_id": who, "participant_id": who} for channel, who in other]
        await session.execute(insert(ChannelIdentity), rows)
    await corridor.hear(update(2, "stop info"))
    assert await declined(corridor.database) == {"telegram": True, "whatsapp": True, "web": False}


async def test_while_a_person_holds_the_chat_it_is_heard_all_the_same(corridor: Corridor) -> None:
    async with corridor.database.write() as session:
        staff = await hire(session, corridor.clock())
        held = {"owner": "human", "owner_version": 1, "staff_id": staff["sari"].id}
        await session.execute(change(Conversation).values(**held))
    await corridor.hear(update(2, "stop info"))
    assert await declined(corridor.database) == {"telegram": True}
    assert corridor.telegram.words[-1] == wording.NO_MORE_BROADCASTS


async def test_a_broadcast_that_already_waits_is_not_sent(corridor: Corridor) -> None:
    async with corridor.database.write() as session:
        chat = (await session.scalars(select(Conversation))).one()
        await broadcast_waits(session, chat)
    await corridor.hear(update(2, "stop info"))
    async with corridor.database.read() as session:
        row = (
            await session.execute(
                select(Outbound.status, Message.direction).join(Message).where(Outbound.priority == 2)
            )
        ).one()
    assert tuple(row) == ("withheld", "note")


async def test_a_broadcast_that_waits_in_another_chat_of_the_participant_is_not_sent_either(corridor: Corridor) -> None:
    async with corridor.database.write() as session:
        await session.execute(change(ChannelIdentity).values(participant_id="P-1"))
        for channel, who in (("whatsapp", "P-1"), ("web", "P-2")):
            identity = ChannelIdentity(channel=channel, external_id=who, participant_id=who)
            session.add(identity)
            await session.flush()
            chat = Conversation(channel=channel, external_id=who, identity_id=identity.id, opened_at=corridor.clock())
            session.add(chat)
            await session.flush()
            await broadcast_waits(session, chat)
    await corridor.hear(update(2, "stop info"))
    async with corridor.database.read() as session:
        broadcasts = select(Outbound.channel, Outbound.status, Message.direction).join(Message)
        rows = (await session.execute(broadcasts.where(Outbound.priority == 2))).all()
    assert {tuple(row) for row in rows} == {("whatsapp", "withheld", "note"), ("web", "waiting", "out")}
