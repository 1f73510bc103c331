"""What the bot asks: one turn, read and checked before anything else sees it.

Every refusal is explicit: a status and a word the bot can act on. Text is only ever text: a leading "/" would be a
command to Rasa, so it is taken away here, before Rasa sees the message.
"""

from dataclasses import dataclass, field
from typing import Any, Dict, Optional

LONGEST_TEXT = 8_192
LARGEST_STATE = 16_384
NOTHING_TO_READ = "-"


class Refused(Exception):
    """A request that is not a turn: the bot is told what is wrong with it."""

    def __init__(self, status: int, error: str, detail: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.detail = detail


@dataclass(frozen=True)
class Choice:
    """A pressed button that the bot has already validated: the intent is taken as given."""

    intent: str
    slots: Dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TurnRequest:
    """One message of one conversation, with everything Rasa needs to answer it."""

    turn_id: str
    sender: str
    text: str
    state: Dict[str, Any]
    metadata: Dict[str, Any]
    choice: Optional[Choice] = None


def turn_request(body: Any) -> TurnRequest:
    """Return the turn in a request body, or refuse it."""
    if not isinstance(body, dict):
        raise Refused(422, "not_an_object", "the body must be a JSON object")
    choice = _choice(body.get("choice"))
    return TurnRequest(
        turn_id=_required(body, "turn_id"),
        sender=_required(body, "sender"),
        text=message_text(body, may_be_empty=choice is not None),
        state=_object(body, "state"),
        metadata=_object(body, "metadata"),
        choice=choice,
    )


def message_text(body: Dict[str, Any], may_be_empty: bool = False) -> str:
    """Return the text of a request, harmless to Rasa, or refuse it."""
    text = body.get("text")
    if not isinstance(text, str):
        raise Refused(422, "missing_text", "text must be a string")
    if len(text) > LONGEST_TEXT:
        raise Refused(413, "too_long", f"text may have {LONGEST_TEXT} characters")
    if not text.strip() and not may_be_empty:
        raise Refused(422, "empty_text", "there is nothing to read")
    return without_command(text)


def without_command(text: str) -> str:
    """Return the text without the slashes that would make it a command."""
    plain = text.strip()
    while plain.startswith("/"):
        plain = plain.lstrip("/").strip()
    return plain or NOTHING_TO_READ


def _required(body: Dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(422, f"missing_{name}", f"{name} must be a string that is not empty")
    return value


def _object(body: Dict[str, Any], name: str) -> Dict[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(422, f"bad_{name}", f"{name} must be an object or null")
    return value


def _choice(value: Any) -> Optional[Choice]:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("intent"), str):
        raise Refused(422, "bad_choice", "choice must be {intent, slots}")
    slots = value.get("slots") or {}
    if not isinstance(slots, dict):
        raise Refused(422, "bad_choice", "choice.slots must be an object")
    return Choice(value["intent"], slots)
