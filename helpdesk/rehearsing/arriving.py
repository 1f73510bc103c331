"""Who knocks when: so many contacts an hour as the season brings, and more where something is out of order."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from helpdesk.rehearsing.matters import BY_INTENT, MATTERS, Matter
from helpdesk.rehearsing.outages import CHANNEL_WEIGHTS, PLATFORM_WEIGHTS, Outage
from helpdesk.rehearsing.seasons import HOUR, Hour

NAMED, NAMED_ELSEWHERE = 0.66, 0.05
"""How often a platform is named where the matter lies at platforms, and elsewhere."""
RESTLESS = 12.0
"""The larger, the closer to Poisson an hour is."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody begins to write."""

    at: float
    matter: Matter
    platform: str | None = None
    """Where it went wrong, if an outage brought them; likewise the channel."""
    channel: str | None = None
    outage: str | None = None


class Arrivals:
    """Draws contacts hour by hour; how many is steered so that the messages come out as asked."""

    def __init__(self, hours: list[Hour], outages: list[Outage], random: Random) -> None:
        self.hours, self.random = hours, random
        self.extra = [self._extra(hour, outages) for hour in hours]
        self.left = [sum(hour.rates) + sum(more for _, _, more in extra) for hour, extra in self._both()]
        self.left = list(accumulate(reversed(self.left)))[::-1]

    def of_hour(self, number: int, contacts_left: float) -> list[Arrival]:
        """Return the contacts of one hour in order, when so many are still to come until the end."""
        hour, draw = self.hours[number], self.random
        scale = contacts_left / self.left[number] if self.left[number] else 0.0
        begins = hour.begins.timestamp()
        rates = list(accumulate(hour.rates))
        count = self._count(rates[-1] * scale)
        came = [
            Arrival(begins + draw.random() * 3600, matter)
            for matter in (draw.choices(MATTERS, cum_weights=rates, k=count) if count else ())
        ]
        for outage, matter, more in self.extra[number]:
            since = max(begins, outage.begins.timestamp())
            until = min(begins + 3600, outage.ends.timestamp())
            for _ in range(self._count(more * scale)):
                at = since + draw.random() * (until - since)
                came.append(Arrival(at, matter, outage.platform, outage.channel, outage.name))
        came.sort(key=lambda it: it.at)
        return came

    def _both(self) -> Iterator[tuple[Hour, list[tuple[Outage, Matter, float]]]]:
        return zip(self.hours, self.extra, strict=True)

    @staticmethod
    def _extra(hour: Hour, outages: list[Outage]) -> list[tuple[Outage, Matter, float]]:
        """Return what each outage brings on top, by matter, in weights."""
        until = hour.begins + HOUR
        found = []
        for it in outages:
            if it.begins < until and it.ends > hour.begins and (more := it.more(hour.begins, until)) > 0:
                for matter in (BY_INTENT[intent] for intent in it.intents):
                    share = _share(it.platform, PLATFORM_WEIGHTS) * _share(it.channel, CHANNEL_WEIGHTS)
                    if it.platform:
                        share *= NAMED if matter.at_platforms else NAMED_ELSEWHERE
                    found.append((it, matter, hour.rates[matter.number] * share * more))
        return found

    def _count(self, mean: float) -> int:
        """Draw how many, more restless than Poisson."""
        return poisson(self.random, self.random.gammavariate(RESTLESS, mean / RESTLESS)) if mean > 0 else 0


def poisson(draw: Random, mean: float) -> int:
    """Draw a Poisson number."""
    if mean > 50:
        return max(0, round(draw.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count


def _share(name: str | None, weights: dict[str, int]) -> float:
    return weights[name] / sum(weights.values()) if name else 1.0
