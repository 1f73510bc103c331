"""Whether a newly trained model may go live, on the project's own regression set (nlu/heldout/regression.jsonl).

`nlu/.venv/bin/python nlu/gate.py NEW [OLD]` prints the comparison as JSON. Without an old model, or with one that this
version cannot read, there is nothing to be worse than.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, Optional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlu.components.archive import NoModel, Reader  # noqa: E402
from nlu.components.comparison import compare  # noqa: E402
from nlu.components.labelled import rows_of  # noqa: E402

REGRESSION = ROOT / "nlu" / "heldout" / "regression.jsonl"


def judge(new: Path, old: Optional[Path], file: Path = REGRESSION) -> Dict[str, Any]:
    """Return how a new model compares with the one it would replace."""
    rows = rows_of(file)
    newer = Reader.newest(new)
    try:
        older = Reader.newest(old) if old else newer
    except NoModel:
        older = newer
    comparison = compare(rows, [older.read(row["text"]) for row in rows], [newer.read(row["text"]) for row in rows])
    first = older is newer
    return {"rows": len(rows), "first": first, "old_model": None if first else older.name, **comparison._asdict()}


def main() -> int:
    """Judge from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("new", type=Path)
    arguments.add_argument("old", type=Path, nargs="?")
    given = arguments.parse_args()
    try:
        judged = judge(given.new, given.old)
    except (NoModel, OSError, ValueError) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write(json.dumps(judged, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
