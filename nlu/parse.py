"""What the newest model reads in a sentence: `nlu/.venv/bin/python nlu/parse.py "otp ga masuk"` prints it as JSON."""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlu.components.archive import NoModel, Reader  # noqa: E402


def main() -> int:
    """Read one sentence from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("text")
    arguments.add_argument("--model", type=Path, default=ROOT / "models", help="a model, or a folder: its newest one")
    given = arguments.parse_args()
    try:
        reader = Reader.newest(given.model)
    except NoModel as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    reader.read(given.text)  # the first reading is the slowest, and is not what a turn costs
    sys.stdout.write(
        json.dumps({"model": reader.name, **reader.explained(given.text)}, ensure_ascii=False, indent=2) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
