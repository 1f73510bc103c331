"""The bot put together: doors in front, inbox, workers and outbox behind, all in one process.

Everything is built here and handed on; `running` starts the tasks and ends them in order.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from bot.channels import pulled, telegram, whatsapp
from bot.channels.pulled import PulledChannel
from bot.channels.telegram import AWAY, TelegramChannel
from bot.channels.whatsapp import WhatsAppChannel
from bot.chime import Chime
from bot.facts import Facts
from bot.health import Health
from bot.identity.keys import IdentityKeys
from bot.identity.links import LinkAddress
from bot.identity.people import People
from bot.inbox import Inbox
from bot.keeping import Keeper
from bot.limits import Limits
from bot.lines import HttpxLines, KeptLines
from bot.outbox import Outbox
from bot.polling import poll_telegram
from bot.pulled_doors import PulledDoors
from bot.sending import Sender
from bot.settings import BotSettings, TelegramSettings, WhatsAppSettings
from bot.turn import Turns
from bot.understanding import Understanding
from bot.visitors import Visitors
from bot.web_links import LinkDoors
from bot.webhooks import Webhooks
from bot.worker import Worker
from bot.writing import Writer
from records.bell import INBOX, OUTBOX, Bell, bell_for
from records.clock import Clock, clock_from
from records.database import Database
from records.sealed import Seal
from records.settings import RecordsSettings
from records.tide import Tide, notes_of
from registry.interface import Registry
from registry.open import open_registry
from registry.overview import Overview
from registry.settings import RegistrySettings

log = logging.getLogger("bot")

TELEGRAM_CHAT = (1.0, 3.0)
"""A message a second to a chat, short bursts tolerated."""
TELEGRAM_GROUP = 20 / 60
WHATSAPP_PAIR = (1 / 6, 45.0)
"""One message in six seconds to one person, 45 ahead."""
REGISTER_AGAIN_SECONDS = 3.0


class MissingSecret(Exception):
    """A channel is on without the secret that proves its webhooks: the bot does not start so."""


@dataclass(frozen=True)
class Settings:
    """All settings of the bot's process."""

    records: RecordsSettings
    bot: BotSettings
    telegram: TelegramSettings
    whatsapp: WhatsAppSettings
    registry: RegistrySettings

    def require_secrets(self) -> None:
        """Raise MissingSecret unless every channel that is on can tell a forged webhook."""
        if self.telegram.telegram_mode == "webhook" and not self.telegram.telegram_secret.get_secret_value():
            raise MissingSecret("TELEGRAM_SECRET kosong: isi, atau TELEGRAM_MODE=off.")
        if self.telegram.telegram_mode != "off" and not self.telegram.telegram_token.get_secret_value():
            raise MissingSecret("TELEGRAM_TOKEN kosong: isi, atau TELEGRAM_MODE=off.")
        if self.whatsapp.whatsapp_mode == "webhook" and not (
            self.whatsapp.whatsapp_app_secret.get_secret_value() and self.whatsapp.whatsapp_token.get_secret_value()
        ):
            raise MissingSecret("WHATSAPP_APP_SECRET atau WHATSAPP_TOKEN kosong: isi, atau WHATSAPP_MODE=off.")


def read_settings() -> Settings:
    """Read the environment and .env."""
    return Settings(
        RecordsSettings(),
        BotSettings(),
        TelegramSettings(),
        WhatsAppSettings(),
        RegistrySettings(),
    )


