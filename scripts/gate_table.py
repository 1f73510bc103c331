"""The comparison of a new model with the one in use, as lines for a terminal."""

from __future__ import annotations

from typing import Any

LOST = 12
LONGEST = 90


def table(judged: dict[str, Any]) -> str:
    """Return the comparison that nlu/gate.py printed, in words and figures."""
    if judged["first"]:
        lines = [f"No model to compare with; on the {judged['rows']} messages of the regression set:"]
        lines += [f"  {name:<18} {share:>7.1%}" for name, share in judged["new"].items()]
        return "\n".join(lines)
    lines = [f"On the {judged['rows']} messages of the regression set, beside {judged['old_model']}:"]
    lines += [f"  {'':<18} {'old':>7} {'new':>7}"]
    lines += [f"  {name:<18} {judged['old'][name]:>7.1%} {share:>7.1%}" for name, share in judged["new"].items()]
    word = "worse" if judged["worse"] else "not worse"
    lines += [f"  cost of a message  {judged['difference']:+.3f} questions (± {judged['error']:.3f}): {word}"]
    lines += [f"  {len(judged['lost'])} messages are read worse" + (", such as:" if judged["lost"] else ".")]
    lines += [
        f"    {_shortened(row['text'])}  ({row['intent']}, now {row['read_as']})" for row in judged["lost"][:LOST]
    ]
    return "\n".join(lines)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
