"""Claiming what is to be sent: a row is marked as being sent, by whom and until when, before a byte of it leaves.

A row waits for earlier rows of its conversation that are at least as urgent: a reply may pass a broadcast, and nothing
else passes anything. A bot's row that is older than the conversation's owner version is withheld: a person speaks now.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.sending import Button, FileOut, OutboundMessage
from records.at_once import AtOnce
from records.processes import this_process

HELD = timedelta(seconds=20)
"""Longer than the longest try to send; what is still being sent after it was left by a process that ended."""
STALE_SECONDS = 2.0
"""Whoever has not begun to send by then (a process that was stopped) no longer knows whether the bot may speak."""
BROADCAST = 2
WINDOW_TRIES = 3
"""Where the provider says that a window is closed which our records hold open, it is not asked for ever."""

CLAIM = """
    WITH due AS (
        SELECT o.id FROM outbox o
        WHERE o.channel = %(channel)s AND o.status = 'due' AND o.priority BETWEEN %(from)s AND %(to)s
          AND o.due_at <= clock_timestamp()
          AND NOT EXISTS (
            SELECT 1 FROM outbox p WHERE p.conversation_id = o.conversation_id AND p.position < o.position
              AND (p.status = 'sending' OR (p.status = 'due' AND p.priority <= o.priority)
                   OR (p.status = 'waiting' AND p.attempts < %(window_tries)s AND EXISTS (
                        SELECT 1 FROM conversations w
                        WHERE w.id = o.conversation_id AND (w.window_until > %(now)s::timestamptz OR EXISTS (
                            SELECT 1 FROM inbox i WHERE i.conversation_id = w.id AND i.status = 'pending'
                              AND i.received_at > %(now)s::timestamptz - interval '24 hours'))))))
        ORDER BY o.priority, o.position LIMIT %(count)s FOR UPDATE OF o SKIP LOCKED
    ), claimed AS (
        UPDATE outbox SET
            status = CASE WHEN c.owner_version > outbox.owner_version AND outbox.author = 'bot' THEN 'withheld'
                          ELSE 'sending' END,
            attempts = attempts + 1, held_by = %(process)s, claimed_at = clock_timestamp(),
            held_until = clock_timestamp() + %(held)s
        FROM due, conversations c
        WHERE outbox.id = due.id AND c.id = outbox.conversation_id
        RETURNING outbox.id, outbox.conversation_id, outbox.message_id, outbox.channel, outbox.payload,
                  outbox.attempts, outbox.status, outbox.position, outbox.priority, c.external_id, c.address,
                  GREATEST(c.window_until, (
                    SELECT max(received_at) + interval '24 hours' FROM inbox
                    WHERE conversation_id = c.id AND status = 'pending' AND outbox.channel = 'whatsapp'
                  )) AS window_until
    ), noted AS (
        UPDATE messages SET direction = 'note' FROM claimed
        WHERE messages.id = claimed.message_id AND claimed.status = 'withheld'
    )
    SELECT * FROM claimed ORDER BY priority, position
"""


@dataclass(frozen=True)
class Due:
    """A claimed row."""

    id: UUID
    conversation: UUID
    channel: str
    message: OutboundMessage
    attempts: int
    priority: int = 0
    claimed: float = field(default_factory=time.monotonic)

    @property
    def stale(self) -> bool:
        """Say whether the claim is too old to begin with."""
        return time.monotonic() - self.claimed > STALE_SECONDS


@dataclass(frozen=True)
class Claimed:
    """What one look found."""

    due: list[Due]
    rows: int
    """With those that are withheld."""


async def claim(
    at_once: AtOnce, channel: str, count: int, *, broadcasts: bool = False, now: datetime | None = None
) -> Claimed:
    """Claim up to `count` rows of a channel, the most urgent first.

    With `now` (domain time) nothing passes what waited for a window that is open again.
    """
    began = time.monotonic()
    between = (BROADCAST, 32_767) if broadcasts else (0, BROADCAST - 1)
    given = {"channel": channel, "count": count, "held": HELD, "process": this_process()}
    given |= {"now": now, "window_tries": WINDOW_TRIES}
    rows = await at_once.rows(CLAIM, {**given, "from": between[0], "to": between[1]})
    return Claimed([due_of(row, began) for row in rows if row["status"] == "sending"], len(rows))


def due_of(row: Mapping[str, Any], claimed: float) -> Due:
    """Return a row as what is to be sent.

    Args:
        row: of the outbox with its conversation.
        claimed: monotonic time before it was claimed.
    """
    payload = row["payload"]
    message = OutboundMessage(
        outbox_id=str(row["id"]),
        chat=row["external_id"],
        address=row["address"],
        text=payload["text"],
        buttons=tuple(Button(button["title"], button["token"]) for button in payload.get("buttons", [])),
        request_contact=bool(payload.get("request_contact")),
        link=payload.get("link"),
        window_until=row["window_until"],
        template=payload.get("template"),
        attempts=row["attempts"],
        file=FileOut(payload["file"]["id"], payload["file"]["kind"]) if payload.get("file") else None,
    )
    return Due(*(row["id"], row["conversation_id"], row["channel"], message, row["attempts"], row["priority"], claimed))
