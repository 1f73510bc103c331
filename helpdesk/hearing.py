"""What became of a message: the turn it led to, the replies that were delivered, the ticket. Read from the records.

The inbox row is found by what it keeps of the provider's own id of the event; from there everything hangs together by
keys, so nothing is guessed from times.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

from records.event_ids import stored_id

PAUSE_SECONDS = 0.05
SETTLED = ("sent", "delivered", "read", "unknown", "refused", "withheld", "waiting")


class NoAnswer(Exception):
    """The message was not concluded in time; says how far it came."""


@dataclass(frozen=True)
class Reply:
    """One message that came back."""

    text: str
    buttons: list[str]
    status: str


@dataclass(frozen=True)
class Answer:
    """Everything that followed from one message."""

    replies: list[Reply]
    intent: str | None
    confidence: float | None
    also: list[str]
    checks: list[dict[str, Any]]
    ticket: str | None
    outcome: str | None
    took_ms: float
    said: str = field(default="")

    def as_data(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


class Records:
    """The records, opened for reading."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True, row_factory=dict_row)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def answer(self, channel: str, keys: Sequence[str], seconds: float, began: float, said: str) -> Answer:
        """Wait until the message is concluded and everything that followed is delivered; raises NoAnswer."""
        event = self._until(lambda: self._concluded(channel, keys), seconds, "was not taken up by the bot")
        replies = self._until(
            lambda: self._delivered(event), seconds, "was answered, but the answer is not delivered yet"
        )
        took = (time.monotonic() - began) * 1000
        turn = next(iter(self.rows(TURN, event["id"])), {})
        return Answer(
            replies=[_reply(row) for row in replies["rows"]],
            intent=turn.get("intent"),
            confidence=turn.get("confidence"),
            also=[other["name"] for other in turn.get("also", [])],
            checks=turn.get("findings", []),
            ticket=next((row["number"] for row in self.rows(TICKET, event["conversation_id"])), None),
            outcome=turn.get("outcome") or event["status"],
            took_ms=round(took, 1),
            said=said,
        )

    def _concluded(self, channel: str, keys: Sequence[str]) -> dict[str, Any] | None:
        found = self.rows(EVENT, channel, [stored_id(channel, key) for key in keys])
        return found[0] if found and found[0]["status"] != "pending" else None

    def _delivered(self, event: dict[str, Any]) -> dict[str, Any] | None:
        rows = self.rows(REPLIES, event["conversation_id"], event["id"])
        return {"rows": rows} if all(row["status"] in SETTLED for row in rows) else None

    @staticmethod
    def _until(look: Callable[[], dict[str, Any] | None], seconds: float, otherwise: str) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = look()
            if found is not None:
                return found
            time.sleep(PAUSE_SECONDS)
        raise NoAnswer(f"After {seconds:.0f} s the message {otherwise}. helpdesk status and var/log/bot.log say more.")


EVENT = "SELECT id, conversation_id, status FROM inbox WHERE channel = %s AND external_id = ANY(%s)"
TURN = "SELECT intent, confidence, also, findings, outcome FROM turns WHERE inbox_id = %s"
TICKET = """
SELECT number FROM tickets WHERE conversation_id = %s AND status IN ('open', 'claimed') ORDER BY opened_at DESC LIMIT 1
"""
REPLIES = """
SELECT m.text, m.buttons, o.status
  FROM messages m JOIN outbox o ON o.message_id = m.id
 WHERE m.conversation_id = %s AND m.direction = 'out' AND m.author IN ('bot', 'system')
   AND m.position > (SELECT coalesce(max(position), 0) FROM messages WHERE inbox_id = %s)
 ORDER BY m.position
"""


def _reply(row: dict[str, Any]) -> Reply:
    return Reply(row["text"], [button["title"] for button in row["buttons"]], row["status"])
