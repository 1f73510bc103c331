"""What the desk's process is told by its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from records.settings import RecordsSettings


class DeskSettings(RecordsSettings):
    """Where the desk listens, who may make the first administrator, and how long a sign-in lasts."""

    desk_host: str = "127.0.0.1"
    """Address the desk listens on; anything but loopback only behind a proxy with TLS."""
    desk_port: int = 8420
    desk_setup_code: SecretStr | None = None
    """Opens /mulai?kode=… until the first administrator exists; without it nobody can set the desk up."""
    desk_session_life: timedelta = timedelta(hours=12)
    """A sign-in ends after this long."""
    whatsapp_templates: str = ""
    """Names of the templates of desk/message_templates.yml that Meta has approved, with commas."""
    desk_broadcasts_a_minute: int = Field(1200, ge=10)
    """Fastest pace a broadcast may be set to, in messages a minute; below what the channels allow."""
    desk_templates_a_day: int = Field(1000, ge=0)
    """How many people WhatsApp lets us begin to write to within 24 hours (the messaging limit of the number)."""
    report_folder: Path | None = None
    """Where the weekly reports are laid as files when they are made; empty: only the desk has them."""
    desk_secure_cookies: bool = False
    """Set behind TLS: cookies are then sent over TLS only."""
    desk_second_factor: Literal["off", "privileged", "everyone"] = "off"
    """Who must show a code from their device: nobody, all but agents, or everybody."""
    desk_oidc_issuer: str = ""
    """Address of an OpenID Connect provider staff may sign in with; empty: none."""
    desk_oidc_client_id: str = ""
    """As whom we ask the provider."""
    desk_oidc_client_secret: SecretStr = SecretStr("")
    """The secret it gave us."""
    desk_oidc_redirect: str = ""
    """The desk's address for the way back, as registered there: https://…/masuk/luar/kembali."""
    desk_oidc_claim: Literal["email", "username"] = "email"
    """By what it names our people: their verified e-mail, or preferred_username."""
    desk_oidc_name: str = "akun kantor"
    """What the button says after "Masuk dengan"."""


class ModelSettings(BaseSettings):
    """Where the model in use is asked how it reads a message now; without the secret it is not asked."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    rasa_url: str = "http://127.0.0.1:8450"
    """Address of the Rasa server (private)."""
    rasa_turn_token: SecretStr = SecretStr("")
    """Secret shared with Rasa's turn channel."""


class StaffGroupSettings(BaseSettings):
    """The group, the bot that writes there, and how fast it may."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    telegram_token: SecretStr = SecretStr("")
    """The bot's token, the same as the bot's own."""
    telegram_api_url: str = "https://api.telegram.org"
    """Address of the Bot API."""
    telegram_staff_group: int | None = Field(None, lt=0)
    """Id of the group (-100…); none: there is no second door."""
    telegram_staff_teams: str = ""
    """Names of the teams whose cases are told there, with commas; empty: those of the first team."""
    telegram_staff_posts: int = Field(18, ge=1, le=20)
    """Posts a minute, all desks together; Telegram refuses more than 20."""
