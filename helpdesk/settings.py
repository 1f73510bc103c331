"""Settings of the command line and the supervisor: where state lies, which ports, what is real."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class SystemSettings(BaseSettings):
    """What `helpdesk up` needs to know to put the whole system together."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    helpdesk_settings_file: Path = ROOT / ".env"
    """The file settings are read from beside the environment; a second system of its own names another, or none."""
    helpdesk_var: Path = ROOT / "var"
    """The one folder all state lies in."""
    database_url: str | None = None
    """A PostgreSQL server of your own; unset means the embedded one."""
    bot_port: int = 8410
    """Webhooks, web chat and console."""
    desk_port: int = 8420
    """Where staff sit."""
    simulator_port: int = 8430
    """Phone page, Telegram and WhatsApp servers and programme API of the rehearsal."""
    rasa_port: int = 8450
    """Rasa, on loopback only."""
    actions_port: int = 8455
    """The action server, on loopback only."""
    helpdesk_bots: int = Field(default=1, ge=1, le=16)
    """How many bots `helpdesk up` runs beside each other on this machine; they share the bot's port."""
    helpdesk_bot_roles: str = ""
    """What each of several bots does (BOT_ROLES), one after the other with semicolons; unset: each does everything."""
    helpdesk_rasas: int = Field(default=1, ge=1, le=16)
    """How many Rasa servers it runs; the bots use them in turn."""
    helpdesk_actions: int = Field(default=1, ge=1, le=16)
    """How many action servers it runs; the Rasa servers share them."""
    helpdesk_more_ports: int = 8461
    """The first of the ports that the second bot, Rasa and so on listen on, one after the other."""
    helpdesk_longest_pause: timedelta = timedelta(seconds=30)
    """How long at most a part that falls again and again waits before it is started once more."""
    telegram_token: SecretStr | None = None
    """A real bot's token: Telegram is then talked to for real and the rehearsal clock is refused."""
    whatsapp_token: SecretStr | None = None
    """A real WhatsApp token: Meta is then talked to for real and the rehearsal clock is refused."""
    rasa_model_key: SecretStr | None = None
    """Signs the model, and is asked before one is loaded; unset: var/model.key, made once."""
    programme_api_url: str | None = None
    """The programme's API; unset means the simulator's."""

    @classmethod
    def read(cls) -> Self:
        """Return the settings of this machine: the environment, then the settings file."""
        file = cls().helpdesk_settings_file
        return cls(_env_file=file)

    @property
    def var(self) -> Path:
        """The state folder as an absolute path."""
        return self.helpdesk_var if self.helpdesk_var.is_absolute() else ROOT / self.helpdesk_var

    @property
    def rehearsed(self) -> bool:
        """Say whether nothing real is talked to, so that the clock may be moved."""
        return self.telegram_token is None and self.whatsapp_token is None

    @property
    def ports(self) -> dict[str, int]:
        """The port of every part that has one."""
        return {
            "bot": self.bot_port,
            "desk": self.desk_port,
            "simulator": self.simulator_port,
            "rasa": self.rasa_port,
            "actions": self.actions_port,
        }
