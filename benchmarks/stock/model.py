"""The trained stock model, kept under var/bench/stock by the fingerprint of its project."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.stock import project
from helpdesk import environment, model
from helpdesk.settings import ROOT

Tell = Callable[[str], None]
TELL_SECONDS = 15.0


class TrainingFailed(Exception):
    """`rasa train` ended badly; the message names its log."""


@dataclass(frozen=True)
class Trained:
    """What a training cost."""

    seconds: float
    processor_seconds: float
    memory: int
    """Peak resident bytes."""


class StockModel:
    """The stock project of the present training text and its model."""

    def __init__(self, bench: Path) -> None:
        self.files = project.files(ROOT / "nlu" / "training")
        self.folder = bench / "stock" / project.fingerprint(self.files)

    @property
    def path(self) -> Path:
        """Where the model stands, or will."""
        return self.folder / "models" / "stock.tar.gz"

    def ensure(self, tell: Tell) -> Path:
        """Train if this project was never trained; return the model."""
        if not self.path.exists():
            tell("stock Rasa learns its 1,600 lines first (once; some minutes)")
            self.train(tell)
        return self.path

    def train(self, tell: Tell) -> Trained:
        """Train anew."""
        project.write(self.folder, self.files)
        trained = train(self.folder, self.folder / "models", "stock", tell)
        (self.folder / "trained.json").write_text(json.dumps(asdict(trained)))
        return trained


def quiet_environment() -> dict[str, str]:
    """Return the environment Rasa is started in: nothing of ours, no telemetry, no graphics card."""
    return {name: value for name, value in os.environ.items() if name not in environment.ASTRAY} | model.QUIET


def train(folder: Path, out: Path, name: str, tell: Tell, *more: str) -> Trained:
    """Run plain `rasa train` in a folder, with nothing cached, and return what it cost."""
    out.mkdir(parents=True, exist_ok=True)
    log = out / "train.log"
    arguments = ["train", "--force", "--out", str(out), "--fixed-model-name", name, *more]
    began = time.monotonic()
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [str(model.RASA_PYTHON), "-m", "rasa", *arguments],
            cwd=folder,
            env=quiet_environment(),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        code, usage = _wait(process, began, tell)
    if code != 0:
        raise TrainingFailed(f"rasa train ended with code {code}; see {log}")
    return Trained(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _wait(process: subprocess.Popen[bytes], began: float, tell: Tell) -> tuple[int, resource.struct_rusage]:
    told = began
    try:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                return process.returncode, usage
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                tell(f"  training, {told - began:.0f} s so far")
            time.sleep(0.2)
    except BaseException:
        process.kill()
        raise
