"""`.env.example` names every setting there is, and no other."""

import re
from pathlib import Path

from tests.helpdesk.settings_classes import classes, names

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^# ?([A-Z][A-Z0-9_]+)=(.*)$|^([A-Z][A-Z0-9_]+)=(.*)$")
COMPOSE_ALONE = {"POSTGRES_PASSWORD"}
SET_UP_ALONE = {"PYTHON_APP", "PYTHON_RASA"}


def described() -> dict[str, str]:
    """Return each name with what stands above it."""
    found, above = {}, ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        match = LINE.match(line)
        if match:
            found[match[1] or match[3]] = above
        above = "" if not line else above + line if not match else above
    return found


def test_every_setting_is_named() -> None:
    assert names() - set(described()) == set()


def test_no_setting_is_named_that_does_not_exist() -> None:
    assert set(described()) - names() - COMPOSE_ALONE - SET_UP_ALONE == set()


def test_every_setting_is_described() -> None:
    assert [name for name, above in described().items() if len(above.lstrip("# ")) < 10] == []


def test_nothing_is_switched_on_by_copying_the_file() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_the_classes_are_found() -> None:
    assert {"BotSettings", "DeskSettings", "RecordsSettings", "SystemSettings"} <= {one.__name__ for one in classes()}
