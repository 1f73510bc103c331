"""Reads messages with what the records say of their writers: JSON lines {"text", "prior"} in, readings out.

`nlu/.venv/bin/python nlu/weighed.py < LINES` is how `helpdesk bench prior` asks the newest model, once without starting
Rasa around it.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlu.components.archive import NoModel, Reader  # noqa: E402
from nlu.components.normaliser import Normaliser  # noqa: E402
from nlu.components.prior import Prior  # noqa: E402


def main() -> int:
    """Read every line of the standard input."""
    try:
        reader = Reader.newest(ROOT / "models")
    except NoModel as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    spelled = Normaliser.from_words()
    for line in sys.stdin:
        given = json.loads(line)
        read = reader.decision.on(spelled(given["text"]), Prior.read(given))
        sys.stdout.write(json.dumps({**read, "model": reader.name}, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
