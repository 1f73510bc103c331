"""What changed against the range before: how much, and how surely, for every bar of a picture at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trends.surely import adjusted, rate_test

CLEAR, MAYBE = 0.01, 0.10
"""Up to which adjusted chance a change is called clear, or perhaps there."""
TOO_FEW = 8
"""So few messages in both ranges together say nothing of a change."""

type Sure = Literal["clear", "maybe", "no"]


@dataclass(frozen=True)
class Change:
    """One figure now and before."""

    now: int
    before: int
    expected: float
    """The figure before, as it would be in as much time as has passed of this range."""
    chance: float
    """How likely so great a difference is by chance, adjusted for all bars of the picture."""

    @property
    def difference(self) -> float:
        """How much more there is than was to be expected."""
        return self.now - self.expected

    @property
    def share(self) -> float | None:
        """The difference as a share of what was to be expected; none where there was nothing."""
        return self.difference / self.expected if self.expected else None

    @property
    def sure(self) -> Sure:
        """How surely there is a change at all."""
        if self.now + self.before < TOO_FEW or self.chance > MAYBE:
            return "no"
        return "clear" if self.chance <= CLEAR else "maybe"

    @property
    def up(self) -> bool:
        """Say whether it rises."""
        return self.difference > 0


@dataclass(frozen=True)
class Pair:
    """One figure of both ranges, and how long the later was watched against the earlier."""

    now: int
    before: int
    exposure: float = 1.0


def compared(
    now: Mapping[str, int], before: Mapping[str, int], *, exposure: float = 1.0, spread: float = 1.0
) -> dict[str, Change]:
    """Return the change of every bar of either range.

    `spread` is how much more the whole varies by the day than Poisson counts: a bar varies so in proportion to its
    share, as counts with a common cause do.
    """
    pairs = {key: Pair(now.get(key, 0), before.get(key, 0), exposure) for key in sorted({*now, *before})}
    whole = sum(now.values()) + sum(before.values()) or 1
    return judged(pairs, {key: 1 + (spread - 1) * (it.now + it.before) / whole for key, it in pairs.items()})


def judged(pairs: Mapping[str, Pair], spreads: Mapping[str, float]) -> dict[str, Change]:
    """Return the change of each pair, adjusted for all of them together."""
    chances = {
        key: rate_test(it.now, it.before, it.exposure, spreads[key])
        for key, it in pairs.items()
        if it.now + it.before >= TOO_FEW
    }
    sure = adjusted(chances)
    return {key: Change(it.now, it.before, it.before * it.exposure, sure.get(key, 1.0)) for key, it in pairs.items()}


def movers(changes: Mapping[str, Change], *, up: bool) -> list[str]:
    """Return what rises (or falls) at all surely, the greatest difference first."""
    moved = [key for key, change in changes.items() if change.sure != "no" and change.up is up]
    return sorted(moved, key=lambda key: (-abs(changes[key].difference), key))
