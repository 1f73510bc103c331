"""A fetcher in a process of its own, for tests that kill it: DATABASE_URL DATA_KEY PROVIDER FAILPOINTS."""

import asyncio
import sys
from pathlib import Path

from pydantic import SecretStr

from bot.media.fetcher import Fetcher
from bot.media.guarded import GuardedLines
from bot.media.sources import TelegramFiles
from bot.media.store import Store
from bot.settings import MediaSettings, TelegramSettings
from records.bell import PostgresBell
from records.clock import system_clock
from records.database import Database
from records.failpoints import arm
from records.sealed import Seal


async def fetch(url: str, key: str, address: str) -> None:
    """Fetch what is due, once."""
    database, seal, lines = Database(url, pool_size=2), Seal(key), GuardedLines([address], [])
    provider = TelegramSettings(
        telegram_token=SecretStr("7000000001:gladi"), telegram_api_url=f"{address}/telegram", _env_file=None  # type: ignore[call-arg]
    )  # fmt: skip
    store = Store(database, seal, system_clock, PostgresBell(url))
    settings = MediaSettings(_env_file=None)  # type: ignore[call-arg]
    await Fetcher(store, {"telegram": TelegramFiles(lines, provider)}, seal, settings).look()


if __name__ == "__main__":
    arm(Path(sys.argv[4]), "bot")
    asyncio.run(fetch(*sys.argv[1:4]))
