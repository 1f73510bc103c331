"""Training, when what the model learns from has changed.

The fingerprint of the training inputs is part of the model's file name, so the file is its own stamp: it is trained
beside its place and moved there whole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.progress import Step, StepFailed, say
from scripts.surroundings import cleared

KEPT = 3


def rasa_environment() -> dict[str, str]:
    """Return the environment in which Rasa trains: quiet, without telemetry, on the processor alone."""
    env = cleared(os.environ)
    env.update(
        RASA_TELEMETRY_ENABLED="false",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
    return env


class Model:
    """The trained model of this version of the training inputs."""

    def __init__(self, root: Path, var: Path) -> None:
        self._root = root
        self._var = var
        self._python = root / "nlu" / ".venv" / "bin" / "python"

    def path(self) -> Path:
        """Return where the model of the present inputs stands, or will."""
        done = subprocess.run(
            [str(self._python), str(self._root / "nlu" / "fingerprint.py")],
            cwd=str(self._root),
            env=cleared(os.environ),
            stdout=subprocess.PIPE,
            check=True,
        )
        return self._root / "models" / f"helpdesk-{done.stdout.decode().strip()[:12]}.tar.gz"

    def ensure(self, anew: bool = False) -> Path:
        """Train if there is no model of the present inputs, or when told to; return where it stands."""
        path = self.path()
        if path.exists() and not anew:
            return path
        workplace = self._var / "training"
        shutil.rmtree(str(workplace), ignore_errors=True)
        arguments = ["--out", str(workplace), "--fixed-model-name", "model"]
        command = [str(self._python), "-m", "rasa", "train", *arguments]
        log = self._var / "log" / "train.log"
        Step("Training the model", log).run(command, self._root, rasa_environment())
        path.parent.mkdir(exist_ok=True)
        (workplace / "model.tar.gz").replace(path)
        self._forget_old(path)
        return path

    def _forget_old(self, newest: Path) -> None:
        """Keep the last few models: one can go back, and the disk does not fill."""
        models = sorted(newest.parent.glob("helpdesk-*.tar.gz"), key=lambda model: model.stat().st_mtime, reverse=True)
        for model in models[KEPT:]:
            model.unlink()


def main() -> int:
    """Train from the command line: `python -m scripts.model [--if-changed]`."""
    root = Path(__file__).resolve().parent.parent
    var = Path(os.environ.get("HELPDESK_VAR") or root / "var").resolve()
    try:
        say(str(Model(root, var).ensure(anew="--if-changed" not in sys.argv[1:])))
    except StepFailed as failed:
        say("\n".join([f"{failed.title} failed:", *failed.tail, f"The rest stands in {failed.log}"]))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
