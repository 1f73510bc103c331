"""What a message can mean, as people at the desk choose it: the 53 intents by their labels, likeliest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from trends.labels import INTENTS, intent_label
from trends.within import DIALOGUE

OUT_OF_SCOPE = "out_of_scope"
NOT_UNDERSTOOD = "nlu_fallback"
NAMES = {name: label for name, label in INTENTS.items() if name != NOT_UNDERSTOOD} | {OUT_OF_SCOPE: "Di luar layanan"}
BY_LABEL = {label.casefold(): name for name, label in NAMES.items()}
RUNNERS_UP = 5
MOST_ALSO = 2


@dataclass(frozen=True)
class Meant:
    """What a message means: the first complaint, and others in the same message."""

    intent: str
    also: tuple[str, ...] = ()


def known(name: str) -> str | None:
    """Return the intent that is named, by its name or its label; None where there is no such one."""
    said = name.strip()
    return said if said in NAMES else BY_LABEL.get(said.casefold())


def in_order() -> list[tuple[str, str]]:
    """Return every intent with its label: complaints and questions by label, then out of scope, then small talk."""
    last = {OUT_OF_SCOPE: 1, **dict.fromkeys(DIALOGUE, 2)}
    return sorted(NAMES.items(), key=lambda one: (last.get(one[0], 0), one[1].casefold()))


def likeliest(*guesses: str | Iterable[str] | None) -> list[str]:
    """Return the intents guessed at, in this order and each once, as many as there are keys for."""
    flat: list[str] = []
    for guess in guesses:
        flat += [guess] if isinstance(guess, str) else list(guess or ())
    return [name for name in dict.fromkeys(flat) if name in NAMES][:RUNNERS_UP]


def name_of(intent: str | None) -> str:
    """Return how staff read an intent here."""
    return NAMES.get(intent, intent_label(intent)) if intent else "Belum dibaca bot"
