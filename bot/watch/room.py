"""Everything that watches one process of the bot, put together: metrics, troubles, watcher, health."""

from datetime import date, timedelta
from typing import Protocol

import httpx

from bot.channels.telegram import TelegramChannel
from bot.channels.whatsapp.versions import UnknownVersion, end_of
from bot.health import Health, Vitals
from bot.metrics import Metrics
from bot.sending import Sender
from bot.settings import ROLES, AlarmSettings, BotSettings, TelegramSettings, WhatsAppSettings
from bot.watch.figures import FigureReader
from bot.watch.observed import observed
from bot.watch.rules import UNKNOWN_END
from bot.watch.telegram_webhook import Ask
from bot.watch.telling import Telling
from bot.watch.watcher import Watcher
from records import troubles
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.processes import this_process
from records.troubles import Troubles

COUNTED = {"forged": troubles.FORGED, "not_stored": troubles.NOT_STORED}


def _end_of(version: str) -> date | None:
    try:
        return end_of(version)
    except UnknownVersion:
        return UNKNOWN_END


class Watched(Protocol):
    """A part that counts what it does."""

    metrics: Metrics
    troubles: Troubles


class WatchRoom:
    """What watches this process."""

    def __init__(
        self,
        database: Database,
        client: httpx.AsyncClient,
        bell: Bell,
        clock: Clock,
        bot: BotSettings,
        alarms: AlarmSettings,
        whatsapp: WhatsAppSettings,
        ask_telegram: Ask | None,
    ) -> None:
        self.metrics = Metrics(FigureReader(database))
        self.troubles, self.vitals = Troubles(), Vitals()
        part = "bot" if bot.roles == frozenset(ROLES) else ",".join(role for role in ROLES if role in bot.roles)
        name = this_process()
        on = whatsapp.whatsapp_mode != "off"
        self.watcher = Watcher(
            database,
            bell,
            clock,
            alarms,
            self.troubles,
            Telling(client, alarms),
            name=name,
            part=part,
            ask_telegram=ask_telegram,
            version_ends=_end_of(whatsapp.whatsapp_api_version) if on else None,
            token_until=whatsapp.whatsapp_token_ends if on else None,
        )
        self.health = Health(database, client, bot, self.metrics, self.vitals, name=name, part=part)

    def over[T: Watched](self, part: T) -> T:
        """Have a part count into this room."""
        part.metrics, part.troubles = self.metrics, self.troubles
        return part

    def senders(self, senders: dict[str, Sender], patience: timedelta = timedelta(seconds=15)) -> dict[str, Sender]:
        """Return the senders, counted, each send within its time."""
        return {
            channel: observed(channel, sender, self.metrics, self.troubles, patience)
            for channel, sender in senders.items()
        }

    def count_webhook(self, channel: str, answer: str) -> None:
        """Count what was answered at a provider's door."""
        self.metrics.webhooks.labels(channel, answer).inc()
        if answer in COUNTED:
            self.troubles.note(COUNTED[answer], channel)


def asking(channel: TelegramChannel | None, settings: TelegramSettings, public_url: str, clock: Clock) -> Ask | None:
    """Return what asks Telegram for the state of our webhook; nothing where Telegram is off."""
    if channel is None:
        return None
    expected = public_url.rstrip("/") + "/telegram/webhook" if settings.telegram_mode == "webhook" else None
    return lambda: channel.webhook_state(expected, clock())
