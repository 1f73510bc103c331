"""Which words spoke for a meaning: each word's say is how far the meaning falls when the word is left out."""

from typing import Any, Dict, List

from nlu.components.meaning import Meaning

TOLD = 2
WORDS = 5
LEAST = 0.05


def spoken(meaning: Meaning, normalised: str, ranking: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Return, for the first meanings of a ranking, the words that spoke for and against each, in log-odds."""
    words = normalised.split()
    whole = meaning.hear(normalised).margins
    without = [meaning.hear(" ".join(words[:i] + words[i + 1 :])).margins for i in range(len(words))]
    told = []
    for ranked in ranking[:TOLD]:
        number = meaning.intents.index(ranked["name"])
        # against the mean of all meanings: what lifts everything says nothing
        lost = [_above(whole, number) - _above(left, number) for left in without]
        says = sorted(zip(words, lost, strict=True), key=lambda pair: -abs(pair[1]))
        strong = [{"word": word, "says": round(float(say), 2)} for word, say in says if abs(say) >= LEAST]
        told.append({"name": ranked["name"], "words": strong[:WORDS]})
    return told


def _above(margins: Any, number: int) -> float:
    return float(margins[number] - margins.mean())
