"""`bench prior`: what the records add to the understanding of ambiguous messages, and that they spoil no clear one.

nlu/heldout/ambiguous.jsonl says which meaning is right under which state of the records, and holds clear messages with
states that are beside their point; the regression set is read under states that fit by chance. What a participant lives
through is counted, by the newest model. The weights were chosen on the even lines; the odd ones are the figures.
"""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from actions.asked import Ask
from actions.clarify import meanings_of, options
from benchmarks.prior_states import states
from checks.prior import Likelier, likelier
from helpdesk.model import RASA_PYTHON
from helpdesk.settings import ROOT

MESSAGES = ROOT / "nlu" / "heldout" / "ambiguous.jsonl"
REGRESSION = ROOT / "nlu" / "heldout" / "regression.jsonl"
OUTCOMES = {
    "at_once": "right at once",
    "one_tap": "one tap away",
    "asked_in_vain": "asked in vain",
    "wrong": "wrong",
}
ASKED_BACK = ("nlu_fallback", "inform", "affirm")
"""What leads to a question about what is meant where nothing was asked before."""
KINDS = ("ambiguous", "clear", "regression")
WAYS = {"without": "without", "reranked": "re-ranked", "asked": "re-ranked, asked by name"}
HALVES = {"chosen_on": 0, "measured": 1}


@dataclass(frozen=True)
class Case:
    """One message under one state."""

    number: int
    text: str
    state: str
    right: frozenset[str]
    kind: str


def measure() -> dict[str, object]:
    """Return the figures of both halves of each kind, without the records and with what they change."""
    cases = [*read_cases(MESSAGES), *read_regression(REGRESSION)]
    told = {name: likelier(situation, opened) for name, (situation, opened) in states().items()}
    without = read_by_model([(case.text, ()) for case in cases])
    with_prior = read_by_model([(case.text, told[case.state]) for case in cases])
    figures: dict[str, object] = {"model": without[0]["model"]}
    for kind in KINDS:
        for half, number in HALVES.items():
            mine = [i for i, case in enumerate(cases) if case.kind == kind and case.number % 2 == number]
            figures[f"{kind}_{half}"] = {
                "messages": len({cases[i].number for i in mine}),
                "cases": len(mine),
                "without": _shares([outcome(cases[i], without[i], ()) for i in mine]),
                "reranked": _shares([outcome(cases[i], with_prior[i], ()) for i in mine]),
                "asked": _shares([outcome(cases[i], with_prior[i], told[cases[i].state]) for i in mine]),
                "asked_by_name": sum(_by_name(cases[i], with_prior[i], told[cases[i].state]) for i in mine),
            }
    return figures


def shown(figures: dict[str, Any]) -> Table:
    """Return the measured half as a table."""
    table = Table(title=f"bench prior, {figures['model']}")
    for head in ("", *OUTCOMES.values()):
        table.add_column(head, justify="right" if head else "left")
    for kind in KINDS:
        half = figures[f"{kind}_measured"]
        for way, label in WAYS.items():
            shares = (f"{half[way][name]:.1%}" for name in OUTCOMES)
            table.add_row(f"{kind}, {label} ({half['cases']})", *shares)
    return table


def read_cases(path: Path) -> Iterator[Case]:
    """Yield every message under each of its states."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        for state, right in row.get("right", {}).items():
            yield Case(number, row["text"], state, _names(right), "ambiguous")
        for state in row.get("beside", ()):
            yield Case(number, row["text"], state, _names(row["intent"]), "clear")


def read_regression(path: Path) -> Iterator[Case]:
    """Yield the regression set, each message under some state that has nothing to do with it."""
    names = sorted(states())
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        right = frozenset([row["intent"], *row.get("also", [])])
        yield Case(number, row["text"], names[number % len(names)], right, "regression")


def read_by_model(asked: Sequence[tuple[str, Sequence[Likelier]]]) -> list[dict[str, Any]]:
    """Return the newest model's readings."""
    lines = "".join(
        json.dumps({"text": text, "prior": [it.as_data() for it in prior]}, ensure_ascii=False) + "\n"
        for text, prior in asked
    )
    command = [str(RASA_PYTHON), str(ROOT / "nlu" / "weighed.py")]
    done = subprocess.run(command, cwd=ROOT, input=lines, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcome(case: Case, reading: dict[str, Any], prior: Sequence[Likelier]) -> str:
    """Return what the writer lives through: the right answer, the right button, neither, or a wrong answer."""
    said = reading["intent"]["name"]
    if said in case.right or said not in ASKED_BACK:
        return "at_once" if said in case.right else "wrong"
    _, offered = _asked(reading, prior)
    return "one_tap" if case.right & set(offered) else "asked_in_vain"


def _asked(reading: dict[str, Any], prior: Sequence[Likelier]) -> tuple[str | None, list[str]]:
    ranking = [(one["name"], float(one["confidence"])) for one in reading["ranking"]]
    return options(meanings_of(ranking), {it.intent: Ask(it.key, it.words) for it in prior if it.weight > 0})


def _by_name(case: Case, reading: dict[str, Any], prior: Sequence[Likelier]) -> bool:
    """Whether the question names the very thing that was meant."""
    return reading["intent"]["name"] in ASKED_BACK and _asked(reading, prior)[0] in case.right


def _shares(outcomes: list[str]) -> dict[str, float]:
    counted = Counter(outcomes)
    return {name: round(counted[name] / max(1, len(outcomes)), 3) for name in OUTCOMES}


def _names(right: str | list[str]) -> frozenset[str]:
    return frozenset([right] if isinstance(right, str) else right)
