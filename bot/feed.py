"""What a chat that fetches its messages may see: in the order in which it became visible, and not before it was sent.

The reader's cursor is a number of `pulled_entries`, given here when a message is first seen. A bot's reply that is not
sent yet is not shown: a person may still take over before it is, and then it never will be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from records.database import Database
from records.event_ids import stored_id

PAGE = 100
LATEST = 30
"""What a page that was just opened gets: the rest is fetched by whoever wants to read it."""
STATES = {"pending": "stored", "done": "handled", "parked": "handled", "ignored": "ignored"}
"""What became of a message of theirs, by the inbox row."""

UNSETTLED = 300
"""Whoever reads on looks for latecomers among the latest so many messages; whoever opens the page, among all."""

LOOK = """
    SELECT c.id, c.offered,
           COALESCE((SELECT max(number) FROM pulled_entries WHERE conversation_id = c.id), 0) AS last,
           EXISTS (
               SELECT FROM (
                   SELECT id, direction FROM messages WHERE conversation_id = c.id
                   ORDER BY position DESC LIMIT %(latest)s::bigint
               ) m LEFT JOIN outbox o ON o.message_id = m.id
               WHERE (m.direction = 'in'
                      OR (m.direction = 'out' AND COALESCE(o.status, 'sent') IN ('sent', 'delivered', 'read')))
                 AND NOT EXISTS (SELECT FROM pulled_entries e WHERE e.message_id = m.id)
           ) AS unnumbered,
           COALESCE((SELECT jsonb_object_agg(external_id, status) FROM inbox
                     WHERE channel = %(channel)s AND external_id = ANY(%(ids)s::text[])), '{}') AS states
    FROM conversations c WHERE c.channel = %(channel)s AND c.external_id = %(chat)s
"""
NUMBER = """
    INSERT INTO pulled_entries (conversation_id, number, message_id)
    SELECT m.conversation_id,
           COALESCE((SELECT max(number) FROM pulled_entries WHERE conversation_id = %(conversation)s), 0)
           + row_number() OVER (ORDER BY m.position), m.id
    FROM messages m LEFT JOIN outbox o ON o.message_id = m.id
    WHERE m.conversation_id = %(conversation)s
      AND (m.direction = 'in'
           OR (m.direction = 'out' AND COALESCE(o.status, 'sent') IN ('sent', 'delivered', 'read')))
      AND NOT EXISTS (SELECT FROM pulled_entries e WHERE e.message_id = m.id)
    ON CONFLICT DO NOTHING RETURNING number
"""
"""Two readers at once meet at the key, one waits, and no gap is left: what it skips the next look finds."""
READ = """
    SELECT * FROM (
        SELECT e.number, m.direction, m.author, m.kind, m.text, m.created_at, o.payload, i.external_id AS event_id,
               s.name AS staff, f.type AS file_type
        FROM pulled_entries e JOIN messages m ON m.id = e.message_id
        LEFT JOIN outbox o ON o.message_id = m.id
        LEFT JOIN inbox i ON i.id = m.inbox_id
        LEFT JOIN staff s ON s.id = m.staff_id
        LEFT JOIN media f ON f.message_id = m.id AND f.status = 'kept'
        WHERE e.conversation_id = %(conversation)s AND e.number > %(after)s AND e.number < %(before)s
          AND m.direction IN ('in', 'out')
        ORDER BY CASE WHEN %(newest)s::bool THEN -e.number ELSE e.number END LIMIT %(count)s
    ) page ORDER BY number
"""


@dataclass(frozen=True)
class Wanted:
    """What a reader has and asks for."""

    after: int | None = None
    """The last number they have; None for the latest page of a reader who has nothing."""
    before: int | None = None
    """Only what came earlier than this: somebody reads back."""
    ids: Sequence[str] = ()
    """Messages of their own of which they do not know yet what became."""


@dataclass(frozen=True)
class Seen:
    """What there is for them."""

    conversation: UUID | None
    last: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    states: Mapping[str, str] = field(default_factory=dict)
    """stored, handled or ignored, by the ids that were asked about."""
    offered: list[str] = field(default_factory=list)
    """Tokens of the buttons that still do something."""

    def news_for(self, wanted: Wanted) -> bool:
        """Say whether anything is to be told: messages, an answer to theirs, or a chat that lost what they have."""
        return bool(
            self.messages
            or any(state != "stored" for state in self.states.values())
            or (wanted.after or 0) > self.last
            or wanted.after is None
        )


class Feed:
    """Reads chats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, channel: str, chat: str, wanted: Wanted) -> Seen:
        """Return what there is for this reader."""
        keys = {stored_id(channel, f"{chat}:{client_id}"): client_id for client_id in wanted.ids}
        latest = UNSETTLED if wanted.after else None
        given = {"channel": channel, "chat": chat, "ids": list(keys), "latest": latest}
        rows = await self._database.at_once.rows(LOOK, given)
        if not rows:
            return Seen(None)
        at = rows[0]
        numbered = []
        if at["unnumbered"]:
            numbered = await self._database.at_once.rows(NUMBER, {"conversation": at["id"]})
        messages: list[dict[str, Any]] = []
        if at["unnumbered"] or at["last"] > (wanted.after or 0):
            messages = await self._read(at["id"], wanted)
        offered = [button["token"] for button in at["offered"]]
        return Seen(
            conversation=at["id"],
            last=max([at["last"], *(row["number"] for row in [*numbered, *messages])]),
            messages=[_shown(row, set(offered), keys) for row in messages],
            states={keys[key]: STATES.get(status, "stored") for key, status in at["states"].items()},
            offered=offered,
        )

    async def _read(self, conversation: UUID, wanted: Wanted) -> list[dict[str, Any]]:
        given = {
            "conversation": conversation,
            "after": wanted.after or 0,
            "before": wanted.before or 2**31 - 1,
            "newest": wanted.after is None,
            "count": LATEST if wanted.after is None else PAGE,
        }
        return await self._database.at_once.rows(READ, given)


def _shown(row: dict[str, Any], alive: set[str], keys: Mapping[str, str]) -> dict[str, object]:
    mine = row["direction"] == "in"
    buttons = (row["payload"] or {}).get("buttons", [])
    shown: dict[str, object] = {
        "position": row["number"],
        "from": "me" if mine else row["author"],
        "text": row["text"],
        "at": row["created_at"].isoformat(),
        "buttons": [button for button in buttons if button["token"] in alive],
    }
    if row["kind"] in ("photo", "document"):
        shown["kind"] = row["kind"]
    if carried := (row["payload"] or {}).get("file"):
        shown["file"] = {"id": carried["id"], "kind": carried["kind"], "type": row["file_type"]}
    if mine and row["event_id"] in keys:
        shown["id"] = keys[row["event_id"]]
    if row["staff"] and row["author"] == "agent":
        shown["name"] = row["staff"].split()[0]
    return shown
