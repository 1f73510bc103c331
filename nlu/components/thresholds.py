"""How sure a model must be to answer or to refuse: what costs people least on messages kept apart.

Each outcome has its cost (outcomes.py); a message's cost is averaged over the calibration set, where one message in
four is off topic.
"""

from typing import Dict, NamedTuple, Sequence, Set

import numpy as np

from nlu.components.outcomes import COSTS, offered_of
from nlu.components.special_intents import OUT_OF_SCOPE

NEXT_TO_LEAST = 0.02
MIDDLE, CAREFUL = 0.5, 0.75
STEPS = np.round(np.arange(0.2, 0.96, 0.02), 2)


class Thresholds(NamedTuple):
    """How likely the first meaning must be to be answered, and how likely "out of scope" to be refused."""

    answer: float
    refuse: float


class Judged(NamedTuple):
    """What a model makes of labelled messages, as far as the thresholds decide on it."""

    likely: np.ndarray
    outside: np.ndarray
    first_outside: np.ndarray
    first_right: np.ndarray
    offered_right: np.ndarray

    def outcomes(self, at: Thresholds) -> Dict[str, np.ndarray]:
        """Return which messages come to which outcome."""
        refused = self.first_outside & (self.likely >= at.refuse)
        answered = ~self.first_outside & (self.likely >= at.answer)
        asked, inside = ~refused & ~answered, ~self.outside
        return {
            "direct_right": inside & answered & self.first_right,
            "direct_wrong": inside & answered & ~self.first_right,
            "asked_right": inside & asked & self.offered_right,
            "asked_wrong": inside & asked & ~self.offered_right,
            "refused_in_scope": inside & refused,
            "oos_refused": self.outside & refused,
            "oos_asked": self.outside & asked,
            "oos_answered": self.outside & answered,
        }

    def cost(self, at: Thresholds) -> float:
        """Return what a message costs on average, in questions."""
        met = self.outcomes(at)
        return float(sum(COSTS[name] * messages.sum() for name, messages in met.items()) / len(self.likely))


def judged(
    likelihoods: np.ndarray, intents: Sequence[str], right: Sequence[Set[str]], outside: Sequence[bool]
) -> Judged:
    """Return what a model makes of messages: likelihoods (messages x intents), and the meanings that are right."""
    names = np.array(intents)
    order = np.argsort(-likelihoods, axis=1)
    first = names[order[:, 0]]
    offered = [offered_of(list(names[row])) for row in order]
    return Judged(
        likely=np.take_along_axis(likelihoods, order[:, :1], axis=1)[:, 0],
        outside=np.array(outside),
        first_outside=first == OUT_OF_SCOPE,
        first_right=np.array([name in names for name, names in zip(first, right, strict=True)]),
        offered_right=np.array([bool(names & set(some)) for some, names in zip(offered, right, strict=True)]),
    )


def cheapest(seen: Judged) -> Thresholds:
    """Return thresholds that cost next to the least.

    The cost is flat around its least (from 0.5 to 0.8 it moves by a hundredth of a question), and where exactly the
    least lies is chance. So to answer, the middle of the thresholds as cheap is taken; to refuse, their upper quarter,
    for real messages are harder than written ones and no tap mends a refusal.
    """
    costs = {at: seen.cost(at) for at in (Thresholds(float(a), float(r)) for a in STEPS for r in STEPS)}
    least = min(costs.values())
    near = [at for at, cost in costs.items() if cost <= least + NEXT_TO_LEAST]
    answer = np.quantile([at.answer for at in near], MIDDLE)
    refuse = np.quantile([at.refuse for at in near], CAREFUL)
    return Thresholds(round(float(answer), 3), round(float(refuse), 3))
