"""Renewing the parts of a running system one after another, so that of several of a kind all but one are always there.

The supervisor is asked by a file with the part's name; it ends the part gently and starts it anew. Whoever asked waits
until the part takes messages again before going on to the next.
"""

import time
from collections.abc import Callable, Iterable

from helpdesk import state as board
from helpdesk.copies import kind_of
from helpdesk.health import answers
from helpdesk.places import Places
from helpdesk.state import PartState, SystemState
from helpdesk.supervisor import refusal, wishes

Tell = Callable[[str], None]

ORDER = ("tables", "rehearsal", "actions", "rasa", "bot", "desk")
"""Tables first: a new version may need them, and an old one does not mind. Database and simulator only by name."""
TAKEN_UP_SECONDS = 15.0
PATIENCE_SECONDS = 240.0


class NotRenewed(Exception):
    """A part did not come back; the parts after it were left as they were."""


def chosen(state: SystemState, asked: Iterable[str]) -> list[str]:
    """Return the parts to renew, in order; the name of a kind means all of it."""
    wanted = list(asked) or list(ORDER)
    unknown = [name for name in wanted if asked and not any(name in (part, kind_of(part)) for part in state.parts)]
    if unknown:
        raise NotRenewed(f"There is no part {', '.join(unknown)}; there are {', '.join(state.parts)}.")
    parts = [part for part in state.parts if part in wanted or kind_of(part) in wanted]
    return sorted(parts, key=lambda part: ORDER.index(kind_of(part)) if kind_of(part) in ORDER else -1)


def renew(places: Places, part: str, tell: Tell = lambda line: None) -> float:
    """Renew one part and return the seconds until it took messages again; raises NotRenewed."""
    before = _state(places, part)
    began = time.monotonic()
    wish = wishes(places.state) / part
    wish.parent.mkdir(exist_ok=True)
    wish.touch()
    _until(lambda: not wish.exists(), TAKEN_UP_SECONDS, f"the supervisor does not take up the renewal of {part}")
    if refusal(places.state).exists():
        raise NotRenewed(f"Nothing is renewed, what runs goes on: {refusal(places.state).read_text()}")
    tell(f"{part}: ending gently")
    _until(
        lambda: _is_new(_state(places, part), before), PATIENCE_SECONDS, f"{part} did not come back; see {before.log}"
    )
    _until(lambda: _takes_messages(_state(places, part)), PATIENCE_SECONDS, f"{part} is not ready; see {before.log}")
    return time.monotonic() - began


def _is_new(now: PartState, before: PartState) -> bool:
    settled = now.state == "done" if now.kind == "chore" else now.state == "ready"
    return settled and (now.since, now.pid) != (before.since, before.pid)


def _takes_messages(part: PartState) -> bool:
    """A bot lives before it takes messages; the others do both at once."""
    if kind_of(part.name) != "bot" or not part.health:
        return True
    return answers(part.health.removesuffix("/health") + "/ready", 3)


def _state(places: Places, part: str) -> PartState:
    state = board.read(places.state)
    if state is None or not state.alive or part not in state.parts:
        raise NotRenewed("The system does not run (any more).")
    return state.parts[part]


def _until(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise NotRenewed(otherwise)
        time.sleep(0.1)
