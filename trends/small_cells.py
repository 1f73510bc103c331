"""Small figures in what leaves the house: few enough people could be recognised, so no figure below five is told.

A hidden part must not be worked out from the whole and the other parts, not even by somebody who knows this rule. So
the next smallest parts are hidden too, until the hidden ones are not all alike: nobody can say which of them is which.
"""

from collections.abc import Mapping

FEWEST = 5
"""The smallest figure that is told; nothing at all may be told too."""


def suppressed[Key](parts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Return the parts of a whole; None where one is left out. The whole is to be told as `whole` says."""
    hidden = _hidden(parts)
    return {key: None if key in hidden else number for key, number in parts.items()}


def whole[Key](parts: Mapping[Key, int]) -> int | None:
    """Return the sum of all parts; None where it would tell a hidden one."""
    hidden = _hidden(parts)
    return None if hidden and _alike(parts, hidden) else sum(parts.values())


def _hidden[Key](parts: Mapping[Key, int]) -> set[Key]:
    hidden = {key for key, number in parts.items() if 0 < number < FEWEST}
    while hidden and _alike(parts, hidden):
        shown = [number for key, number in parts.items() if number and key not in hidden]
        if not shown:
            break
        # all of that size: were one of two equal ones hidden, its place would tell something
        hidden |= {key for key, number in parts.items() if number == min(shown)}
    return hidden


def _alike[Key](parts: Mapping[Key, int], hidden: set[Key]) -> bool:
    return len({parts[key] for key in hidden}) == 1
