"""What Telegram thinks of our webhook, asked by one process for all every half minute and kept as a reading."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import text

from records.database import Database

READING = "telegram_webhook"

CLAIM = text(
    """
    INSERT INTO readings (name, at, taken_by) VALUES (:name, clock_timestamp(), :by)
    ON CONFLICT (name) DO UPDATE SET at = clock_timestamp(), taken_by = :by
    WHERE readings.at < clock_timestamp() - CAST(:every AS interval)
    RETURNING name
    """
)
KEEP = text("UPDATE readings SET value = CAST(:value AS jsonb), at = clock_timestamp() WHERE name = :name")

type Ask = Callable[[], Awaitable[dict[str, Any]]]
"""Returns {"pending", "problem", "last_error"}; problem is token, away, elsewhere, failing or none."""


async def read_webhook(database: Database, ask: Ask, *, by: str, every: timedelta) -> None:
    """Ask, unless somebody asked a moment ago."""
    async with database.write() as session:
        if (await session.execute(CLAIM, {"name": READING, "by": by, "every": every})).first() is None:
            return
    value = await ask()
    async with database.write() as session:
        await session.execute(KEEP, {"name": READING, "value": orjson.dumps(value).decode()})
