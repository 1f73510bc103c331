"""What the desk's process is told by its environment."""

from datetime import timedelta

from pydantic import SecretStr

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
    desk_secure_cookies: bool = False
    """Set behind TLS: cookies are then sent over TLS only."""
