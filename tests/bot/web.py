"""The web chat over a corridor: its doors in-process, or behind a real socket that can be closed and opened again."""

import asyncio
import socket
from contextlib import suppress
from typing import Any

import uvicorn
from cryptography.fernet import Fernet
from starlette.applications import Starlette

from bot.media.uploads import Uploads
from bot.pulled_doors import PulledDoors
from bot.settings import BotSettings, MediaSettings
from bot.visitors import Visitors
from records.sealed import Seal
from tests.bot.corridor import Corridor
from tests.conftest import OPENING


def settings(**more: Any) -> BotSettings:
    given = {"bot_console_token": "konsol", "rasa_turn_token": "r", "rasa_url": "http://127.0.0.1:9", **more}
    return BotSettings(**given, _env_file=None)


def pulled_doors(corridor: Corridor, **more: Any) -> PulledDoors:
    visitors = Visitors(corridor.database)
    media = MediaSettings(_env_file=None)  # type: ignore[call-arg]
    uploads = Uploads(corridor.database, Seal(Fernet.generate_key().decode()), lambda: OPENING, media)
    given = (settings(**more), visitors, lambda: OPENING, corridor.bell, corridor.waiting, uploads)
    return PulledDoors(corridor.inbox, corridor.database, *given)


def held_port() -> socket.socket:
    """A free port nobody else is given while this is open; a server that reuses addresses may listen at it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


class Served:
    """An app behind a socket of its own; `stop` and `start` are what a restart is to a browser."""

    def __init__(self, app: Starlette, **more: Any) -> None:
        self._app, self._more = app, more
        self._held = held_port()
        self.port: int = self._held.getsockname()[1]
        self.scheme = "https" if "ssl_certfile" in more else "http"

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def start(self) -> None:
        config = uvicorn.Config(
            self._app, host="127.0.0.1", port=self.port, log_level="error", lifespan="off", **self._more
        )
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 (uvicorn offers no event to wait for)
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """End as a killed process does: every line is dead at once."""
        self._server.should_exit = self._server.force_exit = True
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(self._task, 30)

    async def __aenter__(self) -> "Served":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        self._held.close()
