"""`make` prints its menu, every promised command is on it, and the command line knows its words."""

import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpdesk.cli import app

ROOT = Path(__file__).resolve().parents[2]
PROMISED = ["up", "down", "status", "doctor", "say", "chat", "clock", "nlu", "programme", "bench", "trends"]


def test_make_alone_prints_the_menu() -> None:
    make = shutil.which("make")
    assert make
    menu = subprocess.run([make], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("up", "down", "status", "test", "test-fast", "check", "format", "train", "lock", "bench", "clean"):
        assert f"  make {target} " in menu


@pytest.mark.parametrize("command", PROMISED)
def test_every_promised_command_is_there(command: str) -> None:
    answer = CliRunner().invoke(app, ["--help"])
    assert answer.exit_code == 0
    assert f" {command} " in answer.stdout


def test_ci_checks_and_tests_with_the_same_commands_as_everybody() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert "\nmake check\n" in text
    assert "\nmake test\n" in text
    assert "://" not in text
