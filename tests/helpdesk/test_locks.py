"""The locks: every package pinned with hashes, no address of a registry (decision 2)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-tools.lock", "nlu/requirements.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text())
    assert [entry.split("\n")[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize(("asked", "lock"), [(name.replace(".lock", ".in"), name) for name in LOCKS], ids=LOCKS)
def test_whatever_is_asked_for_is_locked(asked: str, lock: str) -> None:
    lines = (ROOT / asked).read_text().splitlines()
    wanted = {re.split(r"[\[<>=!~ ]", line)[0].lower() for line in lines if line[:1].isalpha()}
    locked = {line.split("==")[0].lower() for line in (ROOT / lock).read_text().splitlines() if "==" in line}
    assert wanted - locked == set()
