"""The parts that need Rasa's environment, run there: one process, because importing Rasa takes the time."""

import os
import subprocess

import pytest

from tests.nlu.training_text import ROOT

NEED_RASA = ("carried_state", "intent_rules")
PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"


RASA = ("carried_state", "intent_rules")


@pytest.mark.parametrize(
    "part", ["meaning", "kept_line", *(pytest.param(part, marks=pytest.mark.stack) for part in RASA)]
)
def test_it_holds_in_rasas_environment(part: str) -> None:
    command = [str(PYTHON), "-W", "ignore", f"tests/nlu/rasa_side/{part}.py"]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]
    assert "Ran 0 tests" not in done.stderr
