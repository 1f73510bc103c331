"""What a cell may hold, and how it becomes harmless in whatever program opens it.

Beside formulas (`trends.csv_text`) no control character goes out: XML cannot carry most of them, and none is a word.
"""

import re
from datetime import datetime
from functools import lru_cache

from trends.csv_text import harmless

type Cell = str | int | float | datetime | None

LONGEST = 32_000
"""Characters; a spreadsheet holds a few more."""
CUT = " …"
NO_WORD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?")
STANDS_IN = "\ufffd"


def safe(cell: Cell) -> Cell:
    """Return the cell as it goes into a file: no formula, no control character, not too long."""
    return safe_text(cell) if isinstance(cell, str) else cell


@lru_cache(maxsize=4096)
def safe_text(said: str) -> str:
    """Return the text of a cell as it goes into a file; most are labels that come again and again."""
    if not said.isprintable():
        said = NO_WORD.sub(STANDS_IN, LINE_ENDS.sub("\n", said))
    if len(said) > LONGEST:
        said = said[: LONGEST - len(CUT)] + CUT
    return str(harmless(said))


def as_text(cell: Cell) -> str | int | float | None:
    """Return the cell as CSV has it: times as 2020-08-24 10:00, decimals with a point."""
    return cell.isoformat(" ", "minutes") if isinstance(cell, datetime) else cell
