"""Several bots, Rasa and action servers on one machine: each with a port of its own, told of each other."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import ROLES, BotSettings
from helpdesk import environment, keys, system
from helpdesk.copies import own_ports
from helpdesk.places import Places
from helpdesk.settings import SystemSettings


def settings(tmp_path: Path, **more: int) -> SystemSettings:
    return system.beside(tmp_path / "var", **more)


def test_one_of_each_listens_where_it_always_did(tmp_path: Path) -> None:
    alone = settings(tmp_path)
    assert own_ports(alone) == {"bot": alone.bot_port, "rasa": alone.rasa_port, "actions": alone.actions_port}
    assert environment.copied("bot", alone) == {}


def test_no_two_parts_share_a_port_and_all_bots_share_the_known_one(tmp_path: Path) -> None:
    several = settings(tmp_path, helpdesk_bots=3, helpdesk_rasas=2, helpdesk_actions=2)
    ports = own_ports(several)
    assert list(ports) == ["bot", "bot-2", "bot-3", "rasa", "rasa-2", "actions", "actions-2"]
    taken = {*ports.values(), *several.ports.values()}
    assert len(taken) == len(ports) + 3  # the shared port, the desk's and the simulator's
    assert {environment.copied(bot, several)["BOT_SHARED_PORT"] for bot in ("bot", "bot-2", "bot-3")} == {
        str(several.bot_port)
    }


def test_bots_know_every_rasa_and_the_rasas_share_the_action_servers(tmp_path: Path) -> None:
    several = settings(tmp_path, helpdesk_rasas=3, helpdesk_actions=2)
    places = Places(several.var)
    places.make()
    told = environment.whole(several, places, keys.keep(places.secrets))
    ports = own_ports(several)
    assert told["RASA_URLS"].split(",") == [f"http://127.0.0.1:{ports[one]}" for one in ("rasa", "rasa-2", "rasa-3")]
    asked = [environment.copied(rasa, several)["ACTIONS_URL"] for rasa in ("rasa", "rasa-2", "rasa-3")]
    assert asked == [f"http://127.0.0.1:{ports[one]}/webhook" for one in ("actions", "actions-2", "actions")]


def test_a_second_bot_is_told_no_more_than_the_first(tmp_path: Path) -> None:
    several = settings(tmp_path, helpdesk_bots=2)
    places = Places(several.var)
    places.make()
    told = environment.whole(several, places, keys.keep(places.secrets))
    assert environment.of("bot-2", told, places) == environment.of("bot", told, places)


def test_the_supervisor_learns_how_many_it_is_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several = settings(tmp_path, helpdesk_bots=2, helpdesk_rasas=2)
    names = system.numbers(several)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    again = SystemSettings(helpdesk_settings_file=Path(os.devnull))
    assert (again.helpdesk_bots, again.helpdesk_rasas) == (2, 2)
    assert again.helpdesk_more_ports == several.helpdesk_more_ports


def bot(**given: str) -> BotSettings:
    secrets = {"bot_console_token": "k", "rasa_turn_token": "r"}
    return BotSettings(**(secrets | given), _env_file=None)  # type: ignore[arg-type,call-arg]


def test_a_bot_does_everything_unless_told_otherwise() -> None:
    assert bot().roles == set(ROLES)
    assert bot(bot_roles="work, send").roles == {"work", "send"}


@pytest.mark.parametrize("wrong", ["", "receive,cook", "everything"])
def test_a_role_nobody_knows_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="BOT_ROLES"):
        bot(bot_roles=wrong)
