"""What the system refuses to start with, said before anything is started; and stopping what does not run."""

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from helpdesk import system
from helpdesk.places import Places
from helpdesk.rehearsal_clock import moment, resume
from helpdesk.settings import SystemSettings
from helpdesk.system import CannotStart


@pytest.fixture
def settings(tmp_path: Path) -> SystemSettings:
    return system.beside(tmp_path / "var")


def test_a_taken_port_is_named_with_the_setting_that_moves_it(settings: SystemSettings) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", settings.desk_port))
        somebody.listen()
        with pytest.raises(CannotStart, match=rf"{settings.desk_port} \(DESK_PORT\)"):
            system.start(settings)


def test_with_a_real_token_the_clock_cannot_be_moved(settings: SystemSettings) -> None:
    real = settings.model_copy(update={"telegram_token": SecretStr("1:real")})
    with pytest.raises(CannotStart, match="leave out --as-of"):
        system.start(real, as_of=moment("2020-08-24T10:00"))
    assert not Places(settings.var).clock.exists()


def test_the_rehearsal_cannot_begin_before_what_has_happened_in_it(settings: SystemSettings) -> None:
    resume(Places(settings.var).clock, moment("2020-08-26T10:00"))
    with pytest.raises(CannotStart, match="only moves forward"):
        system.start(settings, as_of=moment("2020-08-24T10:00"))


def test_a_database_of_ones_own_is_never_emptied(settings: SystemSettings) -> None:
    own = settings.model_copy(update={"database_url": "postgresql://somewhere/helpdesk"})
    with pytest.raises(CannotStart, match="empty it yourself"):
        system.start(own, fresh=True)


def test_stopping_what_does_not_run_is_harmless(settings: SystemSettings) -> None:
    assert system.look(settings) is None
    assert system.stop(settings) == []
