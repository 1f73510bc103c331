"""The ladder of patience: whoever waits for somebody waits longer than that one may take.

With two rungs in the wrong order a turn is given up while it is still being answered, or two workers hold one
conversation. So nothing starts on such a ladder; the message names the two settings and what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

ACTIONS_IN_A_TURN = 2
"""Actions that ask something in one turn, at most: the form looks at its answer, then an ability answers."""


@dataclass(frozen=True)
class Rung:
    """One patience: the setting it comes from, how long, and whose it is."""

    setting: str
    lasts: timedelta
    whose: str

    def __str__(self) -> str:
        """Say it with its length."""
        return f"{self.setting} ({self.whose}, {self.lasts.total_seconds():g} s)"


@dataclass(frozen=True)
class Step:
    """Two rungs: the shorter must end before the longer."""

    shorter: Rung
    longer: Rung
    equal: bool = False
    """Whether they may be alike."""

    @property
    def holds(self) -> bool:
        """Say whether they are in order."""
        return self.shorter.lasts < self.longer.lasts or (self.equal and self.shorter.lasts == self.longer.lasts)

    def __str__(self) -> str:
        """Say what is wrong and what to do."""
        return (
            f"{self.shorter.setting} harus lebih pendek dari {self.longer.setting}: sekarang {self.shorter} dan "
            f"{self.longer}. Pendekkan yang pertama atau panjangkan yang kedua. / {self.shorter.setting} must be "
            f"shorter than {self.longer.setting}: shorten the first or lengthen the second."
        )


class WrongOrder(Exception):
    """Two patiences are in the wrong order: nothing starts so."""

    def __init__(self, broken: Sequence[Step]) -> None:
        super().__init__("\n".join(str(step) for step in broken))
        self.broken = tuple(broken)


def climb(steps: Sequence[Step]) -> None:
    """Raise WrongOrder unless every step holds."""
    if broken := [step for step in steps if not step.holds]:
        raise WrongOrder(broken)
