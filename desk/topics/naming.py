"""The name of a topic: the words that tell most and that most of its texts share, as people write them.

A word stands in a name only where several conversations used it, so no name, number or place of one person does.
"""

from collections import Counter
from collections.abc import Sequence

from desk.learning.cleaning import PLACEHOLDER
from desk.topics.likeness import Group
from knowledge_base.words import TOKEN, stems

WORDS = 3
SHARED_BY = 3
"""Conversations."""
LEAST_SHARE = 0.25
"""Of the topic's texts that have a word of its name."""
READ = 400
"""Texts that are looked through for a name."""


def name_of(group: Group, texts: Sequence[str], conversations: Sequence[object]) -> str:
    """Return the telling words in the order they are mostly written; the texts are of all topics."""
    members = group.members[:READ]
    said = {place: _words(texts[place]) for place in members}
    using: dict[str, set[object]] = {}
    for place, words in said.items():
        for stem in words:
            using.setdefault(stem, set()).add(conversations[place])
    share = Counter(stem for words in said.values() for stem in words)
    able = [stem for stem in share if len(using[stem]) >= SHARED_BY and share[stem] >= LEAST_SHARE * len(members)]
    telling = sorted(able, key=lambda stem: (-group.centre.get(stem, 0.0) * share[stem], stem))[:WORDS]
    told = sorted(telling, key=lambda stem: _place(stem, said))
    return " ".join(_written(stem, said) for stem in told) or "tanpa kata bersama"


def _words(text: str) -> dict[str, str]:
    """Each stem with the word it was written as, in order."""
    found: dict[str, str] = {}
    for word in TOKEN.findall(PLACEHOLDER.sub(" ", text).lower()):
        for stem in (made := stems(word)):
            found.setdefault(stem, word if len(made) == 1 else stem)
    return found


def _written(stem: str, said: dict[int, dict[str, str]]) -> str:
    """As it is mostly written, the longest of those that are as common."""
    forms = Counter(words[stem] for words in said.values() if stem in words)
    return max(forms, key=lambda form: (forms[form], len(form), form))


def _place(stem: str, said: dict[int, dict[str, str]]) -> float:
    """Where in a text it mostly stands, from its beginning to its end."""
    places = [list(words).index(stem) / len(words) for words in said.values() if stem in words]
    return sum(places) / len(places)
