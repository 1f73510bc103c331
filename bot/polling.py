"""Long polling, for a laptop without a public address: the offset moves only after the updates are committed."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.telegram import AWAY, TelegramChannel
from bot.inbox import Inbox
from bot.webhooks import telegram_arrival

log = logging.getLogger("bot.polling")

AGAIN_SECONDS = 2.0


async def poll_telegram(channel: TelegramChannel, inbox: Inbox) -> None:
    """Fetch, store, acknowledge; until cancelled."""
    offset: int | None = None
    while True:
        try:
            bodies, following = await channel.poll(offset)
            if bodies:
                await inbox.store([telegram_arrival(body) for body in bodies])
            offset = following
        except (AWAY, SQLAlchemyError, OSError, TimeoutError) as problem:
            log.warning("polling pauses: %s", type(problem).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
