"""How well the newest model reads a file of labelled messages.

`nlu/.venv/bin/python nlu/evaluate.py FILE.jsonl` prints JSON; each line of the file has `text`, `intent` and `also`. It
reports figures and never a sentence, because such files may hold other people's words.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, List

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlu.components.archive import NoModel, Reader  # noqa: E402
from nlu.components.score import score  # noqa: E402


def rows_of(path: Path) -> List[Dict[str, Any]]:
    """Return the labelled messages of a file."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows.append({"text": row["text"], "intent": row["intent"], "also": row.get("also") or []})
        except (ValueError, KeyError, TypeError, AttributeError):
            said = f"{path}, line {number}: not a JSON object with text, intent and also. Mend that line."
            raise ValueError(said) from None
    return rows


def main() -> int:
    """Evaluate from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--model", type=Path, default=ROOT / "models", help="a model, or a folder: its newest one")
    given = arguments.parse_args()
    try:
        reader = Reader.newest(given.model)
        rows = rows_of(given.file)
    except (NoModel, OSError, ValueError) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    readings = [reader.read(row["text"]) for row in rows]
    sys.stdout.write(json.dumps({"model": reader.name, **score(rows, readings)}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
