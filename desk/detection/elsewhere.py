"""Whether a rise that was seen on one channel is of that channel alone: an outage rarely is."""

from collections.abc import Mapping, Sequence
from typing import Any

from records.models import Suspicion

ENOUGH = 7.0
"""So many should have come on the other channels, had they risen alike, for their silence to say something."""
ALIKE = 0.5
"""From this part of that on they may rise as well."""
LEAST_USUAL = 0.1
"""What is usual is kept to a tenth."""


def alone_on_its_channel(it: Suspicion) -> bool:
    """Say whether its evidence shows that the other channels do not rise; what cannot tell shows nothing."""
    together = {scope.get("channel") for scope in it.evidence.get("also", [])}
    if it.channel is None or together - {None, it.channel}:
        return False
    lines: Sequence[Mapping[str, Any]] = it.evidence.get("by", {}).get("channel", [])
    mine = next((line for line in lines if line["key"] == it.channel), None)
    others = [line for line in lines if line["key"] != it.channel]
    if mine is None or any(line["out"] for line in others):
        return False
    times = mine["seen"] / max(mine["usual"], LEAST_USUAL)
    alike = times * sum(line["usual"] for line in others)
    return bool(alike >= ENOUGH and sum(line["seen"] for line in others) < ALIKE * alike)
