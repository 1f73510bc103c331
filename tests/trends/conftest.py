"""Turns for the trends: a few exact ones, and a believable fortnight drawn from a fixed seed."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from records.clock import Clock
from records.database import Database
from records.models import Conversation, Inbound, Message, Turn

COMPLAINTS = ["package_not_found", "payment_failed", "paid_no_code"]
INTENTS = [*COMPLAINTS, "greet", "thank", "out_of_scope", "nlu_fallback", None]
PLATFORMS = ["tokopedia", "sisnaker", None]
CHANNELS = ["telegram", "whatsapp", "web"]

type Say = Callable[..., Awaitable[Conversation]]


@pytest.fixture
def say(database: Database, clock: Clock) -> Say:
    """Somebody says something at a moment; without a conversation it opens a new one."""

    async def say(
        at: datetime,
        intent: str | None = "payment_failed",
        platform: str | None = None,
        channel: str = "telegram",
        conversation: Conversation | None = None,
        text: str = "saya gak bisa bayar",
    ) -> Conversation:
        async with database.write() as session:
            if conversation is None:
                conversation = Conversation(channel=channel, external_id=str(uuid4()), opened_at=at)
                session.add(conversation)
                await session.flush()
            inbound = Inbound(
                channel=channel,
                external_id=str(uuid4()),
                conversation_id=conversation.id,
                kind="text",
                order_key=1,
                received_at=at,
                status="done",
            )
            session.add(inbound)
            await session.flush()
            session.add_all(
                [
                    Message(
                        conversation_id=conversation.id,
                        direction="in",
                        author="participant",
                        text=text,
                        inbox_id=inbound.id,
                        created_at=at,
                    ),
                    Turn(
                        id=uuid4(),
                        inbox_id=inbound.id,
                        conversation_id=conversation.id,
                        channel=channel,
                        intent=intent,
                        confidence=0.8 if intent else None,
                        platform=platform,
                        outcome="answered" if intent else "joined",
                        took_ms=12.0,
                        created_at=at,
                    ),
                ]
            )
        return conversation

    return say


@pytest.fixture
async def fortnight(say: Say, clock: Clock) -> int:
    """150 messages of the fourteen days up to now; returns how many."""
    chance = random.Random(20200824)  # noqa: S311 (a scene, not a secret)
    known: list[Conversation] = []
    for _ in range(150):
        again = chance.choice(known) if known and chance.random() < 0.4 else None
        channel = again.channel if again else chance.choice(CHANNELS)
        at = clock() - timedelta(minutes=chance.randrange(14 * 24 * 60))
        known.append(await say(at, chance.choice(INTENTS), chance.choice(PLATFORMS), channel, again))
    return 150
