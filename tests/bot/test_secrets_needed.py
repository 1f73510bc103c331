"""A channel that is on without the secret that tells forged calls apart is no channel: the bot does not start."""

from typing import Any

import pytest

from bot.app import MissingSecret, Settings
from bot.settings import AlarmSettings, BotSettings, MediaSettings, TelegramSettings, WhatsAppSettings
from records.settings import RecordsSettings
from registry.settings import RegistrySettings

TELEGRAM = {"telegram_mode": "webhook", "telegram_token": "7:t", "telegram_secret": "s"}
WHATSAPP = {"whatsapp_mode": "webhook", "whatsapp_token": "t", "whatsapp_app_secret": "k"}


def settings(telegram: dict[str, str], whatsapp: dict[str, str]) -> Settings:
    def read(kind: Any, **given: Any) -> Any:
        return kind(**given, _env_file=None)

    return Settings(
        records=read(RecordsSettings, database_url="postgresql://nirgends/x", helpdesk_data_key="k"),
        bot=read(BotSettings, bot_console_token="k", rasa_turn_token="r"),
        telegram=read(TelegramSettings, **telegram),
        whatsapp=read(WhatsAppSettings, **whatsapp),
        registry=read(RegistrySettings, helpdesk_data_key="k"),
        media=read(MediaSettings),
        alarms=read(AlarmSettings),
    )


def test_with_every_secret_it_starts() -> None:
    settings(TELEGRAM, WHATSAPP).require_secrets()
    settings({"telegram_mode": "off"}, {"whatsapp_mode": "off"}).require_secrets()


@pytest.mark.parametrize("missing", ["telegram_secret", "telegram_token", "whatsapp_app_secret", "whatsapp_token"])
def test_a_channel_without_the_secret_that_proves_it_keeps_the_bot_from_starting(missing: str) -> None:
    without = [{name: value for name, value in given.items() if name != missing} for given in (TELEGRAM, WHATSAPP)]
    with pytest.raises(MissingSecret) as refused:
        settings(*without).require_secrets()
    assert missing.upper() in str(refused.value)
