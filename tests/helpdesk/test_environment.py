"""What each part is told: its own settings, nobody else's, and the real provider only where a real token is."""

from pathlib import Path

import pytest

from helpdesk import environment, keys, system
from helpdesk.leftovers import MARK
from helpdesk.places import Places
from helpdesk.settings import SystemSettings


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path)
    places.make()
    return places


def told(places: Places, monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, str]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings = SystemSettings(helpdesk_var=places.var, helpdesk_settings_file=Path("/dev/null"))
    return environment.whole(settings, places, keys.keep(places.secrets))


def test_rasa_holds_no_token_of_a_channel_and_no_address_of_the_database(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = environment.of("rasa", told(places, monkeypatch), places)
    assert given["RASA_TURN_TOKEN"]
    assert not [name for name in given if name.startswith(("TELEGRAM_", "WHATSAPP_", "DATABASE_", "HELPDESK_DATA"))]


def test_the_action_server_holds_no_token_of_a_channel(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment.of("actions", told(places, monkeypatch), places)
    assert given["DATABASE_URL"]
    assert not [name for name in given if name.startswith(("TELEGRAM_", "WHATSAPP_", "DESK_", "RASA_"))]


def test_every_part_carries_the_mark_it_is_found_by(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = told(places, monkeypatch)
    marks = {environment.of(part, settings, places)[MARK] for part in environment.TOLD}
    assert marks == {str(places.var.resolve())}


def test_without_tokens_every_channel_is_the_simulators_and_shares_its_secrets(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told(places, monkeypatch, SIMULATOR_PORT="18430")
    for provider in ("TELEGRAM_API_URL", "WHATSAPP_API_URL", "PROGRAMME_API_URL"):
        assert settings[provider].startswith("http://127.0.0.1:18430")
    assert settings["SIMULATOR_TELEGRAM_TOKEN"] == settings["TELEGRAM_TOKEN"]
    assert settings["SIMULATOR_SIGN_KEY"] == settings["PROGRAMME_SIGN_KEY"]
    assert settings["HELPDESK_CLOCK_FILE"] == str(places.clock)


def test_a_real_token_goes_to_the_real_provider_and_never_to_the_simulator(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told(places, monkeypatch, TELEGRAM_TOKEN="1:real")
    assert settings["TELEGRAM_TOKEN"] == "1:real"
    assert "TELEGRAM_API_URL" not in settings
    assert "1:real" not in [value for name, value in settings.items() if name.startswith("SIMULATOR_")]
    assert settings["TELEGRAM_MODE"] == "polling"


def test_with_a_real_token_no_rehearsal_clock_is_told(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "HELPDESK_CLOCK_FILE" not in told(places, monkeypatch, WHATSAPP_TOKEN="real")


def test_a_second_system_keeps_to_its_own_folder_and_ports(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = told(places, monkeypatch, BOT_PORT="18410", RASA_PORT="18450")
    assert settings["BOT_PUBLIC_URL"] == "http://127.0.0.1:18410"
    assert settings["RASA_URL"] == "http://127.0.0.1:18450"
    assert str(places.var) in settings["DATABASE_URL"]


def test_a_system_beside_reads_no_settings_file_of_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "some.env"
    file.write_text("TELEGRAM_TOKEN=1:real\nBOT_PORT=18410\n")
    alone = system.beside(tmp_path)
    assert alone.rehearsed
    assert len({*alone.ports.values()}) == 5
    assert SystemSettings(helpdesk_settings_file=file).rehearsed


def test_the_settings_file_is_read_and_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "some.env"
    file.write_text("TELEGRAM_TOKEN=1:real\nBOT_PORT=18410\nDESK_PORT=\n")
    monkeypatch.setenv("HELPDESK_SETTINGS_FILE", str(file))
    monkeypatch.setenv("BOT_PORT", "28410")
    settings = SystemSettings.read()
    assert (settings.rehearsed, settings.bot_port, settings.desk_port) == (False, 28410, 8420)
