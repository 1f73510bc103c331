"""Settings of the action server."""

from datetime import timedelta

from pydantic_settings import BaseSettings, SettingsConfigDict


class ActionsSettings(BaseSettings):
    """Where the action server listens and how long an action may take."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    actions_host: str = "127.0.0.1"
    """Address to listen on; it knows no authentication, so never more than the private network."""
    actions_port: int = 8455
    """Port of the action server."""
    actions_deadline: timedelta = timedelta(seconds=5)
    """How long one action may look things up; below the life of Rasa's lock and the bot's patience."""
    actions_source_deadline: timedelta = timedelta(seconds=2)
    """How long one source may take before it counts as not asked."""
