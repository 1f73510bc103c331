"""Where a candidate is trained: a copy of everything a model is made from, with the accepted examples beside it.

The model in use and the training text are not touched. The copy has the fingerprint that the training text will have
when the same examples are exported into it, so an adopted candidate is not trained a second time.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from desk.learning.exporting import Accepted, training_files
from desk.learning.known_lines import topics
from helpdesk import environment
from helpdesk.model import QUIET, RASA_PYTHON
from helpdesk.settings import ROOT

INPUTS = ("config.yml", "domain.yml", "nlu")
LEFT_OUT = shutil.ignore_patterns(".venv", "__pycache__", "report", "*.pyc")
BEAT_SECONDS = 5.0
STEPS = re.compile(r"learning: (\d+ of \d+ batches)")
LAST_LINES = 12
KEPT = 5


class NotTrained(Exception):
    """The training ended without a model; the message holds its last words."""


def prepare(folder: Path, examples: Iterable[Accepted]) -> Path:
    """Make the copy, with what is taught in it; returns the file of all examples, for the comparison."""
    every = list(examples)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in INPUTS:
        there = ROOT / name
        if there.is_dir():
            shutil.copytree(there, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(there, folder / name)
    write_training(folder / "nlu" / "training", every)
    listed = folder / "examples.jsonl"
    listed.write_text("".join(f"{json.dumps(_row(one), ensure_ascii=False)}\n" for one in every), encoding="utf-8")
    return listed


def write_training(training: Path, examples: Iterable[Accepted]) -> list[Path]:
    """Write the taught examples below a training folder; returns the files."""
    written = []
    for name, text in training_files(examples, topics()).items():
        path = training / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def train(folder: Path, say: Callable[[str], None]) -> Path:
    """Train in the copy and return the candidate, named by its fingerprint; raises NotTrained."""
    log = folder / "train.log"
    arguments = ["--skip-validation", "--out", "models", "--fixed-model-name", "candidate", "--config", "config.yml"]
    command = [str(RASA_PYTHON), "-m", "rasa", "train", *arguments]
    began = time.monotonic()
    with log.open("wb") as out:
        running = subprocess.Popen(command, cwd=folder, env=quiet(), stdout=out, stderr=subprocess.STDOUT)
        while running.poll() is None:
            try:
                running.wait(BEAT_SECONDS)
            except subprocess.TimeoutExpired:
                say(f"training, {time.monotonic() - began:.0f} s{_how_far(log)}")
    candidate = folder / "models" / "candidate.tar.gz"
    if running.returncode or not candidate.exists():
        raise NotTrained("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]))
    named = candidate.with_name(f"helpdesk-{_fingerprint(folder)}.tar.gz")
    return candidate.replace(named)


def _how_far(log: Path) -> str:
    """Return how many batches were learned, as the training last said."""
    told = STEPS.findall(log.read_text(encoding="utf-8", errors="replace"))
    return f", {told[-1]}" if told else ""


def keep(candidate: Path, folder: Path, models: Path) -> Path:
    """Put a candidate among those that may be adopted, a few at most, and clear its workplace away."""
    models.mkdir(parents=True, exist_ok=True)
    kept = candidate.replace(models / candidate.name)
    shutil.rmtree(folder, ignore_errors=True)
    for old in sorted(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink()
    return kept


def quiet() -> dict[str, str]:
    """Return the environment in which Rasa's side works: no telemetry, no strange Python."""
    return {name: value for name, value in os.environ.items() if name not in environment.ASTRAY} | QUIET


def _fingerprint(folder: Path) -> str:
    command = [sys.executable, str(folder / "nlu" / "fingerprint.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return done.stdout.strip()[:12]


def _row(one: Accepted) -> dict[str, object]:
    meant = {"intent": one.meant.intent, "also": list(one.meant.also)}
    return {"id": str(one.id), "text": one.text, **meant, "held_out": one.held_out}
