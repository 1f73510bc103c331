"""The outages of a simulated year: known beginnings, sizes, whom they touch; at night too, sudden and creeping."""

from dataclasses import dataclass
from random import Random

from benchmarks.detection.world import (
    BUYING,
    CHANNELS,
    ENTERING,
    PAYING_OUT,
    PLATFORMS,
    REDEEMING,
    Leaf,
    World,
)
from trends.rhythm.scope import Scope

SIZES = (1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)
APART_MINUTES = 12 * 60
GROUPS = (BUYING, REDEEMING, ENTERING, PAYING_OUT)


@dataclass(frozen=True)
class Outage:
    """So many times the usual of some intents, at a platform or channel or everywhere."""

    begins: int
    ends: int
    size: float
    intents: frozenset[str]
    platform: str | None
    channel: str | None
    creeps: int
    """Minutes until it has its full size; 0: at once."""

    def factor(self, minute: int) -> float:
        """Return the multiple of the usual at a minute."""
        if not self.begins <= minute < self.ends:
            return 1.0
        part = min(1.0, (minute - self.begins + 1) / self.creeps) if self.creeps else 1.0
        return 1 + (self.size - 1) * part

    def touches(self, leaf: Leaf) -> bool:
        """Whether messages of this kind become more."""
        intent, platform, channel = leaf
        return intent in self.intents and self.platform in (None, platform) and self.channel in (None, channel)

    def explains(self, scope: Scope) -> bool:
        """Whether an alarm about this scope is about this outage."""
        return (
            (scope.intent is None or scope.intent in self.intents)
            and (scope.platform is None or self.platform is None or scope.platform == self.platform)
            and (scope.channel is None or self.channel is None or scope.channel == self.channel)
        )


def outages(world: World, seed: int, first: int, a_month: float = 14.0) -> list[Outage]:
    """Draw the outages of a world from the minute `first` on, none near another."""
    draw = Random(seed)
    made: list[Outage] = []
    step = 30 * 1440 / a_month
    at = first + draw.expovariate(1 / step)
    while at < world.end - 12 * 60:
        one = _draw(draw, round(at), SIZES[len(made) % len(SIZES)])
        made.append(one)
        at = one.ends + APART_MINUTES + draw.expovariate(1 / max(60.0, step - APART_MINUTES - 240))
    return made


def _draw(draw: Random, begins: int, size: float) -> Outage:
    kind = draw.choice(("intent", "group", "intent at platform", "platform", "group", "channel"))
    platform = draw.choices(list(PLATFORMS), list(PLATFORMS.values()))[0]
    group = draw.choice(GROUPS)
    intents = {
        "intent": (draw.choice(group),),
        "group": group,
        "intent at platform": (draw.choice((*BUYING, *REDEEMING)),),
        "platform": (*BUYING, *REDEEMING),
        "channel": group,
    }[kind]
    return Outage(
        begins,
        begins + draw.randrange(60, 480),
        size,
        frozenset(intents),
        platform if "platform" in kind else None,
        draw.choices(list(CHANNELS), list(CHANNELS.values()))[0] if kind == "channel" else None,
        draw.choice((0, 0, 0, 20, 45)),
    )
