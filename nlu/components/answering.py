"""A message that comes while a question is open is read as its answer, unless it plainly is something else.

"desain grafis dasar" or "di tokped" alone could mean much; after "kelas yang mana, Kak?" it means one thing.
"""

import re
from typing import Any, Dict, Set

from nlu.components.special_intents import DIALOGUE, FALLBACK, OUT_OF_SCOPE

ANSWER = "inform"
SHORT = 8
SURE = 0.6
# What a bare course title or platform looks like to a model that does not know what was asked.
LIKE_AN_ANSWER: Dict[str, Set[str]] = {"platform": {"ask_platforms"}, "course": {"ask_training_choice"}}
ASKS = re.compile(
    r"\b(?:apa|mana|siapa)\s+(?:aja|saja|sih|lagi)\b|\b(?:berapa|kapan|gimana|bagaimana|kenapa)\b", re.IGNORECASE
)
ENTITY_OF = {"platform": "platform", "course": "course_title"}


def in_answer_to(asked: str, understood: Dict[str, Any]) -> Dict[str, Any]:
    """Return the understanding of a message given which slot was asked for."""
    intent = understood["intent"]
    if intent["name"] == ANSWER or not _is_answer(asked, understood):
        return understood
    answer = {"name": ANSWER, "confidence": intent["confidence"]}
    return {**understood, "intent": answer}


def _is_answer(asked: str, understood: Dict[str, Any]) -> bool:
    intent = understood["intent"]
    words = understood.get("text", "").split()
    if any(found["entity"] == ENTITY_OF.get(asked) for found in understood["entities"]):
        return len(words) <= SHORT or intent["confidence"] < SURE
    if intent["name"] in DIALOGUE:
        return False
    # "platformnya apa aja sih" asks; "tokped" answers
    alike = set() if ASKS.search(understood.get("text", "")) else LIKE_AN_ANSWER.get(asked, set())
    unspecific = {FALLBACK, OUT_OF_SCOPE, *alike}
    return len(words) <= SHORT and (intent["confidence"] < SURE or intent["name"] in unspecific)
