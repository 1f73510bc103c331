"""The model of the present text reads what it must, on messages it was never taught.

Floors, not records: the gate compares with the model in use, this keeps any model from being worse than the desk was
built for. The evaluation sample beside the project is read where it is there, and only its figures are looked at.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.model import Model
from tests.nlu.training_text import ROOT

pytestmark = pytest.mark.stack

REGRESSION = ROOT / "nlu" / "heldout" / "regression.jsonl"
SAMPLE = ROOT.parent / "shared" / "data" / "nlu_dev.jsonl"
AT_LEAST = {"lenient": 0.87, "top3": 0.96, "direct_right": 0.65}
AT_MOST = {"direct_wrong": 0.05, "refused_in_scope": 0.04, "oos_answered": 0.08, "calibration_error": 0.06}
SAMPLE_AT_LEAST = {"lenient": 0.8, "top3": 0.95}
LARGEST = 20_000_000


@pytest.fixture(scope="module")
def model() -> Path:
    return Model(ROOT, ROOT / "var" / "for-the-nlu-tests").trained()


def figures(model: Path, file: Path) -> dict[str, Any]:
    command = [str(ROOT / "nlu/.venv/bin/python"), "nlu/evaluate.py", str(file), "--model", str(model)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(said.stdout))


def test_the_regression_set_is_read_as_well_as_the_desk_needs(model: Path) -> None:
    read = figures(model, REGRESSION)
    assert {name: read[name] for name, least in AT_LEAST.items() if read[name] < least} == {}
    assert {name: read[name] for name, most in AT_MOST.items() if read[name] > most} == {}


def test_a_model_stays_small(model: Path) -> None:
    assert model.stat().st_size < LARGEST


@pytest.mark.skipif(not SAMPLE.exists(), reason="the evaluation sample is not beside the project")
def test_real_messages_are_read_as_well_as_the_desk_needs(model: Path) -> None:
    read = figures(model, SAMPLE)
    assert {name: read[name] for name, least in SAMPLE_AT_LEAST.items() if read[name] < least} == {}
