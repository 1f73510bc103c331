"""What the records make likelier, before a word is read: an open incident, a purchase paid without a code.

Whoever knows the records sends `prior` in a turn's metadata: a list of {"intent", "weight", "reason"}, the weight in
log-odds. It re-ranks meanings that the words leave open and cannot overrule words that are plain: no weight counts for
more than `STRONGEST`, and a message that says nothing stays a message that says nothing. What it changed is told.
"""

from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

STRONGEST = 1.5


class Prior(NamedTuple):
    """One thing the records say about what a message is likely to mean."""

    intent: str
    weight: float
    reason: str

    @classmethod
    def read(cls, metadata: Any) -> "Tuple[Prior, ...]":
        """Return what a turn's metadata holds; what has not the shape of a prior is left out."""
        told = metadata.get("prior") if isinstance(metadata, Mapping) else None
        return tuple(
            cls(one["intent"], float(np.clip(one["weight"], -STRONGEST, STRONGEST)), str(one.get("reason", "")))
            for one in (told if isinstance(told, list) else [])
            if isinstance(one, Mapping) and isinstance(one.get("intent"), str) and _is_number(one.get("weight"))
        )


def weighed(margins: np.ndarray, intents: Sequence[str], priors: Sequence[Prior]) -> np.ndarray:
    """Return margins with what the records say added to them."""
    moved = margins.copy()
    for prior in priors:
        if prior.intent in intents:
            moved[intents.index(prior.intent)] += prior.weight
    return moved


def told(
    before: np.ndarray, after: np.ndarray, intents: Sequence[str], priors: Sequence[Prior]
) -> List[Dict[str, Any]]:
    """Return how likely each meaning was without the records, and is with them."""
    return [
        {
            "intent": prior.intent,
            "weight": round(prior.weight, 3),
            "reason": prior.reason,
            "before": round(float(before[intents.index(prior.intent)]), 4),
            "after": round(float(after[intents.index(prior.intent)]), 4),
        }
        for prior in priors
        if prior.intent in intents
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and bool(np.isfinite(value))
