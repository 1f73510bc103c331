"""How well the newest model reads a file of labelled messages.

`nlu/.venv/bin/python nlu/evaluate.py FILE.jsonl` prints JSON; each line of the file has `text`, `intent` and `also`. It
prints figures and never a sentence, because such files may hold other people's words; the page and the picture that
`--out FOLDER` asks for do show them.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlu.components.archive import NoModel, Reader  # noqa: E402
from nlu.components.labelled import rows_of  # noqa: E402
from nlu.components.score import score  # noqa: E402
from nlu.report import confusion_map, error_page  # noqa: E402


def main() -> int:
    """Evaluate from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--model", type=Path, default=ROOT / "models", help="a model, or a folder: its newest one")
    arguments.add_argument("--out", type=Path, help="a folder for the map and the page of mistakes")
    given = arguments.parse_args()
    try:
        reader = Reader.newest(given.model)
        rows = rows_of(given.file)
    except (NoModel, OSError, ValueError) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    readings = [reader.read(row["text"]) for row in rows]
    figures = {"model": reader.name, **score(rows, readings)}
    if given.out:
        picture = confusion_map.draw(rows, readings, given.out / f"{given.file.stem}-confusions.svg")
        page = given.out / f"{given.file.stem}-errors.html"
        figures["picture"] = str(picture)
        figures["page"] = str(error_page.write(rows, readings, figures, reader.name, picture.name, page))
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
