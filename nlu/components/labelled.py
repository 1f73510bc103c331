"""A file of messages with known meanings: a JSON object on each line, with `text`, `intent` and perhaps `also`."""

import json
from pathlib import Path
from typing import Any, Dict, List


def rows_of(path: Path) -> List[Dict[str, Any]]:
    """Return the labelled messages of a file; says which line is none."""
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
