"""The fingerprint of everything a model is made from; it changes when training could give another.

Standard library only, for any Python: `python nlu/fingerprint.py` prints it, set-up compares it.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUTS = (
    "config.yml",
    "domain.yml",
    "nlu/training",
    "nlu/domain",
    "nlu/components",
    "nlu/heldout/calibration.jsonl",
    "nlu/requirements.lock",
)
# How a turn is carried has no part in what is learned.
NOT_LEARNED = {"turn_channel.py", "turn_request.py", "turn_replies.py", "turn_processor.py", "carried_state.py",
               "action_server.py", "answering.py", "archive.py", "score.py", "explanation.py",
               "straight_runner.py", "kept_line.py", "model_swap.py", "comparison.py", "prior.py"}  # fmt: skip


def fingerprint(root: Path = ROOT) -> str:
    """Return the hash of the training inputs under a root."""
    seal = hashlib.sha256()
    for path in _inputs(root):
        seal.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        seal.update(path.read_bytes())
    return seal.hexdigest()


def _inputs(root: Path) -> "list[Path]":
    found = []
    for name in INPUTS:
        path = root / name
        found += [path] if path.is_file() else [p for p in path.rglob("*") if p.suffix in (".py", ".yml")]
    return sorted(path for path in found if path.name not in NOT_LEARNED)


if __name__ == "__main__":
    sys.stdout.write(fingerprint() + "\n")
