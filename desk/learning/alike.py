"""Look-alikes: messages that say nearly the same stand together, so that a reviewer decides once and not forty times.

Each text joins the nearest group that is near enough, or begins one; the same words are one text. Fifty thousand
messages take seconds, in a thread, and only what is new is looked at when some are added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from desk.learning.stem_index import Gist, StemIndex, weights

NEAR = 0.4
LOOKED_AT = 40
"""Groups of one stem that a text is compared with: more would cost and find nothing nearer."""


@dataclass
class Group:
    """Messages that say nearly the same; the first began it."""

    ids: list[str] = field(default_factory=list)


class Alikes:
    """The groups of all messages seen so far."""

    def __init__(self, said: Sequence[tuple[str, str]] = ()) -> None:
        """Group these messages; what is added later is weighed by their words."""
        gists = {one: Gist.of(text) for one, text in said}
        self._index = StemIndex(weights(gists.values()), LOOKED_AT)
        self.groups: list[Group] = []
        self._same: dict[frozenset[str], Group] = {}
        self._group_of: dict[str, Group] = {}
        # longer texts first: a bare "otp" joins those who say what about it
        for one in sorted(gists, key=lambda one: -len(gists[one].stems)):
            self._put(one, gists[one])

    def add(self, said: Iterable[tuple[str, str]]) -> None:
        """Put new messages into their groups."""
        for one, text in said:
            if one not in self._group_of:
                self._put(one, Gist.of(text))

    @property
    def compared(self) -> int:
        """How many pairs were looked at closely so far."""
        return self._index.compared

    def __contains__(self, one: str) -> bool:
        return one in self._group_of

    def __len__(self) -> int:
        return len(self._group_of)

    def _put(self, one: str, gist: Gist) -> None:
        group = self._same.get(gist.stems) or self._near(gist)
        if group is None:
            group = Group()
            self._index.add(len(self.groups), gist)
            self.groups.append(group)
        self._same[gist.stems] = group
        self._group_of[one] = group
        group.ids.append(one)

    def _near(self, gist: Gist) -> Group | None:
        found = self._index.nearest(gist, 1)
        return self.groups[found[0][0]] if found and found[0][1] >= NEAR else None
