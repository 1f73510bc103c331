"""What the simulator reads from the environment, and nothing else does."""

from datetime import timedelta
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SimulatorSettings(BaseSettings):
    """Settings of the simulator; tokens and secrets are the same values the bot and the registry hold."""

    model_config = SettingsConfigDict(
        env_prefix="SIMULATOR_", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    host: str = Field("127.0.0.1", description="address to listen on; loopback, for nothing here is for strangers")
    port: int = Field(8430, description="port to listen on")
    data: Path = Field(Path("var/programme"), description="folder of the programme's CSV files and of the journal")
    clock_file: Path | None = Field(
        None,
        validation_alias=AliasChoices("HELPDESK_CLOCK_FILE", "SIMULATOR_CLOCK_FILE"),
        description="rehearsal clock shared with the help desk; without it time is real",
    )

    telegram_token: SecretStr = Field(description="bot token the Telegram server knows")
    telegram_username: str = Field("prakerja_gladi_bot", description="user name of the bot at the Telegram server")
    telegram_limits: bool = Field(True, description="answer 429 beyond Telegram's flood limits")
    telegram_per_second: int = Field(30, description="messages a second over all chats")
    telegram_per_chat_burst: int = Field(5, description="messages a chat may receive at once, then one a second")
    telegram_per_group_minute: int = Field(20, description="messages a minute to one group")
    telegram_retry_base: timedelta = Field(timedelta(seconds=2), description="second retry of a webhook; then doubling")

    whatsapp_token: SecretStr = Field(description="bearer token the WhatsApp server knows")
    whatsapp_app_secret: SecretStr = Field(description="key of the webhook signature")
    whatsapp_verify_token: SecretStr = Field(description="word sent when the webhook is checked")
    whatsapp_phone_number_id: str = Field("100000000000001", description="id of the bot's number")
    whatsapp_webhook_url: str = Field(
        "http://127.0.0.1:8410/whatsapp/webhook", description="where messages and statuses are sent"
    )
    whatsapp_limits: bool = Field(True, description="answer 130429 and 131056 beyond WhatsApp's limits")
    whatsapp_per_second: int = Field(80, description="messages a second of the number")
    whatsapp_pair_burst: int = Field(45, description="messages to one person at once, then one in six seconds")
    whatsapp_retry_base: timedelta = Field(timedelta(seconds=2), description="first retry of a webhook; then doubling")
    whatsapp_retry_longest: timedelta = Field(timedelta(minutes=10), description="no retry waits longer")
    whatsapp_templates: str = Field(
        "kabar:id:0", description="approved templates as name:language:places, with commas; any other is unknown"
    )
    whatsapp_batch: int = Field(10, description="most messages and statuses in one webhook")

    client_code: str = Field("helpdesk", description="client code the programme's API knows")
    sign_key: SecretStr = Field(description="key of the programme API's signature")
    sign_window: timedelta = Field(timedelta(minutes=5), description="how far a signed timestamp may be off")
    sign_authorization: bool = Field(
        False, description="sign `Payment <token>` of authorize too, between path and body; the documents leave it open"
    )
