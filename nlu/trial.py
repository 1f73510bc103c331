"""How a candidate that was also taught what people at the desk accepted compares with the model in use.

`nlu/.venv/bin/python nlu/trial.py NEW OLD EXAMPLES.jsonl` prints JSON: the gate's comparison on the regression set, the
same on the examples that were kept apart, every intent before and after, and how each example is read by both. Each
line of EXAMPLES has `id`, `text`, `intent`, `also` and `held_out`.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlu.components.archive import NoModel, Reader  # noqa: E402
from nlu.components.comparison import compare  # noqa: E402
from nlu.components.labelled import rows_of  # noqa: E402
from nlu.gate import REGRESSION  # noqa: E402

Row = Dict[str, Any]
CONFUSIONS = 12


def tried(new: Reader, old: Reader, judging: Sequence[Row], examples: Sequence[Row]) -> Row:
    """Return the whole comparison."""
    apart = [row for row in examples if row["held_out"]]
    taught = Counter(row["intent"] for row in examples if not row["held_out"])
    before, after = _read(old, judging), _read(new, judging)
    rows = [*judging, *apart]
    was, now = _firsts([*before, *_read(old, apart)]), _firsts([*after, *_read(new, apart)])
    decided = zip(examples, _read(old, examples), _read(new, examples), strict=True)
    return {
        "rows": len(judging),
        "gate": compare(judging, before, after)._asdict(),
        "apart": _counted(apart, was[len(judging) :], now[len(judging) :]),
        "intents": _by_intent(rows, was, now, taught),
        "confusions": _newly_confused(rows, was, now),
        "read": {row["id"]: [a["intent"]["name"], b["intent"]["name"]] for row, a, b in decided},
    }


def _read(reader: Reader, rows: Sequence[Row]) -> List[Row]:
    return [reader.read(row["text"]) for row in rows]


def _firsts(readings: Sequence[Row]) -> List[str]:
    """Return what each is read as, sure or not: what the gate counts as right or wrong."""
    return [str(reading["ranking"][0]["name"]) for reading in readings]


def _by_intent(rows: Sequence[Row], was: Sequence[str], now: Sequence[str], taught: "Counter[str]") -> List[Row]:
    """Return every intent that was taught something, or is read otherwise than before."""
    found = []
    for intent in sorted({row["intent"] for row in rows} | set(taught)):
        those = [at for at, row in enumerate(rows) if row["intent"] == intent]
        counted = _counted([rows[at] for at in those], [was[at] for at in those], [now[at] for at in those])
        if taught[intent] or counted["won"] or counted["lost"]:
            found.append({"intent": intent, "taught": taught[intent], **counted})
    return found


def _counted(rows: Sequence[Row], was: Sequence[str], now: Sequence[str]) -> Row:
    right = [(a in _right(row), b in _right(row)) for row, a, b in zip(rows, was, now, strict=True)]
    return {
        "rows": len(rows),
        "before": sum(before for before, _ in right),
        "after": sum(after for _, after in right),
        "won": sum(after and not before for before, after in right),
        "lost": sum(before and not after for before, after in right),
    }


def _newly_confused(rows: Sequence[Row], was: Sequence[str], now: Sequence[str]) -> List[Row]:
    mistaken = Counter(
        (row["intent"], b)
        for row, a, b in zip(rows, was, now, strict=True)
        if a in _right(row) and b not in _right(row)
    )
    return [{"is": right, "read_as": read, "times": times} for (right, read), times in mistaken.most_common(CONFUSIONS)]


def _right(row: Row) -> List[str]:
    return [row["intent"], *(row.get("also") or [])]


def main() -> int:
    """Compare from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("new", type=Path)
    arguments.add_argument("old", type=Path)
    arguments.add_argument("examples", type=Path)
    given = arguments.parse_args()
    try:
        examples = [
            json.loads(line) for line in given.examples.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        found = tried(Reader.newest(given.new), Reader.newest(given.old), rows_of(REGRESSION), examples)
    except (NoModel, OSError, ValueError, KeyError) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
