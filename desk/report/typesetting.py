"""Set a page of a report as PDF: its data as JSON on standard input, the PDF on standard output.

A process of its own, for the typesetter keeps what it laid out for next time, some hundred megabytes of it: the desk
must not grow with every report.
"""

import sys
from pathlib import Path
from typing import Literal

import typst

PAGE = Path(__file__).with_name("page.typ")
ACCESSIBLE: Literal["ua-1"] = "ua-1"


def main() -> None:
    """Set one page."""
    said = sys.stdin.buffer.read().decode()
    made = typst.compile(
        PAGE.read_bytes(), sys_inputs={"sheet": said}, ignore_system_fonts=True, pdf_standards=[ACCESSIBLE]
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst returned no single file")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
