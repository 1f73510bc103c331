"""Before an act on many: how many cases it will reach, which it will not and why, as they stand now.

What is shown here is no promise: each case is looked at again when its turn comes, and whoever was faster wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.bulk.acts import Act
from desk.queue.lines import Line
from desk.rights import LEADING
from desk.sessions import Person

UNHELD = "belum Anda ambil"


@dataclass(frozen=True)
class Preview:
    """What an act on many would reach."""

    chosen: int
    reached: Sequence[Line]
    free: Sequence[Line]
    """Nobody holds them: reached if they are claimed along with it."""
    refused: dict[str, list[str]]
    """Why → numbers of the cases."""


def preview(act: Act, numbers: Sequence[str], lines: dict[str, Line], person: Person) -> Preview:
    """Return what the act would reach of these numbers; a case that is not in one's queue is somebody else's."""
    reached: list[Line] = []
    free: list[Line] = []
    refused: dict[str, list[str]] = {}
    for number in numbers:
        line = lines.get(number)
        why = why_not(act, line, person)
        if line is not None and why is None:
            reached.append(line)
        elif line is not None and why == UNHELD:
            free.append(line)
        else:
            refused.setdefault(why or "", []).append(number)
    return Preview(len(numbers), reached, free, refused)


def why_not(act: Act, line: Line | None, person: Person) -> str | None:
    """Say why the act would be refused for this case, or None."""
    if line is None or not line.readable:
        return "bukan tiket tim Anda"
    if line.status == "resolved":
        return None if act.key == "tag" else "sudah selesai"
    if act.key == "balas" and line.unreachable:
        return "peserta tidak bisa dikirimi pesan di kanalnya"
    return _held(act, line, person)


def _held(act: Act, line: Line, person: Person) -> str | None:
    mine, others = line.staff_id == person.id, line.status == "claimed" and line.staff_id != person.id
    by_other = f"dipegang {line.holder or 'petugas lain'}"
    if act.key == "ambil":
        return "sudah Anda pegang" if mine else by_other if others else None
    if act.holds:
        return None if mine else by_other if others else UNHELD
    steering = act.key in {"tunda", "tugaskan"}
    return by_other if steering and others and person.role not in LEADING else None
