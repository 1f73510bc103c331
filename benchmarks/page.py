"""The page docs/benchmarks.md, made of the last runs that had stock Rasa beside ours."""

import re
from pathlib import Path

from benchmarks.report import ROWS, Figures, all_kept
from helpdesk.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"


SECTION = re.compile(r"^## bench (\S+)$", re.MULTILINE)


def write(bench: Path) -> None:
    """Write the page anew from the last runs that had stock beside ours; what was measured elsewhere stays."""
    if every := all_kept(bench):
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(every, before), encoding="utf-8")


def page(every: list[Figures], before: str = "") -> str:
    """Return the page of all figures measured so far, those of this machine in place of earlier ones."""
    _, *said = SECTION.split(before)
    sections = {name: f"\n## bench {name}{text.rstrip()}\n" for name, text in zip(said[::2], said[1::2], strict=True)}
    sections |= {kept["bench"]: _section(kept) for kept in every}
    return HEAD + "".join(sections[name] for name in ROWS if name in sections)


def _section(kept: Figures) -> str:
    name, figures = kept["bench"], kept["figures"]
    options = "".join(_option(key.replace("_", "-"), value) for key, value in kept["how"].items())
    lines = [f"\n## bench {name}\n", kept["says"] + "\n"]
    lines += [_row(["", *figures]), _row(["---", *("---:" for _ in figures)])]
    lines += [_row([label, *(str(side.get(key, "")) for side in figures.values())]) for label, key in ROWS[name]]
    for side, measured in figures.items():
        lines += _costs(side, measured)
    lines.append(f"\nMeasured {kept['at'][:10]} on {kept['machine']}: `helpdesk bench {name}{options}`.\n")
    lines += [NOTES[name]] if name in NOTES else []
    return "\n".join(lines)


def _option(name: str, value: object) -> str:
    if value is True:
        return f" --{name}"
    return f" --{name} {value:g}" if isinstance(value, float) else f" --{name} {value}"


def _costs(side: str, measured: Figures) -> list[str]:
    spent = measured.get("processor_ms_per_turn")
    if not spent:
        return []
    head = [f"\nProcessor milliseconds a turn, {side}:\n", _row(["process", "ms", "MB"]), _row(["---", "---:", "---:"])]
    memory = measured["memory_mb_by_part"]
    dearest_first = sorted(spent.items(), key=lambda one: -one[1])
    return head + [_row([part, f"{cost:.2f}", str(memory[part])]) for part, cost in dearest_first]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


NOTES = {
    "import": """The two columns are of two runs: the people of one on a machine less busy (an earlier run beside much
other work took 292 s), the purchases and ledger of another, with the database's own second look off (`--unguarded`).
""",
    "desk": """Right after the database was started. `before`: the queue's questions as they were before this scale
was thought of, search as `ILIKE '%…%'`, and the first page when nothing is packed.
""",
}
"""What must be known to read a table."""

HEAD = """# Figures

Written by `helpdesk bench`; do not edit. Ours is the whole system as its own processes with durability on: the
Telegram simulator, the bot's inbox and outbox in PostgreSQL (fsync on), Rasa behind the turn channel, the action server
with both sources of the registry, the desk idle beside them. Times are the simulator's, from a message to its delivered
reply.

Stock is Rasa 3.6.21 as its documentation sets it up: default pipeline with DIET (100 epochs), REST channel, in-memory
tracker store, and the action server of its own SDK with one action that looks nothing up. It has no channel, no
database and no check. It learned a fixed sample of 1,600 of our lines: on 6,640 lines DIET took about 50 s an epoch
on two cores, so 100 epochs of all would take hours. Rules alone decide in both (stock's TED policy would cost it
more).

Half of the turns of both need a check. While one side is measured, the other is stopped where it stands; rounds
alternate, and rates are medians of rounds. "Under load" means the stated number of participants at once, each saying
the next line when the last was answered; "alone" means one. Memory counts every shared page once.
"""
