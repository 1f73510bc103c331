"""Whoever takes over is told only when the bot has fallen silent."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import text

from desk.silence import bot_is_silent
from records.clock import Clock
from records.database import Database
from records.models import Conversation
from tests.desk.conftest import Browse
from tests.desk.making import Scene, bot_says


async def _being_sent(database: Database, scene: Scene, clock: Clock, seconds: int = 300) -> Conversation:
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


async def _owner(database: Database, chat: Conversation) -> str | None:
    async with database.read() as session:
        owner: str | None = await session.scalar(
            text("SELECT owner FROM conversations WHERE id = :id"), {"id": chat.id}
        )
        return owner


async def test_a_take_over_waits_for_the_words_that_are_just_leaving(
    browse: Browse, database: Database, scene: Scene, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.pages.acting.bot_is_silent", partial(bot_is_silent, patience=60))
    chat = await _being_sent(database, scene, clock)
    agent = await browse(scene, "sari")
    await agent.get(f"/percakapan/{chat.id}")
    taking = asyncio.create_task(agent.post(f"/tiket/{scene.tickets['budi'].number}/ambil"))
    async with asyncio.timeout(60):
        while await _owner(database, chat) != "human":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    _, still = await asyncio.wait([taking], timeout=1)
    assert still
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
