"""Training, when what the model learns from has changed; a worse model does not go live.

The fingerprint of the training inputs is part of the model's file name, so the file is its own stamp: it is trained
beside its place, compared with the model in use on messages that neither was taught (nlu/gate.py), and moved there
whole. A model that was refused stays in models/waiting, to be looked at, or let through with a reason.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from scripts.gate_table import table
from scripts.progress import Step, StepFailed, say
from scripts.surroundings import cleared

KEPT = 3


class Refused(Exception):
    """The new model is worse than the one in use, which stays."""


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
        self.folder = root / "models"

    def path(self) -> Path:
        """Return where the model of the present inputs stands, or will."""
        return self.folder / f"helpdesk-{self._said('fingerprint.py').strip()[:12]}.tar.gz"

    def ensure(self, anew: bool = False, despite: str = "") -> Path:
        """Return the model of the present inputs, trained if it is not there or when told to; raises Refused."""
        path, trained = self.path(), self.trained(anew)
        return path if trained == path else self._let_through(trained, path, despite)

    def trained(self, anew: bool = False) -> Path:
        """Return the model of the present inputs, trained if need be; it may still wait to be let through."""
        path = self.path()
        waiting = self.folder / "waiting" / path.name
        if path.exists() and not anew:
            return path
        if anew or not waiting.exists():
            self._train(waiting)
        return waiting

    def _train(self, waiting: Path) -> None:
        self._var.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix="training-", dir=str(self._var)))
        # what Rasa's validation would look for, the tests look for; it doubles the time
        arguments = ["--skip-validation", "--out", str(workplace), "--fixed-model-name", "model"]
        command = [str(self._python), "-m", "rasa", "train", *arguments]
        try:
            Step("Training the model", self._var / "log" / "train.log").run(command, self._root, rasa_environment())
            waiting.parent.mkdir(parents=True, exist_ok=True)
            (workplace / "model.tar.gz").replace(waiting)
        finally:
            shutil.rmtree(str(workplace), ignore_errors=True)

    def _let_through(self, trained: Path, path: Path, despite: str) -> Path:
        """Move a trained model to its place if it may go there, with a note of how it compared."""
        before = self._in_use()
        judged = json.loads(self._said("gate.py", str(trained), *([str(before)] if before else [])))
        say(table(judged))
        if judged["worse"] and not despite:
            raise Refused(f"The new model is worse and does not go live; {_way_out(before)}")
        note = {"trained": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "despite": despite, **judged}
        path.with_name(path.name + ".json").write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
        trained.replace(path)
        self._said("signature.py", "sign", str(path))
        self._forget_old()
        return path

    def _in_use(self) -> Path | None:
        models = self._by_age()
        return models[0] if models else None

    def _forget_old(self) -> None:
        """Keep the last few models: one can go back, and the disk does not fill."""
        for model in self._by_age()[KEPT:]:
            model.unlink()
            for beside in (".json", ".sig"):
                model.with_name(model.name + beside).unlink(missing_ok=True)

    def _by_age(self) -> list[Path]:
        found = self.folder.glob("helpdesk-*.tar.gz")
        return sorted(found, key=lambda model: model.stat().st_mtime, reverse=True)

    def _said(self, script: str, *arguments: str) -> str:
        command = [str(self._python), str(self._root / "nlu" / script), *arguments]
        done: subprocess.CompletedProcess[Any] = subprocess.run(
            command, cwd=str(self._root), env=cleared(os.environ), stdout=subprocess.PIPE, check=True
        )
        return str(done.stdout.decode())


def _way_out(in_use: Path | None) -> str:
    stays = f"{in_use.name} stays in use. " if in_use else ""
    return (
        f"{stays}Add examples of what it lost and train again, or let it through with a reason: "
        f'helpdesk nlu train --despite "why".'
    )


def main() -> int:
    """Train from the command line: `python -m scripts.model [--if-changed] [--despite REASON]`."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--if-changed", action="store_true")
    arguments.add_argument("--despite", default="", metavar="REASON", help="let a worse model through, and why")
    given = arguments.parse_args()
    root = Path(__file__).resolve().parent.parent
    var = Path(os.environ.get("HELPDESK_VAR") or root / "var").resolve()
    try:
        anew = not given.if_changed and not given.despite
        say(str(Model(root, var).ensure(anew=anew, despite=given.despite)))
    except StepFailed as failed:
        say("\n".join([f"{failed.title} failed:", *failed.tail, f"The rest stands in {failed.log}"]))
        return 1
    except Refused as refused:
        say(str(refused))
        return 3
    except subprocess.CalledProcessError as failed_call:
        say(f"{failed_call}\nThe model in use stays. What was trained waits in models/waiting.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
