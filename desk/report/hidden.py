"""Which figures a reader may see: outside the house no small ones, and none from which a small one could be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.pictures.numbers import whole
from trends.small_cells import FEWEST, suppressed
from trends.small_cells import whole as sum_of

FEW = f"< {FEWEST}"
LEFT_OUT = "disamarkan"


@dataclass(frozen=True)
class Few:
    """How small figures are shown."""

    on: bool

    def __call__(self, number: int) -> str:
        """Return a figure that stands alone."""
        return FEW if self.hides(number) else whole(number)

    def hides(self, number: int) -> bool:
        """Say whether a figure that stands alone is too small to be shown."""
        return self.on and 0 < number < FEWEST

    def beside(self, number: int, rest: int) -> str:
        """Return a figure that tells the rest too, by what stands beside it: then neither may be too small."""
        return LEFT_OUT if number >= FEWEST and self.hides(rest) else self(number)

    def hides_share(self, part: int, all_of_them: int) -> bool:
        """Say whether a share of so many would tell of few, be it those in it or the others."""
        return any(self.hides(number) for number in (part, all_of_them - part, all_of_them))

    def of(self, parts: Mapping[str, int]) -> dict[str, str]:
        """Return the parts of a whole: where one is hidden, so is a second, or it could be worked out."""
        if not self.on:
            return {key: whole(number) for key, number in parts.items()}
        return {key: LEFT_OUT if number is None else whole(number) for key, number in suppressed(parts).items()}

    def tells_sum(self, wholes: Iterable[Mapping[str, int]]) -> bool:
        """Say whether the sum of all these parts, in whatever way it is parted, may stand beside them."""
        return not self.on or all(sum_of(parts) is not None for parts in wholes)
