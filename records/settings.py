"""Settings every process that reads or writes records shares."""

from datetime import timedelta
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
    helpdesk_tide_file: Path | None = None
    """Where bots of this machine note how far the records are, to know a backup that was put back by hand."""
    helpdesk_keep_raw_words: timedelta = timedelta(days=30)
    """How long raw words and sent payloads are kept, encrypted or not; the masked text stays."""
    helpdesk_keep_events: timedelta = timedelta(days=8)
    """How long a provider's event is kept as it came; its hashed id stays, so that a repetition is known."""
    helpdesk_keep_media: timedelta = timedelta(days=30)
    """How long attached files are kept after they came, or after the case they came in was closed."""
    helpdesk_sweep_every: timedelta = timedelta(hours=1)
    """How often the bot empties what is older."""
    helpdesk_failpoints: Path | None = None
    """Orders for `helpdesk chaos` (records/failpoints.py): unset in real use, and obeyed in a rehearsal only."""

    @property
    def failpoints(self) -> Path | None:
        """The orders, where there is no participant to be hurt by them."""
        return self.helpdesk_failpoints if self.helpdesk_clock_file else None
