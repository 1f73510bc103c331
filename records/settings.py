"""Settings every process that reads or writes records shares."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class RecordsSettings(BaseSettings):
    """Where the records are kept, and by which clock they are written."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: str
    """postgresql+psycopg://… ; set-up fills in the embedded server's when none is given."""
    redis_url: str | None = None
    """Redis for several processes; without it PostgreSQL rings the bell."""
    helpdesk_data_key: SecretStr
    """Fernet key that encrypts the raw words of participants."""
    helpdesk_clock_file: Path | None = None
    """The rehearsal clock's file; unset means real time."""
