"""A file staff send, once it is looked through: its message goes into the outbox, or staff read why it does not.

Only what the bot wrote anew (pictures) or knows the type of (PDF) leaves the house, so a screenshot's place or a
renamed program never reaches a participant.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.media.cleaning import Clean
from records.bell import OUTBOX, Bell
from records.models import Conversation, Message, Outbound

WIDEST_RATIO = 20
"""Telegram takes no photo that is more than so many times as long as it is wide; it goes as a document then."""
CASE_OF = text(
    """
    SELECT t.id FROM tickets t JOIN media f ON f.ticket_id = t.id
    WHERE f.message_id = :message AND t.status <> 'resolved' FOR UPDATE OF t
    """
)
STILL_UNANSWERED = text(
    """
    WITH chats AS (
        SELECT conversation_id FROM tickets WHERE id = :ticket OR merged_into_id = :ticket
    ), answered AS (
        SELECT CASE WHEN c.first_reply_at = f.received_at
                    THEN min(o.created_at) FILTER (WHERE o.created_at >= f.received_at)
                    ELSE c.first_reply_at END AS first,
               max(o.position) AS latest
        FROM tickets c JOIN media f ON f.ticket_id = c.id AND f.message_id = :message
        LEFT JOIN messages o ON o.conversation_id IN (SELECT conversation_id FROM chats) AND o.direction = 'out'
             AND o.author = 'agent' AND o.created_at >= c.opened_at
        WHERE c.id = :ticket GROUP BY c.first_reply_at, f.received_at
    )
    UPDATE tickets t SET
        first_reply_at = a.first,
        waiting_since = COALESCE(t.waiting_since, (
            SELECT min(m.created_at) FROM messages m
            WHERE m.conversation_id IN (SELECT conversation_id FROM chats) AND m.direction = 'in'
              AND m.created_at >= t.opened_at AND m.position > COALESCE(a.latest, 0)
        ), CASE WHEN a.first IS NULL THEN t.opened_at END)
    FROM answered a WHERE t.id = :ticket
    """
)
"""As if the file had never been sent: the first answer and the wait are what the other words make them.

Where the file counted as the first answer, words from before it answered the case before it was reopened.
"""


async def put_out(
    session: AsyncSession, bell: Bell, media_id: UUID, message_id: UUID, clean: Clean, now: datetime
) -> None:
    """Have the message that carries the file sent, once; where WhatsApp's window is closed it waits."""
    message = await session.get_one(Message, message_id)
    conversation = await session.get_one(Conversation, message.conversation_id)
    closed = conversation.window_until is not None and conversation.window_until <= now
    row = {
        "id": uuid5(media_id, "outbox"),
        "conversation_id": conversation.id,
        "message_id": message_id,
        "channel": conversation.channel,
        "payload": {"text": message.text, "buttons": [], "file": {"id": str(media_id), "kind": kind_of(clean)}},
        "author": "agent",
        "owner_version": conversation.owner_version,
        "status": "waiting" if closed else "due",
    }
    await session.execute(insert(Outbound).on_conflict_do_nothing(), [row])
    await bell.ring(session, OUTBOX)


async def held_back(session: AsyncSession, conversation_id: UUID, message_id: UUID, reason: str, now: datetime) -> None:
    """Say among staff that the file was not sent, and why; its message becomes a note, for nobody ever got it.

    Its case is unanswered again where nothing else answered it, so that the participant is not forgotten.
    """
    ticket = await session.scalar(CASE_OF, {"message": message_id})
    message = await session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is not None:
        message.direction = "note"
        await session.flush()
    if ticket is not None:
        await session.execute(STILL_UNANSWERED, {"ticket": ticket, "message": message_id})
    said = wording.file_not_sent(reason)
    values = {"id": uuid5(message_id, "held back"), "conversation_id": conversation_id, "direction": "note"}
    values |= {"author": "system", "text": said, "created_at": now}
    await session.execute(insert(Message).on_conflict_do_nothing(), [values])


def kind_of(clean: Clean) -> str:
    """Return photo for what every channel shows as one, else document."""
    if not clean.type.startswith("image/") or not clean.width or not clean.height:
        return "document"
    long, short = max(clean.width, clean.height), min(clean.width, clean.height)
    return "photo" if long <= short * WIDEST_RATIO else "document"
