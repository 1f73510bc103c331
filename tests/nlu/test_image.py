"""What the image of the Rasa side holds is enough to learn and to serve: checked as files, without an engine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.nlu.training_text import ROOT

pytestmark = pytest.mark.stack

LEARNS_AND_SERVES = """
import nlu.components.intent_rules, nlu.components.pipeline, nlu.components.turn_channel
from nlu.components.calibration import calibration
from nlu.components.importer import TopicFiles
texts, _ = calibration(str)
taught = TopicFiles("config.yml").get_nlu_data().intent_examples
print(len(texts) > 1_000, len(taught) > 10_000, len(TopicFiles("config.yml").get_domain().intents) > 50)
"""


def test_the_image_holds_what_training_and_serving_read(tmp_path: Path) -> None:
    for line in (ROOT / "docker" / "rasa.Dockerfile").read_text().splitlines():
        words = line.split()
        if words[:1] == ["COPY"] and not words[1].startswith("--from"):
            *sources, target = words[1:]
            for source in sources:
                _copy(ROOT / source, tmp_path / target.lstrip("/") / (Path(source).name if len(sources) > 1 else ""))
    command = [str(ROOT / "nlu" / ".venv" / "bin" / "python"), "-W", "ignore", "-c", LEARNS_AND_SERVES]
    said = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert said.stdout.strip() == "True True True", said.stderr[-2_000:]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)
