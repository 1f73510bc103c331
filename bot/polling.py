"""Long polling, for a laptop without a public address: the offset moves only after the updates are committed.

A poll that fails loses nothing: the same updates come again, and a repeated one is harmless.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.telegram import AWAY, TelegramChannel
from bot.channels.telegram_errors import Pauses
from bot.inbox import Arrival
from bot.presence import Presence
from bot.webhooks import telegram_arrival

log = logging.getLogger("bot.polling")


class Stores(Protocol):
    """Where updates are committed."""

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        """Commit them, or raise."""


async def poll_telegram(
    channel: TelegramChannel,
    inbox: Stores,
    presence: Presence,
    pauses: Pauses = Pauses(),
    staff_group: int | None = None,
) -> None:
    """Fetch, store, acknowledge; until cancelled."""
    offset: int | None = None
    while True:
        try:
            bodies, following = await channel.poll(offset)
            if bodies:
                await inbox.store([telegram_arrival(body, staff_group) for body in bodies])
            offset = following
            await presence.is_there()
        except (AWAY, SQLAlchemyError, OSError, TimeoutError) as problem:
            pause = pauses.after(problem)
            log.warning("polling pauses %.0f s: %s", pause, type(problem).__name__)
            await asyncio.sleep(pause)
