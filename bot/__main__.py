"""Run the bot: `python -m bot`."""

import asyncio
import socket
import sys

import uvicorn
import uvloop

from bot.app import Bot, MissingSecret, read_settings
from bot.listening import listening
from records import failpoints
from records.ladder import WrongOrder
from records.logs import quiet_logs


class Server(uvicorn.Server):
    """Ends long polls before it waits for requests to end."""

    def __init__(self, config: uvicorn.Config, bot: Bot) -> None:
        super().__init__(config)
        self._bot = bot

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of whoever waits, then of everybody."""
        self._bot.let_go()
        await super().shutdown(sockets)


async def main() -> int:
    """Serve until told to stop; returns the exit status."""
    quiet_logs("bot")
    settings = read_settings()
    failpoints.arm(settings.records.failpoints, "bot")
    try:
        bot = Bot(settings)
    except (MissingSecret, WrongOrder) as problem:
        sys.stderr.write(f"Bot tidak dijalankan. {problem}\n")
        return 2
    config = uvicorn.Config(bot.app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    await Server(config, bot).serve(listening(settings.bot))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(), loop_factory=uvloop.new_event_loop))
