"""Settings of the bot's process."""

from datetime import timedelta
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class BotSettings(BaseSettings):
    """Where the bot listens, whom it asks, and how fast it may speak."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    bot_host: str = "127.0.0.1"
    """Address the bot listens on; behind a reverse proxy that speaks TLS."""
    bot_port: int = 8410
    """Port of webhooks, web chat and console."""
    bot_public_url: str = "http://127.0.0.1:8410"
    """The address under which Telegram reaches this bot (registered as the webhook)."""
    bot_workers: int = 12
    """Conversations handled at the same time."""
    bot_console_token: SecretStr
    """Secret of the console channel (`helpdesk chat`)."""
    rasa_url: str = "http://127.0.0.1:8450"
    """Address of the Rasa server (private)."""
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
