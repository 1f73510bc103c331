"""Silence of a channel: the bot was down or the provider held back, and then all of it comes at once.

That is no outage of the programme. While a channel is silent nothing is judged to be over, and afterwards every
window begins where the silence did, so what was written meanwhile is compared with all the time it took.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from trends.rhythm.level import Levels
from trends.rhythm.recent import Recent
from trends.rhythm.scope import Scope

MEANT, MEANT_OF_ALL = 12.0, 8.0
"""A channel, or the desk, is silent once so many were expected and none came."""
AFTERWARDS = 150
"""Minutes after a silence in which windows reach back to it."""
LONGEST = 8 * 60


@dataclass
class Silences:
    """Which channels are or were silent."""

    since: dict[str | None, int] = field(default_factory=dict)
    """None stands for all channels together."""
    ended: dict[str | None, int] = field(default_factory=dict)

    def look(self, recent: Recent, levels: Levels, channels: Iterable[str], now: int) -> None:
        """See which channels said nothing for too long, and which speak again."""
        for channel in (None, *channels):
            self._look(recent, levels, channel, now)

    def _look(self, recent: Recent, levels: Levels, channel: str | None, now: int) -> None:
        scope = Scope(None, None, channel)
        latest = recent.latest(scope)
        if latest is None:
            return
        speaks = latest >= now - 1
        if channel in self.since:
            if speaks:
                self.ended.setdefault(channel, now)
            over = self.ended.get(channel)
            if over is not None and now - over > AFTERWARDS:
                del self.since[channel], self.ended[channel]
            return
        if speaks or now - latest > LONGEST:
            return
        meant = levels.baseline.expected(scope, latest + 1, now) * levels.own(scope).ratio
        if meant >= (MEANT if channel else MEANT_OF_ALL):
            self.since[channel] = latest + 1

    @property
    def now(self) -> bool:
        """Whether a channel is silent at this moment."""
        return any(channel not in self.ended for channel in self.since)
