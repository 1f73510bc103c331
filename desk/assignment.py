"""Who gets the next case: the colleague who knows its kind and has least to do; of equals, who waited longest for one.

Pure: cases in the order of their promises, colleagues as they are now, and back comes who gets which and why. Where
nobody at the desk knows a kind, everybody does: a case never waits for a skill that is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from desk.wording import QUEUES

WEIGHTS = {"normal": 1, "high": 2, "urgent": 3}
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be given a case now: active, at the desk, not away."""

    id: UUID
    name: str
    capacity: int
    held: int
    """Open cases in hand."""
    load: int
    """The same, each by the weight of its priority."""
    skills: frozenset[str] = frozenset()
    """Queues they know; empty: all."""
    last_given: datetime | None = None

    @property
    def free(self) -> bool:
        """Whether they may be given one more."""
        return self.held < self.capacity

    def knows(self, queue: str) -> bool:
        """Whether cases of this queue are theirs."""
        return not self.skills or queue in self.skills


@dataclass(frozen=True)
class Waiting:
    """A case that nobody holds."""

    id: UUID
    queue: str
    priority: str
    came_back_from: frozenset[UUID] = frozenset()
    """Who let it lie a while ago: others are asked first."""


@dataclass(frozen=True)
class Given:
    """One case, who gets it and why."""

    case: Waiting
    to: Colleague
    reason: str


def deal(cases: Sequence[Waiting], there: Sequence[Colleague], now: datetime) -> list[Given]:
    """Give the cases out in this order for as long as somebody is free."""
    people, given = {it.id: it for it in there}, []
    for case in cases:
        chosen = choose(case, list(people.values()))
        if chosen is None:
            continue
        given.append(Given(case, chosen, _reason(case, chosen, list(people.values()))))
        load = chosen.load + WEIGHTS[case.priority]
        people[chosen.id] = replace(chosen, held=chosen.held + 1, load=load, last_given=now)
    return given


def choose(case: Waiting, there: Sequence[Colleague]) -> Colleague | None:
    """Return who gets this case; None while everybody who could take it is full."""
    free = [it for it in _able(case, there) if it.free]
    others = [it for it in free if it.id not in case.came_back_from]
    return min(others or free, key=_order, default=None)


def _able(case: Waiting, there: Sequence[Colleague]) -> Sequence[Colleague]:
    return [it for it in there if it.knows(case.queue)] or there


def _order(it: Colleague) -> tuple[int, datetime, str]:
    return it.load, it.last_given or NEVER, str(it.id)


def _reason(case: Waiting, chosen: Colleague, there: Sequence[Colleague]) -> str:
    able = [it for it in _able(case, there) if it.free]
    tied = [it for it in able if it.load == chosen.load and it.id != chosen.id]
    held = f"{chosen.held} dari {chosen.capacity} tiket di tangan"
    if len(able) == 1:
        first = f"hanya {chosen.name} yang bisa menerima ({held})"
    elif tied:
        first = f"beban {chosen.name} termasuk paling ringan ({held}) dan paling lama belum diberi"
    else:
        first = f"beban {chosen.name} paling ringan ({held})"
    return f"{first}; menguasai {QUEUES.get(case.queue, case.queue)}" if case.queue in chosen.skills else first
