"""The bot put together: doors in front, inbox, workers and outbox behind, all in one process.

Everything is built here and handed on; `running` starts the tasks and ends them in order.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from bot import ladder
from bot.channels import pulled, telegram, whatsapp
from bot.channels.telegram import AWAY, TelegramChannel
from bot.channels.whatsapp import WhatsAppChannel
from bot.chime import Chime
from bot.facts import Facts
from bot.identity.keys import IdentityKeys
from bot.identity.links import LinkAddress
from bot.identity.people import People
from bot.keeping import Keeper
from bot.limits import Limits, Rules
from bot.lines import HttpxLines, KeptLines
from bot.media.kept import Files
from bot.media.room import MediaRoom
from bot.media.uploads import Uploads
from bot.outbox import Outbox
from bot.polling import poll_telegram
from bot.presence import Presence
from bot.pulled_doors import PulledDoors
from bot.rounds.rounds import Rounds
from bot.sending import Sender, Typing
from bot.settings import AlarmSettings, BotSettings, MediaSettings, TelegramSettings, WhatsAppSettings
from bot.shared_limits import limits_for
from bot.showing import Showing
from bot.status_page.board import StatusBoard
from bot.turn import Turns
from bot.visitors import Visitors
from bot.waiting import Waiting
from bot.watch.observed import ObservedInbox, ObservedUnderstanding, ObservedWriter
from bot.watch.room import WatchRoom, asking
from bot.web_links import LinkDoors
from bot.webhooks import Webhooks
from bot.worker import Worker
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
TELEGRAM_GROUP = (15 / 60, 5.0)
"""Never more than twenty in a minute."""
WHATSAPP_PAIR = (1 / 6, 45.0)
"""One message in six seconds to one person, 45 ahead."""
REGISTER_AGAIN_SECONDS = 3.0
TURNS_END_SECONDS, SENDS_END_SECONDS = 4.0, 3.0
"""What a turn or a send in hand is waited for when the bot is told to stop."""


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
    media: MediaSettings = field(default_factory=MediaSettings)
    alarms: AlarmSettings = field(default_factory=AlarmSettings)

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
        ladder.check(settings.bot)
        self._settings = settings
        records, bot = settings.records, settings.bot
        self._clock = clock = clock or clock_from(records.helpdesk_clock_file)
        self._tide = Tide(notes_of(records.helpdesk_tide_file, records.redis_url))
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
        self._waiting = Waiting(self.database, self._bell)
        self._uploads = Uploads(self.database, seal, clock, settings.media)
        self._telegram = TelegramChannel(settings.telegram) if settings.telegram.telegram_mode != "off" else None
        ask = asking(self._telegram, settings.telegram, bot.bot_public_url, clock)
        self._watch = watch = WatchRoom(
            self.database, self._client, self._bell, clock, bot, settings.alarms, settings.whatsapp, ask
        )
        self.inbox = watch.over(ObservedInbox(self.database, seal, clock, self._due))
        watch.vitals.longest_commit = lambda: self.inbox.longest_wait
        self._channels: dict[str, Sender] = {
            channel: Showing(channel, self.database, self._bell, self._waiting)
            for channel in (pulled.WEB, pulled.CONSOLE)
        }
        if self._telegram:
            self._channels[telegram.CHANNEL] = self._telegram
        if settings.whatsapp.whatsapp_mode != "off":
            self._channels[whatsapp.CHANNEL] = WhatsAppChannel(settings.whatsapp, self._client, clock)
        turns = Turns(
            {
                telegram.CHANNEL: telegram.parse,
                whatsapp.CHANNEL: whatsapp.parse,
                pulled.WEB: pulled.parse,
                pulled.CONSOLE: pulled.parse,
            },
            watch.over(ObservedUnderstanding(bot, lines)),
            People(self.database, registry, self._keys, bot, clock),
            seal,
            clock,
            self.database,
            self._facts().prior,
            settings.media,
        )
        answer_press = self._telegram.answer_press if self._telegram else None
        writer = watch.over(ObservedWriter(self.database, seal, clock, self._bell, settings.media))
        address_of = LinkAddress(self._keys, bot.bot_public_url)
        senders = watch.senders(self._senders(), bot.bot_send_timeout)
        self._files = Files(self.database, seal)
        self._outbox = Outbox(
            self.database, senders, self._limits(), clock, self._bell, self._said, address_of, self._files
        )
        self._worker = Worker(
            *(bot, self.database, turns, writer, self._outbox, self._due, self._said, answer_press),
            {name: channel for name, channel in self._channels.items() if isinstance(channel, Typing)},
        )
        self._rounds = Rounds(self.database, clock, self._due, self._said)
        self._keeper = Keeper(self.database, clock, records)
        self._media = MediaRoom(
            self.database, seal, clock, self._bell, settings.media, settings.telegram, settings.whatsapp
        )
        self.status_board = StatusBoard(self.database, clock, bot.bot_public_url, bot.bot_status_folder)
        self.app = self._web()

    def _facts(self) -> Facts:
        """Return what asks for the facts of a turn; the programme's API has no way to ask for all of them at once."""
        api_alone = self._settings.registry.registry_source == "api"
        wait = timedelta() if api_alone else self._settings.bot.bot_facts_wait
        return Facts(Overview(self.database), self.database, wait_seconds=wait.total_seconds())

    def _senders(self) -> dict[str, Sender]:
        """Return what sends; a process that does not send leaves every row to those that do."""
        return self._channels if "send" in self._settings.bot.roles else {}

    def _limits(self) -> dict[str, Limits]:
        per_second = self._settings.telegram.telegram_messages_per_second
        return {
            rules.channel: limits_for(rules, self._settings.records.redis_url)
            for rules in (
                Rules(telegram.CHANNEL, per_second, *TELEGRAM_CHAT, *TELEGRAM_GROUP),
                Rules(whatsapp.CHANNEL, self._settings.whatsapp.whatsapp_messages_per_second, *WHATSAPP_PAIR),
            )
        }

    def _web(self) -> Starlette:
        settings = self._settings
        count, deadline = self._watch.count_webhook, settings.bot.bot_webhook_deadline
        doors = Webhooks(self.inbox, settings.telegram, settings.whatsapp, count, deadline)
        visitors = Visitors(self.database)
        roles = self._settings.bot.roles
        given = (self._settings.bot, visitors, self._clock, self._bell, self._waiting, self._uploads, self._files)
        chat = PulledDoors(self.inbox, self.database, *given)
        links = LinkDoors(self.database, self._keys, visitors, self._clock, self._said)
        return Starlette(
            routes=[
                *(doors.routes() if "receive" in roles else []),
                *([*links.routes(), *chat.routes(), *self.status_board.routes()] if "chat" in roles else []),
                *self._watch.health.routes(),
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
            self._watch.watcher.run(),
            self._tide.run(self.database),
        ]
        if "work" in roles:
            works.append(self._worker.run())
            works.append(self._media.run())
        if "send" in roles:
            works.append(self._outbox.run())
        if "chat" in roles:
            works.append(self._waiting.run())
            works.append(self.status_board.run())
        if "keep" in roles:
            works.append(self._keeper.run())
            works.append(self._rounds.run())
        if self._telegram and "receive" in roles:
            works.append(self._join_telegram(self._telegram))
        tasks = [asyncio.create_task(work) for work in works]
        self._watch.vitals.records_are_older = lambda: self._tide.behind
        self._watch.vitals.ended_tasks = lambda: [task.get_name() for task in tasks if task.done()]
        for task in tasks:
            task.add_done_callback(_report)
        try:
            yield
        finally:
            # turns first, for they end in replies; then the replies, so that their fate is written down
            await self._worker.stop(TURNS_END_SECONDS)
            await self._outbox.stop(SENDS_END_SECONDS)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._telegram:
                await self._telegram.stop()
            await self._client.aclose()
            await self._bell.close()
            await self.database.close()

    def let_go(self) -> None:
        """Answer whoever waits for news now: the process is about to end, and they come again to the next one."""
        self._watch.vitals.draining = True
        self._waiting.close()

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
        presence = Presence(self.database, telegram.CHANNEL, self._clock, self._said)
        if polling:
            staff_group = self._settings.telegram.telegram_staff_group
            await poll_telegram(channel, self.inbox, presence, staff_group=staff_group)
        else:
            await presence.watch(lambda: channel.receives(self._clock()), AWAY)


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (problem := task.exception()):
        log.critical("a task of the bot ended: %r", problem)
        # half a bot is worse than none: end, and be started again
        raise SystemExit(1) from problem
