"""What the actions and responses of one turn gave, sorted: replies, findings, proposals.

Actions hand their data over as custom JSON, and buttons as payloads that carry a choice; the bot gets both as data.
"""

import json
from typing import Any, Dict, List

from rasa.core.channels.channel import OutputChannel


class UnknownReply(Exception):
    """An action gave something that is neither a reply nor a finding nor a proposal."""


class TurnReplies(OutputChannel):
    """Collects what is said in one turn."""

    def __init__(self) -> None:
        self.replies: List[Dict[str, Any]] = []
        self.findings: List[Any] = []
        self.proposals: List[Any] = []
        self.request_contact = False

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which responses may ask for."""
        return "turn"

    @property
    def is_empty(self) -> bool:
        """Tell whether the participant would hear nothing."""
        return not self.replies and not self.proposals

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Take one message of the bot."""
        custom = message.get("custom")
        if custom:
            self._take(custom)
        if message.get("text"):
            self.replies.append(
                {"text": message["text"], "buttons": [_button(b) for b in message.get("buttons") or []]}
            )

    def _take(self, custom: Dict[str, Any]) -> None:
        unknown = set(custom) - {"finding", "proposal", "request_contact"}
        if unknown:
            raise UnknownReply(f"custom JSON with {sorted(unknown)}")
        if "finding" in custom:
            self.findings.append(custom["finding"])
        if "proposal" in custom:
            self.proposals.append(custom["proposal"])
        self.request_contact = self.request_contact or bool(custom.get("request_contact"))


def _button(button: Dict[str, Any]) -> Dict[str, Any]:
    try:
        choice = json.loads(button["payload"])["choice"]
    except (KeyError, TypeError, ValueError):
        raise UnknownReply("a button whose payload carries no choice") from None
    return {"title": button.get("title", ""), "choice": choice}
