"""The page of an evaluation's mistakes, costliest first: what was said, what was meant, what was read instead."""

from html import escape
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from nlu.components.outcomes import COSTS, outcome

Row = Dict[str, Any]

SAID = {
    "direct_wrong": "Answered, and wrongly",
    "oos_answered": "Off topic, and answered as if it were ours",
    "refused_in_scope": "Ours, and sent away",
    "asked_wrong": "Asked back without offering the right meaning",
    "oos_asked": "Off topic, and asked back",
    "asked_right": "Asked back, the right meaning among the offered",
}
FIGURES = {
    "strict": "first meaning is the one labelled",
    "lenient": "first meaning is one of those labelled",
    "top3": "a right one among the first three",
    "calibration_error": "confidence misses how often it is right by",
    "macro_f1": "F1, every intent weighing the same",
    "direct_right": "ours: answered rightly at once",
    "direct_wrong": "ours: answered wrongly",
    "asked_right": "ours: asked back, one tap from the right answer",
    "asked_wrong": "ours: asked back without the right meaning",
    "refused_in_scope": "ours: sent away as off topic",
    "oos_refused": "off topic: recognised",
    "oos_asked": "off topic: asked back",
    "oos_answered": "off topic: answered as if ours",
    "second_found": "two meanings: both found",
}
STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8886 }
td:first-child { width: 50% } code { font-size: .9em } figure { margin: 0; overflow-x: auto } img { max-width: 100% }
"""


def write(rows: Sequence[Row], readings: Sequence[Row], figures: Row, model: str, picture: str, path: Path) -> Path:
    """Write the page and return where it stands."""
    sections = "".join(_section(name, found) for name, found in _by_outcome(rows, readings))
    shares = "".join(
        f"<tr><td>{FIGURES[name]}</td><td>{value:.1%}</td></tr>" for name, value in figures.items() if name in FIGURES
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>What {escape(model)} reads wrong</title><style>{STYLE}</style>
<h1>What the model reads wrong</h1><p>{len(rows)} messages, <code>{escape(model)}</code></p>
<table><tr><th>figure</th><th>value</th></tr>{shares}</table>
<figure><img src="{escape(picture)}" alt="Map of what is read as what; the tables below name every mistake"></figure>
{sections}</html>
""",
        encoding="utf-8",
    )
    return path


def _by_outcome(rows: Sequence[Row], readings: Sequence[Row]) -> List[Tuple[str, List[Tuple[Row, Row]]]]:
    found: Dict[str, List[Tuple[Row, Row]]] = {name: [] for name in SAID}
    for row, reading in zip(rows, readings, strict=True):
        found.get(outcome(row, reading), []).append((row, reading))
    return sorted(found.items(), key=lambda pair: -COSTS[pair[0]])


def _section(name: str, found: List[Tuple[Row, Row]]) -> str:
    lines = "".join(
        f"<tr><td>{escape(row['text'])}</td><td>{escape(' + '.join([row['intent'], *row['also']]))}</td>"
        f"<td>{'<br>'.join(_ranked(one) for one in reading['ranking'][:3])}</td></tr>"
        for row, reading in sorted(found, key=lambda pair: -float(pair[1]["ranking"][0]["confidence"]))
    )
    head = "<tr><th>said</th><th>meant</th><th>read as</th></tr>"
    return f"<h2>{escape(SAID[name])} ({len(found)})</h2><table>{head}{lines}</table>"


def _ranked(one: Row) -> str:
    return f"{escape(one['name'])} {one['confidence']:.2f}"
