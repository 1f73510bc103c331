"""Settings of the registry: which source is asked, and how the programme's API is reached."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class RegistrySettings(BaseSettings):
    """Where the programme's facts come from."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    registry_source: Literal["tables", "api", "both"] = "both"
    """`tables`: what was imported. `api`: the programme's API alone. `both`: tables, and the API for payments."""
    registry_deadline: timedelta = timedelta(seconds=1)
    """How long our own tables may take to answer one question."""
    helpdesk_data_key: SecretStr
    """The data key; phone, NIK and card numbers are matched by hashes made with it."""
    programme_api_url: str | None = None
    """Address of the programme's API, without `/api/v1/…`; unset means that it is never asked."""
    programme_client_code: str = ""
    """The client code the programme issued."""
    programme_sign_key: SecretStr = SecretStr("")
    """The sign key the programme issued with it."""
    programme_deadline: timedelta = timedelta(milliseconds=1800)
    """How long one question to the API may take with all its retries."""
    programme_attempt_timeout: timedelta = timedelta(milliseconds=800)
    """How long one attempt may take."""
    programme_fresh: timedelta = timedelta(seconds=20)
    """For how long an answer of the API is used again instead of asking; it keeps the moment it was asked."""
    programme_remembered: timedelta = timedelta(hours=1)
    """For how long the API's last answer is told, with its time, while it cannot be asked."""

    @model_validator(mode="after")
    def _api_is_whole(self) -> Self:
        if self.registry_source == "api" and not self.programme_api_url:
            raise ValueError("REGISTRY_SOURCE=api membutuhkan PROGRAMME_API_URL")
        known = self.programme_client_code and self.programme_sign_key.get_secret_value()
        if self.registry_source != "tables" and self.programme_api_url and not known:
            raise ValueError("PROGRAMME_API_URL membutuhkan PROGRAMME_CLIENT_CODE dan PROGRAMME_SIGN_KEY")
        return self
