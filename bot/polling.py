"""Long polling, for a laptop without a public address: the offset moves only after the updates are committed.

A poll that fails loses nothing: the same updates come again, and a repeated one is harmless.

Conflict      another poller, or a webhook, holds the bot: wait long and ask again; nobody is put out
RetryAfter    wait as long as Telegram asks
InvalidToken  nothing comes until the token is mended: wait long
"""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError
from telegram import error

from bot.channels.telegram import AWAY, TelegramChannel
from bot.inbox import Inbox
from bot.presence import Presence
from bot.webhooks import telegram_arrival

log = logging.getLogger("bot.polling")

AGAIN_SECONDS = 2.0
LONG_SECONDS = 30.0


async def poll_telegram(channel: TelegramChannel, inbox: Inbox, presence: Presence) -> None:
    """Fetch, store, acknowledge; until cancelled."""
    offset: int | None = None
    while True:
        try:
            bodies, following = await channel.poll(offset)
            if bodies:
                await inbox.store([telegram_arrival(body) for body in bodies])
            offset = following
            await presence.is_there()
        except (AWAY, SQLAlchemyError, OSError, TimeoutError) as problem:
            pause = pause_after(problem)
            log.warning("polling pauses %.0f s: %s", pause, type(problem).__name__)
            await asyncio.sleep(pause)


def pause_after(problem: Exception) -> float:
    """Return how long to leave Telegram alone after a poll that failed."""
    if isinstance(problem, error.RetryAfter):
        wait = problem.retry_after
        return float(wait) if isinstance(wait, int) else wait.total_seconds()
    if isinstance(problem, error.Conflict | error.InvalidToken):
        return LONG_SECONDS
    return AGAIN_SECONDS
