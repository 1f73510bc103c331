"""What a comparison comes to: better, the same or worse, for each intent and in all, with the confusions that count."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from desk.learning.meanings import name_of

STANDARD_ERRORS = 2
NAMED = 3


@dataclass(frozen=True)
class Verdict:
    """How the candidate does, the figures that are kept, and in words why it is refused."""

    word: str
    figures: dict[str, Any]
    why: str | None

    @property
    def refused(self) -> bool:
        """Whether the candidate may not go into use."""
        return self.word == "worse"


def of(compared: dict[str, Any]) -> Verdict:
    """Return the verdict on what nlu/trial.py printed.

    Worse is what the gate calls worse on the regression set, or what reads those examples worse that were kept apart.
    """
    gate, apart = compared["gate"], compared["apart"]
    changed = told_apart(apart["won"], apart["lost"])
    gained = -gate["difference"] > STANDARD_ERRORS * gate["error"]
    word = "worse" if gate["worse"] or changed == "worse" else "better" if gained or changed == "better" else "same"
    intents = [{**row, "verdict": told_apart(row["won"], row["lost"])} for row in compared["intents"]]
    figures = {
        "rows": compared["rows"],
        "old": gate["old"],
        "new": gate["new"],
        "difference": gate["difference"],
        "error": gate["error"],
        "apart": apart,
        "intents": sorted(intents, key=lambda row: (-row["taught"], row["intent"])),
        "confusions": compared["confusions"],
    }
    return Verdict(word, figures, _why(figures, gate["worse"]) if word == "worse" else None)


def told_apart(won: int, lost: int) -> str:
    """Say whether so many won and lost can be told from chance: two standard errors of their difference."""
    if won - lost > STANDARD_ERRORS * sqrt(won + lost):
        return "better"
    return "worse" if lost - won > STANDARD_ERRORS * sqrt(won + lost) else "same"


def _why(figures: dict[str, Any], gate: bool) -> str:
    apart = figures["apart"]
    where = f"pada {figures['rows']} kalimat penguji" if gate else f"pada {apart['rows']} contoh yang disisihkan"
    named = [
        f"{name_of(it['is'])} dibaca {name_of(it['read_as'])} ({it['times']}×)" for it in figures["confusions"][:NAMED]
    ]
    return f"Lebih buruk {where}; terbanyak {', '.join(named)}." if named else f"Lebih buruk {where}."
