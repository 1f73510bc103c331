"""Settings of the bot's process."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROLES = ("receive", "chat", "work", "send", "keep")
"""Everything a bot does: webhooks and polling, web chat and console, turns, sends, retention."""

ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")


def _parts(given: str) -> list[str]:
    return [part for one in given.split(",") if (part := one.strip().rstrip("/").lower())]


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
    rasa_lock_life: timedelta = timedelta(seconds=15)
    """How long Rasa may hold a turn: its TICKET_LOCK_LIFETIME; above what its actions may take together."""
    lane_lease: timedelta = timedelta(seconds=60)
    """How long a worker may hold a conversation; longer than a turn may take."""
    bot_embed_origins: str = ""
    """Sites that may show the web chat in a frame, with commas (https://www.example.id); none: only our own page."""
    bot_status_folder: Path | None = None
    """Folder where the public status page is kept as files too; none: in memory alone."""
    bot_binding_life: timedelta = timedelta(days=180)
    """How long somebody stays bound to a participant after they were last proven to be them."""
    bot_web_binding_life: timedelta = timedelta(days=1)
    """The same for a web chat that was opened by a one-time link; it may be somebody else's computer."""
    bot_link_life: timedelta = timedelta(minutes=10)
    """How long a one-time link works."""
    bot_send_timeout: timedelta = timedelta(seconds=15)
    """How long one send may take; without an answer by then nobody knows whether it arrived."""
    actions_deadline: timedelta = timedelta(seconds=5)
    """What the action server is told of how long one action may take; known here to check the order of patiences."""
    bot_metrics_token: SecretStr = SecretStr("")
    """Bearer token that opens /metrics; without one it is open to nobody."""
    bot_webhook_deadline: timedelta = timedelta(seconds=3)
    """How long a provider waits at most for its answer; what is not stored by then is told to come again."""
    bot_facts_wait: timedelta = timedelta(milliseconds=150)
    """How long a turn may wait for what the records make likelier; 0: they are not asked."""

    @field_validator("bot_roles")
    @classmethod
    def _known(cls, given: str) -> str:
        unknown = {role.strip() for role in given.split(",")} - set(ROLES)
        if unknown or not given:
            raise ValueError(f"BOT_ROLES: {', '.join(sorted(unknown)) or 'nothing'}; there are {', '.join(ROLES)}")
        return given

    @field_validator("bot_embed_origins")
    @classmethod
    def _origins(cls, given: str) -> str:
        strange = [one for one in _parts(given) if not ORIGIN.fullmatch(one)]
        if strange:
            raise ValueError(f"BOT_EMBED_ORIGINS: {', '.join(strange)}; write https://host or https://host:port")
        return given

    @property
    def embed_origins(self) -> tuple[str, ...]:
        """The sites that may show the web chat in a frame."""
        return tuple(_parts(self.bot_embed_origins))

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
    telegram_staff_group: int | None = None
    """Id of the staff's own group (-100…): what happens there is the desk's and never a participant's message."""


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
    whatsapp_token_ends: date | None = None
    """Day from which the token is no longer valid, where it was issued with an end; an alarm says so beforehand."""
    whatsapp_mark_read: bool = True
    """Whether a message the bot answers is marked as read (one more call a message; nothing else depends on it)."""
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


class AlarmSettings(BaseSettings):
    """From when on something is an alarm, and who is told outside the desk."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    alarm_every: timedelta = timedelta(seconds=5)
    """How often the rules are looked at."""
    alarm_quiet: timedelta = timedelta(seconds=15)
    """How long it must be over before an alarm closes."""
    alarm_inbox_age: timedelta = timedelta(seconds=30)
    """Age of the oldest unanswered event."""
    alarm_outbox_age: timedelta = timedelta(seconds=45)
    """Age of the oldest reply or notice not sent yet; of broadcasts only that nothing is sent at all."""
    alarm_unknown: int = 5
    """Messages of which nobody knows whether they arrived."""
    alarm_refused: int = 50
    """Messages of one channel refused within 24 hours."""
    alarm_parked: int = 1
    """Events set aside for an operator."""
    alarm_forged: int = 10
    """Forged webhook calls of one channel within five minutes."""
    alarm_not_stored: int = 10
    """Webhook calls of one channel answered 503 within five minutes."""
    alarm_pending_updates: int = 200
    """Updates waiting at Telegram."""
    alarm_ask_telegram_every: timedelta = timedelta(seconds=30)
    """How often Telegram is asked what it thinks of our webhook."""
    alarm_silent: timedelta = timedelta(seconds=15)
    """A process that says nothing for so long is taken for dead."""
    alarm_dead_for: timedelta = timedelta(minutes=10)
    """How long the alarm of a dead process stays open."""
    alarm_expiry_days: int = 90
    """Days before a token or a version of an API ends."""
    alarm_disk_free: int = 1_000_000_000
    """Bytes that must be free on the disk the bot stands on."""
    alarm_webhook_url: str = ""
    """Is sent every alarm that opens or closes, as JSON without anything of a person; empty: nobody."""
    alarm_webhook_token: SecretStr = SecretStr("")
    """Goes along with it as a bearer token."""
