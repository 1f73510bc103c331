"""What a participant lives through when a message is read, and what that costs them, in questions.

A wrong answer costs five times a question. So does being sent away with a problem that is ours, or being answered about
the programme when the message was about something else. A question that offers nothing right costs three: it is
followed by a person, not by a second question.
"""

from typing import Any, Dict, List, Sequence

from nlu.components.special_intents import DIALOGUE, FALLBACK, OUT_OF_SCOPE

COSTS = {
    "direct_right": 0.0,
    "asked_right": 1.0,
    "asked_wrong": 3.0,
    "refused_in_scope": 5.0,
    "direct_wrong": 5.0,
    "oos_refused": 0.0,
    "oos_asked": 1.0,
    "oos_answered": 5.0,
}
OFFERED = 3

Row = Dict[str, Any]


def outcome(row: Row, reading: Row) -> str:
    """Return what the writer of a labelled message would live through."""
    said = reading["intent"]["name"]
    if row["intent"] == OUT_OF_SCOPE:
        return {FALLBACK: "oos_asked", OUT_OF_SCOPE: "oos_refused"}.get(said, "oos_answered")
    right = {row["intent"], *(row.get("also") or [])}
    if said == FALLBACK:
        return "asked_right" if right & set(offered_of(names_of(reading))) else "asked_wrong"
    if said == OUT_OF_SCOPE:
        return "refused_in_scope"
    return "direct_right" if said in right else "direct_wrong"


def offered_of(ranked: Sequence[str]) -> List[str]:
    """Return the meanings that a question offers."""
    return [name for name in ranked if name not in DIALOGUE and name != OUT_OF_SCOPE][:OFFERED]


def names_of(reading: Row) -> List[str]:
    """Return the meanings of a reading, likeliest first."""
    return [ranked["name"] for ranked in reading["ranking"]]