class Bot:
    """The parts of the bot."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        registry: Registry | None = None,
        bell: Bell | None = None,
    ) -> None:
        settings.require_secrets()
        self._settings = settings
        records, bot = settings.records, settings.bot
        self._clock = clock = clock or clock_from(records.helpdesk_clock_file)
        self._tide = Tide(notes_of(records))
        self.database = Database(
            records.database_url, pool_size=bot.bot_workers + 6, application="bot", admit=self._tide.admit
        )
        lines = KeptLines(limit=60)
        self._client = httpx.AsyncClient(timeout=15, transport=HttpxLines(lines))
        self._bell = bell or bell_for(records.database_url, records.redis_url)
        seal = Seal(records.helpdesk_data_key.get_secret_value())
        self._keys = IdentityKeys(records.helpdesk_data_key.get_secret_value())
        registry = registry or open_registry(settings.registry, self.database, clock, self._client)
        # a worker or sender of this process is rung here; a message for those of others goes through the bell
        self._due = Chime(self._bell, INBOX, lambda: "work" not in bot.roles or self._worker.full)
        self._said = Chime(self._bell, OUTBOX, lambda: "send" not in bot.roles or self._outbox.full)
        self.inbox = Inbox(self.database, seal, clock, self._due)
        self._telegram = TelegramChannel(settings.telegram) if settings.telegram.telegram_mode != "off" else None
        turns = Turns(
            {
                telegram.CHANNEL: telegram.parse,
                whatsapp.CHANNEL: whatsapp.parse,
                pulled.WEB: pulled.parse,
                pulled.CONSOLE: pulled.parse,
            },
            Understanding(bot, lines),
            People(self.database, registry, self._keys, bot, clock),
            seal,
            clock,
            self._facts().prior,
        )
        answer_press = self._telegram.answer_press if self._telegram else None
        writer = Writer(self.database, seal, clock, self._bell)
        address_of = LinkAddress(self._keys, bot.bot_public_url)
        self._outbox = Outbox(self.database, self._senders(), self._limits(), clock, self._bell, self._said, address_of)
        self._worker = Worker(bot, self.database, turns, writer, self._outbox, self._due, self._said, answer_press)
        self._keeper = Keeper(self.database, clock, records)
        self.app = self._web()

    def _facts(self) -> Facts:
        """Return what asks for the facts of a turn; the programme's API has no way to ask for all of them at once."""
        api_alone = self._settings.registry.registry_source == "api"
        wait = timedelta() if api_alone else self._settings.bot.bot_facts_wait
        return Facts(Overview(self.database), self.database, wait_seconds=wait.total_seconds())

    def _senders(self) -> dict[str, Sender]:
        """Return what sends; a process that does not send leaves every row to those that do."""
        if "send" not in self._settings.bot.roles:
            return {}
        senders: dict[str, Sender] = {pulled.WEB: PulledChannel(), pulled.CONSOLE: PulledChannel()}
        if self._telegram:
            senders[telegram.CHANNEL] = self._telegram
        if self._settings.whatsapp.whatsapp_mode != "off":
            senders[whatsapp.CHANNEL] = WhatsAppChannel(self._settings.whatsapp, self._client)
        return senders

    def _limits(self) -> dict[str, Limits]:
        per_second = self._settings.telegram.telegram_messages_per_second
        return {
            telegram.CHANNEL: Limits(per_second, *TELEGRAM_CHAT, group_rate=TELEGRAM_GROUP),
            whatsapp.CHANNEL: Limits(self._settings.whatsapp.whatsapp_messages_per_second, *WHATSAPP_PAIR),
        }

    def _web(self) -> Starlette:
        doors = Webhooks(self.inbox, self._settings.telegram, self._settings.whatsapp)
        visitors = Visitors(self.database)
        roles = self._settings.bot.roles
        chat = PulledDoors(self.inbox, self.database, self._settings.bot, visitors)
        links = LinkDoors(self.database, self._keys, visitors, self._clock, self._said)
        health = Health(self.database, self._client, self._settings.bot)
        return Starlette(
            routes=[
                *(doors.routes() if "receive" in roles else []),
                *([*links.routes(), *chat.routes()] if "chat" in roles else []),
                *health.routes(),
            ],
            lifespan=lambda _: self.running(),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the tasks while the block runs."""
        roles = self._settings.bot.roles
        works: list[Coroutine[None, None, None]] = [
            self.inbox.run(),
            self._answer_the_bell(),
            self._tide.run(self.database),
        ]
        if "work" in roles:
            works.append(self._worker.run())
        if "send" in roles:
            works.append(self._outbox.run())
        if "keep" in roles:
            works.append(self._keeper.run())
        if self._telegram and "receive" in roles:
            works.append(self._join_telegram(self._telegram))
        tasks = [asyncio.create_task(work) for work in works]
        for task in tasks:
            task.add_done_callback(_report)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._telegram:
                await self._telegram.stop()
            await self._client.aclose()
            await self._bell.close()
            await self.database.close()

    async def _answer_the_bell(self) -> None:
        async for name, _ in self._bell.listen(INBOX, OUTBOX):
            (self._due if name == INBOX else self._said).heard()

    async def _join_telegram(self, channel: TelegramChannel) -> None:
        """Register with Telegram, however long it takes to be reachable; then poll, where that is wanted."""
        polling = self._settings.telegram.telegram_mode == "polling"
        address = None if polling else self._settings.bot.bot_public_url.rstrip("/") + "/telegram/webhook"
        while True:
            try:
                await channel.start(address)
                break
            except AWAY as problem:
                log.warning("Telegram not reachable yet: %s", type(problem).__name__)
                await asyncio.sleep(REGISTER_AGAIN_SECONDS)
        if polling:
            await poll_telegram(channel, self.inbox)


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (problem := task.exception()):
        log.critical("a task of the bot ended: %r", problem)
        # half a bot is worse than none: end, and be started again
        raise SystemExit(1) from problem
