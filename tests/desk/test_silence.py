"""Whoever takes over is told only when the bot has fallen silent."""

import asyncio

from sqlalchemy import text

from desk.silence import bot_is_silent
from records.clock import Clock
from records.database import Database
from records.models import Conversation
from tests.desk.conftest import Browse
from tests.desk.making import Scene, bot_says


async def _being_sent(database: Database, scene: Scene, clock: Clock, seconds: int = 20) -> Conversation:
    async with database.write() as session:
        chat = await session.get_one(Conversation, scene.tickets["budi"].conversation_id)
        await bot_says(session, chat, "Sebentar, Kak.", clock(), status="due")
        await session.execute(
            text(
                "UPDATE outbox SET status = 'sending', held_until = clock_timestamp() + :held * interval '1 s' "
                "WHERE conversation_id = :chat AND status = 'due'"
            ),
            {"chat": chat.id, "held": seconds},
        )
        return chat


async def _sent(database: Database, chat: Conversation) -> None:
    async with database.write() as session:
        await session.execute(
            text("UPDATE outbox SET status = 'sent' WHERE conversation_id = :chat"), {"chat": chat.id}
        )


async def test_a_take_over_waits_for_the_words_that_are_just_leaving(
    browse: Browse, database: Database, scene: Scene, clock: Clock
) -> None:
    chat = await _being_sent(database, scene, clock)
    agent = await browse(scene, "sari")
    await agent.get(f"/percakapan/{chat.id}")
    taking = asyncio.create_task(agent.post(f"/tiket/{scene.tickets['budi'].number}/ambil"))
    _, still = await asyncio.wait([taking], timeout=1)
    assert still
    async with database.read() as session:
        assert await session.scalar(text("SELECT owner FROM conversations WHERE id = :id"), {"id": chat.id}) == "human"
    await _sent(database, chat)
    assert (await taking).status_code == 303


async def test_a_sender_that_hangs_does_not_keep_an_agent_waiting(
    database: Database, scene: Scene, clock: Clock
) -> None:
    chat = await _being_sent(database, scene, clock)
    assert not await bot_is_silent(database, chat.id, patience=0.2)


async def test_words_whose_sender_ended_long_ago_are_not_waited_for(
    database: Database, scene: Scene, clock: Clock
) -> None:
    chat = await _being_sent(database, scene, clock, seconds=-1)
    assert await bot_is_silent(database, chat.id, patience=0.2)
