"""A scope: which complaints are counted together; None lets every intent, platform or channel through."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Scope:
    """An intent, a platform and a channel, each one or all."""

    intent: str | None = None
    platform: str | None = None
    channel: str | None = None

    def holds(self, other: "Scope") -> bool:
        """Whether all of the other is counted here, too."""
        mine, theirs = self.parts, other.parts
        return all(one is None or one == two for one, two in zip(mine, theirs, strict=True))

    def goes_with(self, other: "Scope") -> bool:
        """Whether both may be one outage: they are not apart in the intent and in the platform, too."""
        return not (_apart(self.intent, other.intent) and _apart(self.platform, other.platform))

    def both(self, other: "Scope") -> "Scope | None":
        """Return what is counted in both; None where nothing is."""
        mine, theirs = self.parts, other.parts
        if any(_apart(one, two) for one, two in zip(mine, theirs, strict=True)):
            return None
        return Scope(*(two if one is None else one for one, two in zip(mine, theirs, strict=True)))

    @property
    def parts(self) -> tuple[str | None, str | None, str | None]:
        """Intent, platform, channel."""
        return self.intent, self.platform, self.channel

    @property
    def named_what(self) -> bool:
        """Whether it says of what or where: how busy everything is says nothing about a rise within it."""
        return self.intent is not None or self.platform is not None

    @property
    def named(self) -> int:
        """How many of the three are named: 0 is everything."""
        return sum(part is not None for part in self.parts)


EVERYTHING = Scope()
NOWHERE = "-"
"""No platform was named: counted with its intent, and no place of its own."""


@cache
def scopes_of(intent: str, platform: str, channel: str) -> tuple[Scope, ...]:
    """Return every scope a message counts in, the narrowest first."""
    anywhere = (Scope(intent, None, channel), Scope(intent), Scope(None, None, channel), EVERYTHING)
    if platform == NOWHERE:
        return anywhere
    return (Scope(intent, platform, channel), Scope(intent, platform), Scope(None, platform), *anywhere)


def _apart(one: str | None, two: str | None) -> bool:
    return one is not None and two is not None and one != two
