"""A supervisor over parts given on the command line: FOLDER GRACE NAME|KIND|COMMAND|AFTER …"""

import logging
import os
import sys
from pathlib import Path

from helpdesk.leftovers import MARK
from helpdesk.part import Kind, Part
from helpdesk.places import Places
from helpdesk.supervisor import Supervisor


def part(places: Places, text: str) -> Part:
    name, kind, command, after = text.split("|")
    return Part(
        name=name,
        command=["/bin/sh", "-c", command],
        env={**os.environ, MARK: str(places.var.resolve())},
        cwd=places.var,
        log=places.log(name),
        kind=Kind(kind),
        after=tuple(filter(None, after.split(","))),
    )


def main() -> int:
    places = Places(Path(sys.argv[1]))
    logging.basicConfig(filename=places.log("supervisor"), level=logging.INFO)
    parts = [part(places, text) for text in sys.argv[3:]]

    def again() -> list[Part]:
        if (places.var / "wrong settings").exists():
            raise ValueError("BOT_PORT is no number")
        return parts

    return Supervisor(parts, places.state, beat=lambda: None, grace=float(sys.argv[2]), again=again).run()


if __name__ == "__main__":
    sys.exit(main())
