"""Secrets are made once, kept, and readable by their owner alone."""

import re
import stat
from pathlib import Path

from cryptography.fernet import Fernet

from helpdesk import keys


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    made = keys.keep(path)
    assert set(made) == set(keys.MAKERS)
    assert keys.keep(path) == made
    assert keys.read(path) == made


def test_only_the_owner_may_read_them_even_after_somebody_opened_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    keys.keep(path)
    path.chmod(0o644)
    keys.keep(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_came_later_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    made = keys.keep(path)
    path.write_text("".join(f"{name}={value}\n" for name, value in made.items() if name != "DESK_SETUP_CODE"))
    again = keys.keep(path)
    assert {**again, "DESK_SETUP_CODE": ""} == {**made, "DESK_SETUP_CODE": ""}
    assert len(again["DESK_SETUP_CODE"]) >= 16


def test_each_secret_has_the_shape_its_reader_wants(tmp_path: Path) -> None:
    made = keys.keep(tmp_path / "secrets.env")
    Fernet(made["HELPDESK_DATA_KEY"])
    assert re.fullmatch(r"\d{10}:AA[\w-]{33}", made["TELEGRAM_TOKEN"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", made["TELEGRAM_SECRET"])
    assert made["WHATSAPP_PHONE_NUMBER_ID"].isdigit()
    assert len(set(made.values())) == len(made)
