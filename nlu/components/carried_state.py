"""What a conversation is between two turns: a small object that the bot keeps, and that Rasa forgets.

`unfold` makes a tracker of it at the start of a turn, `fold` makes the next one of the tracker at the end. It holds the
slots, the open form, and what the last few turns were about: older events live on only as slot values. Rasa finds the
tracker of the running turn in `TurnsInFlight`, and nothing remains there when the turn is over.
"""

import json
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Dict, Iterator, List, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

VERSION = 1
LARGEST = 4_096
TURNS_KEPT = 3
LONGEST_VALUE = 300
NOT_CARRIED = {REQUESTED_SLOT, SESSION_START_METADATA_SLOT}
# These belong to the complaint that named them: once no form is open they would only mislead the next one.
OF_THE_COMPLAINT = {"error_text", "duration", "date", "amount", "invoice", "wave"}


class StateTooLarge(Exception):
    """A state that cannot be made small: a slot holds what does not belong in a slot."""


def unfold(state: Dict[str, Any], sender: str, domain: Domain) -> DialogueStateTracker:
    """Return the tracker of a conversation that waits for a message."""
    known = {slot.name for slot in domain.slots}
    events: List[Event] = [SlotSet(name, value) for name, value in state.get("slots", {}).items() if name in known]
    if state.get("form") in domain.form_names:
        events += [ActiveLoop(state["form"]), SlotSet(REQUESTED_SLOT, state.get("asks"))]
    return DialogueStateTracker.from_events(
        sender, [*events, ActionExecuted(ACTION_LISTEN_NAME)], domain.slots, domain=domain
    )


def fold(tracker: DialogueStateTracker, before: Dict[str, Any]) -> Dict[str, Any]:
    """Return what is to be carried to the next turn."""
    did = _actions_of_this_turn(tracker)
    intent = (tracker.latest_message.intent or {}).get("name") if tracker.latest_message else None
    state: Dict[str, Any] = {
        "v": VERSION,
        "slots": _slots(tracker, did),
        "turns": [*before.get("turns", []), {"intent": intent, "did": did}][-TURNS_KEPT:],
    }
    if tracker.active_loop_name:
        state.update(form=tracker.active_loop_name, asks=tracker.get_slot(REQUESTED_SLOT))
    return _made_small(state)


def size_of(value: Any) -> int:
    """Return how many bytes a value takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def _slots(tracker: DialogueStateTracker, did: List[str]) -> Dict[str, Any]:
    kept = {name: _shortened(value) for name, value in tracker.current_slot_values().items() if value is not None}
    forgotten = set(NOT_CARRIED)
    if not tracker.active_loop_name:
        forgotten |= OF_THE_COMPLAINT
    if "action_clarify" not in did:
        forgotten.add("clarify_count")
    return {name: value for name, value in kept.items() if name not in forgotten}


def _shortened(value: Any) -> Any:
    return value[:LONGEST_VALUE] if isinstance(value, str) else value


def _actions_of_this_turn(tracker: DialogueStateTracker) -> List[str]:
    names: List[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name not in (None, ACTION_LISTEN_NAME):
            names.append(str(event.action_name))
    return names[::-1]


def _made_small(state: Dict[str, Any]) -> Dict[str, Any]:
    """Give up the past turns first, then the longest slot values, until the state is small enough."""
    while size_of(state) >= LARGEST:
        if state["turns"]:
            state["turns"] = state["turns"][1:]
            continue
        if not state["slots"]:
            raise StateTooLarge(f"{size_of(state)} bytes")
        del state["slots"][max(state["slots"], key=lambda name: size_of(state["slots"][name]))]
    return state


_TRACKER: ContextVar[Optional[DialogueStateTracker]] = ContextVar("tracker_of_this_turn", default=None)


@contextmanager
def in_flight(tracker: DialogueStateTracker) -> Iterator[DialogueStateTracker]:
    """Make a tracker the one that Rasa finds, for the length of a turn and in its task alone."""
    token = _TRACKER.set(tracker)
    try:
        yield tracker
    finally:
        _TRACKER.reset(token)


class TurnsInFlight(TrackerStore):
    """A tracker store that knows only the turn being answered; the past is the bot's to keep."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Do nothing: the turn's answer carries the state."""

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker of the running turn."""
        return _TRACKER.get()

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker of the running turn: it is all there is."""
        return _TRACKER.get()

    async def keys(self) -> List[str]:
        """Return no conversation: none is stored."""
        return []
