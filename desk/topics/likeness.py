"""Gathering texts by likeness: one subject in many spellings becomes one topic, two subjects stay two.

A text is its stems, each weighed by how rare it is in what the bot is taught already: "magang" tells much, "daftar"
tells little, however many ask about it this week; where it happened (a platform's name) is no subject. Texts join the
nearest topic, near topics join each other, and in the end every text goes where it is nearest. Twenty thousand texts
take seconds.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from rapidfuzz.distance import Levenshtein

from desk.learning.cleaning import PLACEHOLDER
from knowledge_base.words import informal_words, stems
from trends.labels import PLATFORMS

NEAR = 0.55
"""Cosine from which a text belongs to a topic."""
SAME = 0.6
"""Cosine from which two topics are one."""
HEAVIEST = 4
"""Stems by which a text or topic is looked for."""
LOOKED_AT = 300
CLOSELY = 6
_NOWHERE: dict[int, float] = {}
"""Topics of one stem that are compared: more would cost and find nothing nearer."""
ROUNDS = 3
RARE, COMMON = 4, 5
"""Letters from which a rare word may be a common one misspelled."""
OFTENER = 3
LEAST = 0.1

type Vector = dict[str, float]


@dataclass(frozen=True)
class Taught:
    """How often each stem stands in what the bot is taught."""

    lines: int = 0
    stems: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Taught":
        """Count the stems of the lines."""
        told = [set(stems(line)) for line in lines]
        return cls(len(told), Counter(stem for said in told for stem in said))


NOTHING_TAUGHT = Taught()


@dataclass
class Group:
    """Texts of one topic, by their places in the list, the most typical first."""

    members: list[int] = field(default_factory=list)
    centre: Vector = field(default_factory=dict)


def gathered(texts: Sequence[str], taught: Taught = NOTHING_TAUGHT) -> list[Group]:
    """Return the topics of these texts, the largest first; a text that resembles no other is a topic of its own."""
    told = _spelled_alike([subject(text) for text in texts])
    weigh = _weights(told, taught)
    vectors = [_unit({stem: weigh[stem] for stem in set(said) if stem in weigh}) for said in told]
    same: dict[frozenset[str], list[int]] = defaultdict(list)
    alone = []
    for place, vector in enumerate(vectors):
        if vector:
            same[frozenset(vector)].append(place)
        else:
            alone.append(Group([place]))
    kinds = sorted(same.values(), key=lambda places: (-len(places), places[0]))
    shapes = [vectors[places[0]] for places in kinds]
    groups = _nearest(shapes, _joined(_led(shapes)))
    found = [_told(group, kinds, shapes) for group in groups]
    return sorted([*found, *alone], key=lambda group: (-len(group.members), group.members[0]))


def subject(text: str) -> list[str]:
    """Return the stems that say what a text is about."""
    return [stem for stem in stems(PLACEHOLDER.sub(" ", text)) if stem not in _places()]


@cache
def _places() -> frozenset[str]:
    named = {stem for name in PLATFORMS.values() for stem in stems(name)}
    return frozenset(named | {stem for words in informal_words().values() if named & set(words) for stem in words})


def _told(group: Group, kinds: list[list[int]], shapes: list[Vector]) -> Group:
    """The texts themselves, typical ones first, each wording once before any comes twice."""
    order = sorted(group.members, key=lambda kind: (-_cosine(shapes[kind], group.centre), kind))
    firsts = [kinds[kind][0] for kind in order]
    others = [place for kind in order for place in kinds[kind][1:]]
    return Group([*firsts, *others], group.centre)


def _spelled_alike(told: list[list[str]]) -> list[list[str]]:
    """A rare stem one letter away from a common one is that one, misspelled."""
    counted = Counter(stem for said in told for stem in set(said))
    by_start: dict[str, list[str]] = defaultdict(list)
    for stem in counted:
        by_start[stem[0]].append(stem)
    meant = {}
    for stem, times in counted.items():
        if len(stem) < RARE or stem[0].isdigit():
            continue
        near = [
            (counted[other], other)
            for other in by_start[stem[0]]
            if len(other) >= COMMON
            and counted[other] >= OFTENER * times
            and Levenshtein.distance(stem, other, score_cutoff=1) == 1
        ]
        if near:
            meant[stem] = max(near)[1]
    return [[meant.get(stem, stem) for stem in said] for said in told]


def _weights(told: list[list[str]], taught: Taught) -> dict[str, float]:
    """How much each stem tells; one that a single text has cannot join it to anything and is left out."""
    here = Counter(stem for said in told for stem in set(said))
    lines, there = (taught.lines, taught.stems) if taught.lines else (len(told), here)
    known = {stem: there.get(stem, 0) for stem, times in here.items() if times > 1}
    return {stem: math.log((1 + lines) / (1 + times)) + LEAST for stem, times in known.items()}


class _Index:
    """Topics by the stems that weigh most in them."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._where: dict[str, dict[int, float]] = defaultdict(dict)

    def put(self, group: Group) -> None:
        self.groups.append(group)
        self.note(len(self.groups) - 1)

    def note(self, number: int) -> None:
        centre = self.groups[number].centre
        for stem in _heaviest(centre):
            self._where[stem][number] = centre[stem]

    def nearest(self, vector: Vector) -> tuple[float, int]:
        """Return how near the nearest is, and which: few that share heavy stems are looked at closely."""
        shared: dict[int, float] = {}
        for stem in _heaviest(vector):
            weight = vector[stem]
            for number, theirs in islice(self._where.get(stem, _NOWHERE).items(), LOOKED_AT):
                shared[number] = shared.get(number, 0.0) + weight * theirs
        promising = heapq.nlargest(CLOSELY, shared, key=shared.__getitem__)
        return max(((_cosine(vector, self.groups[it].centre), it) for it in promising), default=(0.0, -1))


