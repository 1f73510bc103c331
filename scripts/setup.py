"""Set-up: `python3 -m scripts.setup` makes both environments and the model, and does nothing when nothing changed.

Safe to run twice, to interrupt and to run again: every piece is stamped last and whole.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.environments import Environment, InterpreterMissing
from scripts.interpreters import Search
from scripts.model import Model, Refused
from scripts.progress import StepFailed, say
from scripts.toolbox import NoToolbox, Toolbox

ROOT = Path(__file__).resolve().parent.parent


def environments(root: Path) -> list[Environment]:
    """Return the two environments: everything but Rasa, and Rasa."""
    return [
        Environment(root, ".venv", "requirements-dev.lock", [(3, 12), (3, 13), (3, 14)], "PYTHON_APP", project=True),
        Environment(root, "nlu/.venv", "nlu/requirements.lock", [(3, 10)], "PYTHON_RASA", project=False),
    ]


def set_up(root: Path, var: Path, model: bool) -> None:
    """Make what is missing."""
    search = Search(os.environ, Path.home())
    toolbox = Toolbox(root, var, search)
    waiting = [environment for environment in environments(root) if not environment.ready()]
    if waiting or not toolbox.ready():
        say("Setting up (the first time takes some minutes: about 3 GB are fetched and unpacked)")
        toolbox.ensure()
        for environment in waiting:
            environment.ensure(toolbox, search)
    if model:
        try:
            Model(root, var).ensure()
        except Refused as refused:  # the one in use goes on
            say(str(refused))


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """Let one set-up work at a time; the second waits and says so."""
    (var / "run").mkdir(parents=True, exist_ok=True)
    with (var / "run" / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another set-up is at work; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Run set-up and say how it went."""
    began = time.monotonic()
    var = Path(os.environ.get("HELPDESK_VAR") or ROOT / "var").resolve()
    try:
        with alone(var):
            set_up(ROOT, var, model="--without-model" not in arguments)
    except KeyboardInterrupt:
        say("\nInterrupted. Run it again: it goes on where it stopped.")
        return 130
    except StepFailed as failed:
        say("\n".join([f"\n{failed.title} failed. Its last words:", *failed.tail, f"All of it: {failed.log}"]))
        return 1
    except (InterpreterMissing, NoToolbox) as missing:
        say(f"\n{missing}")
        return 1
    except subprocess.CalledProcessError as failed_call:
        say(f"\n{failed_call}")
        return 1
    if time.monotonic() - began > 2:
        say(f"Set up in {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    if sys.version_info < (3, 8):  # noqa: UP036 (this file runs before 3.12 is found)
        sys.exit("Set-up needs Python 3.8 or later to begin with; this is " + sys.version.split()[0])
    sys.exit(main(sys.argv[1:]))
