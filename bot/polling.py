"""Long polling, for a laptop without a public address: the offset moves only after the updates are committed.

A poll that fails loses nothing: the same updates come again, and a repeated one is harmless.

Conflict      another poller, or a webhook, holds the bot: wait long and ask again; nobody is put out
RetryAfter    wait as long as Telegram asks
InvalidToken  nothing comes until the token is mended: wait long
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from telegram import error

from bot.channels.telegram import AWAY, TelegramChannel
from bot.inbox import Arrival
from bot.presence import Presence
from bot.webhooks import telegram_arrival

log = logging.getLogger("bot.polling")


@dataclass(frozen=True)
class Pauses:
    """How many seconds Telegram is left alone after a poll that failed."""

    soon: float = 2.0
    long: float = 30.0

    def after(self, problem: Exception) -> float:
        """Return the pause a problem asks for."""
        if isinstance(problem, error.RetryAfter):
            wait = problem.retry_after
            return float(wait) if isinstance(wait, int) else wait.total_seconds()
        return self.long if isinstance(problem, error.Conflict | error.InvalidToken) else self.soon


class Stores(Protocol):
    """Where updates are committed."""

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        """Commit them, or raise."""


async def poll_telegram(channel: TelegramChannel, inbox: Stores, presence: Presence, pauses: Pauses = Pauses()) -> None:
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
            pause = pauses.after(problem)
            log.warning("polling pauses %.0f s: %s", pause, type(problem).__name__)
            await asyncio.sleep(pause)
