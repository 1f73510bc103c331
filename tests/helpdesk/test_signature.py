"""Only a model that was trained here, and is as it was then, is served; the key is made once."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from helpdesk import model, swap, system
from nlu import signature

ROOT = Path(__file__).resolve().parents[2]
KEY = b"kunci gladi"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout with two models and no key yet."""
    (tmp_path / "models").mkdir()
    for number, name in enumerate(("helpdesk-old.tar.gz", "helpdesk-new.tar.gz")):
        path = tmp_path / "models" / name
        path.write_bytes(name.encode())
        os.utime(path, (number, number))
    return tmp_path


def test_the_key_is_made_once_for_its_owner_only_and_signs_what_is_there(house: Path) -> None:
    key = signature.key(house)
    assert signature.key(house) == key
    assert stat.S_IMODE((house / "var" / "model.key").stat().st_mode) == 0o600
    for path in (house / "models").glob("*.tar.gz"):
        signature.verify(path, key)


def test_a_new_key_does_not_take_over_what_another_signed(house: Path) -> None:
    new = house / "models" / "helpdesk-new.tar.gz"
    signature.sign(new, b"somebody else's")
    with pytest.raises(signature.NotTrusted, match="altered"):
        signature.verify(new, signature.key(house))


def test_an_altered_model_is_refused_with_its_name(house: Path) -> None:
    new = house / "models" / "helpdesk-new.tar.gz"
    signature.sign(new, KEY)
    new.write_bytes(new.read_bytes() + b"!")
    with pytest.raises(signature.NotTrusted, match=r"helpdesk-new.tar.gz is not as it was signed"):
        signature.verify(new, KEY)


def test_a_model_that_was_brought_along_is_not_trusted_by_being_there(house: Path) -> None:
    key = signature.key(house)
    brought = house / "models" / "helpdesk-brought.tar.gz"
    brought.write_bytes(b"from elsewhere")
    with pytest.raises(signature.NotTrusted, match="not signed"):
        signature.verify(brought, key)


def test_a_signature_of_another_key_is_worth_nothing(house: Path) -> None:
    new = house / "models" / "helpdesk-new.tar.gz"
    signature.sign(new, b"somebody else's")
    with pytest.raises(signature.NotTrusted):
        signature.verify(new, KEY)


def test_the_newest_trusted_model_is_served_and_an_altered_one_left_alone(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASA_MODEL_KEY", KEY.decode())
    old, new = (house / "models" / f"helpdesk-{name}.tar.gz" for name in ("old", "new"))
    signature.sign(old, KEY)
    signature.sign(new, KEY)
    assert model.trusted(house / "models") == new
    new.write_bytes(b"altered")
    assert model.newest(house / "models") == new
    assert model.trusted(house / "models") == old
    old.write_bytes(b"altered")
    with pytest.raises(model.NotTrusted, match=r"helpdesk-old.tar.gz"):
        model.trusted(house / "models")


def test_rasas_entry_loads_nothing_that_is_not_trusted(house: Path) -> None:
    new = house / "models" / "helpdesk-new.tar.gz"
    env = {**os.environ, "RASA_MODEL_KEY": KEY.decode()}
    command = [sys.executable, str(ROOT / "nlu" / "serve.py"), str(new), "--port", "1"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 1
    assert "Rasa is not started. helpdesk-new.tar.gz is not signed" in done.stderr


def test_a_running_system_is_not_even_asked_to_take_an_untrusted_model(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASA_MODEL_KEY", KEY.decode())
    settings = system.beside(house / "var")
    places = system.Places(settings.var)
    places.make()
    process = psutil.Process()
    running = system.SystemState(
        pid=process.pid, created=process.create_time(), started_at=system.board.now(), parts={}
    )
    system.board.write(places.state, running)
    with pytest.raises(swap.NotSwapped, match="keeps its model"):
        swap.into_use(settings, house / "models" / "helpdesk-new.tar.gz")