def _led(shapes: list[Vector]) -> list[Group]:
    """Each text joins the nearest topic so far, or begins one."""
    index = _Index()
    sums: list[Vector] = []
    for kind, shape in enumerate(shapes):
        near, number = index.nearest(shape)
        if near < NEAR:
            sums.append(dict(shape))
            index.put(Group([kind], dict(shape)))
            continue
        index.groups[number].members.append(kind)
        _add(sums[number], shape)
        index.groups[number].centre = _unit(sums[number])
        index.note(number)
    return index.groups


def _joined(groups: list[Group]) -> list[Group]:
    """Topics that turned out to be one are put together, small ones into large ones."""
    for _ in range(ROUNDS):
        index, changed = _Index(), False
        for group in sorted(groups, key=lambda one: -len(one.members)):
            near, number = index.nearest(group.centre)
            if near < SAME:
                index.put(group)
                continue
            other = index.groups[number]
            both = {stem: weight * len(other.members) for stem, weight in other.centre.items()}
            _add(both, group.centre, len(group.members))
            other.members += group.members
            other.centre, changed = _unit(both), True
            index.note(number)
        groups = index.groups
        if not changed:
            break
    return groups


def _nearest(shapes: list[Vector], groups: list[Group]) -> list[Group]:
    """Every text goes where it is nearest, now that all topics are known."""
    index = _Index()
    for group in groups:
        index.put(Group([], group.centre))
    left = []
    for kind, shape in enumerate(shapes):
        near, number = index.nearest(shape)
        if near < NEAR:
            left.append(Group([kind], shape))
        else:
            index.groups[number].members.append(kind)
    return [group for group in index.groups if group.members] + left


def _heaviest(vector: Mapping[str, float]) -> list[str]:
    return sorted(vector, key=lambda stem: (-vector[stem], stem))[:HEAVIEST]


def _cosine(one: Vector, other: Vector) -> float:
    """Of two vectors of length one."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[stem] for stem, weight in one.items() if stem in other)


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def _add(total: Vector, vector: Vector, times: int = 1) -> None:
    for stem, weight in vector.items():
        total[stem] = total.get(stem, 0.0) + times * weight
