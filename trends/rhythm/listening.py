"""Listening: minute by minute, which rises begin, which go on and which are over. One outage is told of once.

Of scopes that rose together the clearest tells it; what the told excess explains is not told again, and what began with
it goes with it. A rise that was told goes on, whatever was decided about it, until the counts are usual again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trends.rhythm.baseline import Baseline
from trends.rhythm.level import Levels
from trends.rhythm.recent import KEPT_MINUTES, Recent
from trends.rhythm.scan import Rise, Scan, Strictness
from trends.rhythm.scope import Scope
from trends.rhythm.silence import Silences

TOGETHER = 20
"""Minutes between two beginnings that are one."""
SETTLED = 30
"""For so many minutes after it was found a clearer scope may take its place."""
CLEARER = 1.25
ENDED_MINUTES = 200
CALM_WINDOW, CALM_MINUTES = 20, 10
CALM_RATIO, CALM_SPARE = 1.5, 2.0


@dataclass
class Going:
    """A rise that goes on."""

    scope: Scope
    began: int
    found: int
    last: int
    observed: float
    expected: float
    log_chance: float = 0.0
    joined: set[Scope] = field(default_factory=set)
    """Other scopes that stood out with it."""
    calm_from: int | None = None
    """The minute since which the counts are usual again."""
    settled: bool = False
    """Somebody decided about it: its scope stays."""
    upto: int = 0
    before: tuple[float, float] = (0.0, 0.0)
    """How many came, and how many were usual, before the minute `upto`."""

    kind: str = "complaints"
    source: str | None = None
    """Of failing checks, which source."""
    name: str = ""
    """What its keeper calls it."""

    def __post_init__(self) -> None:
        """Begin to count where it began."""
        self.upto = self.upto or self.began

    @property
    def scopes(self) -> set[Scope]:
        """All scopes it explains."""
        return {self.scope, *self.joined}


@dataclass
class Heard:
    """What one look brought."""

    opened: list[Going] = field(default_factory=list)
    over: list[Going] = field(default_factory=list)


@dataclass
class Listening:
    """The last hours, and the rises that go on."""

    baseline: Baseline
    strict: Strictness = field(default_factory=Strictness)
    recent: Recent = field(default_factory=Recent)
    going: list[Going] = field(default_factory=list)
    silences: Silences = field(default_factory=Silences)
    ended: list[tuple[Scope, int]] = field(default_factory=list)
    """What was over in the last hours, and since when."""

    def look(self, now: int, scopes: Iterable[Scope]) -> Heard:
        """Look at these scopes, of which something came lately; `now` is the minute after the last one told."""
        self.ended = [it for it in self.ended if it[1] > now - ENDED_MINUTES]
        scan = self.scan(now)
        self.silences.look(self.recent, scan.levels, self.baseline.channels, now)
        heard = Heard()
        left = [(it, self._left(scan, it)) for it in scan.rises(scopes)]
        # what names something is more telling than how much there is of everything
        for rise, _ in sorted(left, key=lambda it: (not it[0].scope.named_what, -(it[1].gain if it[1] else 0.0))):
            if new := self._place(scan, rise):
                heard.opened.append(new)
        for it in list(self.going):
            self._follow(scan, it)
            if it.calm_from is not None and now - it.calm_from >= CALM_MINUTES:
                self.going.remove(it)
                heard.over.append(it)
                self.ended += [(scope, now) for scope in it.scopes]
        return heard

    def scan(self, now: int) -> Scan:
        """Return what judges this minute."""
        frozen = {scope: it.began for it in self.going for scope in it.scopes}
        levels = Levels(self.baseline, self.recent, now, frozen, self.silences.since)
        return Scan(self.baseline, self.recent, levels, now, self.strict, self.silences.since, self.ended)

    def _place(self, scan: Scan, rise: Rise) -> Going | None:
        """Give a rise to what goes on already, or begin a new one."""
        for it in self.going:
            if any(scope.holds(rise.scope) for scope in it.scopes if scope.named_what or scope == rise.scope):
                self._clearer(scan, it, rise)
                return None
        left = self._left(scan, rise)
        if left is None:
            return None
        began = scan.began(rise.scope)
        for it in self.going:
            if rise.scope.goes_with(it.scope) and abs(began - it.began) <= TOGETHER:
                it.joined.add(rise.scope)
                self._clearer(scan, it, rise)
                return None
        new = Going(rise.scope, began, scan.now, scan.now, left.observed, left.expected, left.log_chance)
        self.going.append(new)
        return new

    def _left(self, scan: Scan, rise: Rise) -> Rise | None:
        """Return what of a rise the known ones do not explain."""
        explained = _common(rise.scope, self.going)
        return scan.test(rise.scope, explained) if explained else rise

    def _clearer(self, scan: Scan, it: Going, rise: Rise) -> None:
        """Let a clearer scope tell what was found a short while ago."""
        if it.settled or scan.now - it.found > SETTLED or rise.scope == it.scope:
            return
        if not self._told(rise.scope) and self._more_telling(scan, it, rise):
            it.joined.add(it.scope)
            it.joined.discard(rise.scope)
            it.scope, it.log_chance = rise.scope, rise.log_chance

    def _more_telling(self, scan: Scan, it: Going, rise: Rise) -> bool:
        if it.scope.named_what:
            told = scan.test(it.scope)
            return rise.scope.named_what and rise.gain > CLEARER * (told.gain if told else 0.0)
        return rise.scope.named_what and scan.test(it.scope, (rise.scope,)) is None

    def _told(self, scope: Scope) -> bool:
        return any(it.scope == scope for it in self.going)

    def _follow(self, scan: Scan, it: Going) -> None:
        """Count on, and see whether it is usual again."""
        it.observed, it.expected = self._sums(scan, it)
        start = scan.now - CALM_WINDOW
        lately, usual = self.recent.count(it.scope, start, scan.now), scan.expected(it.scope, start, scan.now)
        calm = lately <= CALM_RATIO * usual + CALM_SPARE and not self.silences.now
        if not calm:
            it.calm_from, it.last = None, scan.now
        elif it.calm_from is None:
            it.calm_from = scan.now

    def _sums(self, scan: Scan, it: Going) -> tuple[float, float]:
        """Return how many came since it began, and how many are usual; the long past is added up and let go."""
        while scan.now - it.upto > KEPT_MINUTES // 2:
            end = it.upto + KEPT_MINUTES // 4
            said, usual = it.before
            it.before = (
                said + self.recent.count(it.scope, it.upto, end),
                usual + scan.expected(it.scope, it.upto, end),
            )
            it.upto = end
        said, usual = it.before
        return (
            said + self.recent.count(it.scope, it.upto, scan.now),
            usual + scan.expected(it.scope, it.upto, scan.now),
        )


def _common(scope: Scope, going: Sequence[Going]) -> list[Scope]:
    """Return the parts of a scope that known rises explain, none twice."""
    parts = {both for it in going for known in it.scopes if known.named_what and (both := scope.both(known))}
    return [part for part in parts if not any(other != part and other.holds(part) for other in parts)]
