"""The simulator over real loopback, as the provider files are fetched from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr

from bot.settings import TelegramSettings, WhatsAppSettings
from simulator.app import Simulator, build
from simulator.people import TelegramAccount, WhatsAppAccount
from simulator.settings import SimulatorSettings
from simulator.wire import Reply
from tests.conftest import OPENING

TOKEN, WA_TOKEN = "7000000001:gladi", "wa-token"
NUMBER_ID = "100000000000001"
SITI = TelegramAccount(id=7001, first_name="Siti")
SITI_ON_WHATSAPP = WhatsAppAccount(user_id="ID.7001", wa_id="6280000007001", profile_name="Siti")


class Provider:
    """Both channels at one address; what people send is kept as the bodies the bot would be sent."""

    def __init__(self, simulator: Simulator, address: str, bodies: list[bytes]) -> None:
        self.simulator, self.address, self.whatsapp_bodies = simulator, address, bodies

    @property
    def telegram(self) -> TelegramSettings:
        return TelegramSettings(
            telegram_token=SecretStr(TOKEN),
            telegram_secret=SecretStr("rahasia"),
            telegram_api_url=f"{self.address}/telegram",
            _env_file=None,  # type: ignore[call-arg]
        )

    @property
    def whatsapp(self) -> WhatsAppSettings:
        return WhatsAppSettings(
            whatsapp_token=SecretStr(WA_TOKEN),
            whatsapp_app_secret=SecretStr("app"),
            whatsapp_api_url=f"{self.address}/whatsapp",
            whatsapp_phone_number_id=NUMBER_ID,
            _env_file=None,  # type: ignore[call-arg]
        )

    def file_id(self, name: str) -> str:
        return self._sample(name).file_id

    def whatsapp_id(self, name: str) -> str:
        return self._sample(name).whatsapp_id

    def content(self, name: str) -> bytes:
        return self._sample(name).content

    def sha256(self, name: str) -> str:
        return self._sample(name).sha256

    @staticmethod
    def _sample(name: str) -> Any:
        from simulator.media import SAMPLES

        return next(one for one in SAMPLES if one.name == name)


@asynccontextmanager
async def provider(folder: Path) -> AsyncIterator[Provider]:
    """Serve the simulator on a free port of this machine."""
    bodies: list[bytes] = []

    async def post(url: str, headers: dict[str, str], body: bytes | None) -> Reply:
        bodies.append(body or b"")
        return Reply(200)

    settings = SimulatorSettings(
        data=folder,
        telegram_token=SecretStr(TOKEN),
        whatsapp_token=SecretStr(WA_TOKEN),
        whatsapp_app_secret=SecretStr("app"),
        whatsapp_verify_token=SecretStr("verify"),
        whatsapp_phone_number_id=NUMBER_ID,
        sign_key=SecretStr("sign-key"),
        telegram_retry_base=timedelta(seconds=1),
    )
    made = build(settings, post=post, clock=lambda: OPENING)
    server = uvicorn.Server(uvicorn.Config(made.app, host="127.0.0.1", port=0, log_level="error", access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn tells nobody)
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Provider(made, f"http://127.0.0.1:{port}", bodies)
    finally:
        server.should_exit = server.force_exit = True
        await serving
