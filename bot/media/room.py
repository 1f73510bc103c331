"""The media room put together: the way out, a source for every channel that is on, the scanner, the fetcher."""

from bot.channels import telegram, whatsapp
from bot.media.fetcher import Fetcher
from bot.media.guarded import GuardedLines
from bot.media.scanner import Scanner
from bot.media.sources import Source, TelegramFiles, WhatsAppFiles
from bot.media.store import Store
from bot.settings import MediaSettings, TelegramSettings, WhatsAppSettings
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.sealed import Seal


class MediaRoom:
    """Fetches files until it is closed."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        clock: Clock,
        bell: Bell,
        settings: MediaSettings,
        telegram_settings: TelegramSettings,
        whatsapp_settings: WhatsAppSettings,
    ) -> None:
        own, hosts = [], [host.strip().lower() for host in settings.media_hosts.split(",") if host.strip()]
        if telegram_settings.telegram_mode != "off":
            own.append(telegram_settings.telegram_api_url)
        if whatsapp_settings.whatsapp_mode != "off":
            own.append(whatsapp_settings.whatsapp_api_url)
        self._lines = GuardedLines(own, hosts)
        sources: dict[str, Source] = {}
        if telegram_settings.telegram_mode != "off":
            sources[telegram.CHANNEL] = TelegramFiles(self._lines, telegram_settings)
        if whatsapp_settings.whatsapp_mode != "off":
            sources[whatsapp.CHANNEL] = WhatsAppFiles(self._lines, whatsapp_settings)
        store = Store(database, seal, clock, bell)
        self.fetcher = Fetcher(store, sources, seal, settings, Scanner.at(settings.media_scanner))

    async def run(self) -> None:
        """Fetch until cancelled."""
        try:
            await self.fetcher.run()
        finally:
            await self._lines.close()
