"""Settings of the bot's process."""

from datetime import timedelta
from typing import Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROLES = ("receive", "chat", "work", "send", "keep")
"""Everything a bot does: webhooks and polling, web chat and console, turns, sends, retention."""


class BotSettings(BaseSettings):
    """Where the bot listens, whom it asks, and how fast it may speak."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    bot_host: str = "127.0.0.1"
    """Address the bot listens on; behind a reverse proxy that speaks TLS."""
    bot_port: int = 8410
    """Port of webhooks, web chat and console."""
    bot_shared_port: int | None = None
    """A second port, shared with other bots of this machine: the kernel shares the connections out."""
    bot_roles: str = ",".join(ROLES)
    """What this process does; the same program runs as any number of receivers, workers and senders."""
    bot_public_url: str = "http://127.0.0.1:8410"
    """The address under which Telegram reaches this bot (registered as the webhook)."""
    bot_workers: int = 12
    """Conversations handled at the same time."""
    bot_console_token: SecretStr
    """Secret of the console channel (`helpdesk chat`)."""
    rasa_url: str = "http://127.0.0.1:8450"
    """Address of the Rasa server (private)."""
    rasa_urls: str = ""
    """Addresses of several Rasa servers, with commas; used in turn."""
    rasa_turn_token: SecretStr
    """Secret shared with Rasa's turn channel."""
    rasa_timeout: timedelta = timedelta(seconds=20)
    """How long a turn may take before it counts as failed."""
    lane_lease: timedelta = timedelta(seconds=60)
    """How long a worker may hold a conversation; longer than a turn may take."""
    bot_binding_life: timedelta = timedelta(days=180)
    """How long somebody stays bound to a participant after they were last proven to be them."""
    bot_web_binding_life: timedelta = timedelta(days=1)
    """The same for a web chat that was opened by a one-time link; it may be somebody else's computer."""
    bot_link_life: timedelta = timedelta(minutes=10)
    """How long a one-time link works."""
    bot_facts_wait: timedelta = timedelta(milliseconds=150)
    """How long a turn may wait for what the records make likelier; 0: they are not asked."""

    @field_validator("bot_roles")
    @classmethod
    def _known(cls, given: str) -> str:
        unknown = {role.strip() for role in given.split(",")} - set(ROLES)
        if unknown or not given:
            raise ValueError(f"BOT_ROLES: {', '.join(sorted(unknown)) or 'nothing'}; there are {', '.join(ROLES)}")
        return given

    @property
    def roles(self) -> frozenset[str]:
        """What this process does."""
        return frozenset(role.strip() for role in self.bot_roles.split(","))

    @property
    def rasas(self) -> list[str]:
        """The addresses of all Rasa servers."""
        return [url.strip().rstrip("/") for url in (self.rasa_urls or self.rasa_url).split(",") if url.strip()]


class TelegramSettings(BaseSettings):
    """The Telegram bot: with a real token the same code talks to Telegram."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    telegram_mode: Literal["webhook", "polling", "off"] = "webhook"
    """webhook needs a public address; polling suits a laptop."""
    telegram_token: SecretStr = SecretStr("")
    """The bot's token, from BotFather."""
    telegram_secret: SecretStr = SecretStr("")
    """What Telegram sends back in X-Telegram-Bot-Api-Secret-Token; 1 to 256 characters A-Z a-z 0-9 _ -."""
    telegram_api_url: str = "https://api.telegram.org"
    """Address of the Bot API; the rehearsal points it at the simulator."""
    telegram_messages_per_second: float = 30.0
    """Sends per second over all chats (Telegram's documented limit is about 30)."""


class WhatsAppSettings(BaseSettings):
    """The WhatsApp Cloud API number: with real values the same code talks to Meta."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    whatsapp_mode: Literal["webhook", "off"] = "webhook"
    """off where no number exists yet."""
    whatsapp_token: SecretStr = SecretStr("")
    """System user access token."""
    whatsapp_phone_number_id: str = ""
    """Id of the business phone number."""
    whatsapp_app_secret: SecretStr = SecretStr("")
    """App secret: signs every webhook body."""
    whatsapp_verify_token: SecretStr = SecretStr("")
    """What Meta must present when the webhook is set up."""
    whatsapp_api_url: str = "https://graph.facebook.com"
    """Address of the Graph API; the rehearsal points it at the simulator."""
    whatsapp_api_version: str = "v23.0"
    """Graph API version, pinned."""
    whatsapp_messages_per_second: float = 80.0
    """Sends per second of the number (Meta's default throughput is 80)."""


class MediaSettings(BaseSettings):
    """What people attach: from where it may be fetched, how large it may be, and who looks through it."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    media_photo_bytes: int = 10_000_000
    """Largest photo or sticker."""
    media_document_bytes: int = 15_000_000
    """Largest document."""
    media_voice_bytes: int = 16_000_000
    """Largest voice note or video."""
    media_pixels: int = 40_000_000
    """Most pixels of a picture, judged by its header before it is decoded."""
    media_longest_side: int = 2000
    """Longest side of a kept picture, in pixels."""
    media_hosts: str = "lookaside.fbsbx.com"
    """Hosts beside the channels' own APIs from which files may be fetched, with commas (Meta serves media there)."""
    media_fetch_timeout: timedelta = timedelta(seconds=60)
    """How long one download may take."""
    media_life: timedelta = timedelta(days=7)
    """How long a file that cannot be had is asked for; WhatsApp's ids die after seven days."""
    media_at_once: int = 2
    """Files fetched and checked at the same time by one process."""
    media_scanner: str = ""
    """host:port of clamd; a file is then shown only once it was looked through. Empty: no scanner."""

    def cap(self, kind: str) -> int:
        """Return the most bytes of a file of this kind."""
        caps = {"photo": self.media_photo_bytes, "sticker": self.media_photo_bytes}
        caps |= {"voice": self.media_voice_bytes, "video": self.media_voice_bytes}
        return caps.get(kind, self.media_document_bytes)
