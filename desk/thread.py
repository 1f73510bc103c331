"""What was said in a conversation, by whom, and what became of every word that went out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from records.database import ReadSession
from records.models import Message, Outbound, Staff

LATEST = 200


@dataclass(frozen=True)
class Said:
    """One message as staff see it."""

    id: UUID
    direction: str
    author: str
    by: str | None
    """The member of staff, where a person wrote it."""
    text: str
    kind: str
    buttons: tuple[str, ...]
    at: datetime
    delivery: str | None
    """The fate of what went out; None for what came in and for notes."""
    error: str | None
    inbox_id: int | None
    """The event it came with, which its files came with too."""
    sealed: bool
    """Whether the words as they were typed are still kept."""
    forwarded: bool = False
    """Whether they were passed on, so perhaps another person's words."""
    quoted: str | None = None
    """What it answers to, where the channel says so."""
    quoted_ours: bool = False


@dataclass(frozen=True)
class Thread:
    """The latest messages, oldest first, and whether there were earlier ones."""

    messages: list[Said]
    earlier: bool


async def read_thread(session: ReadSession, conversation_id: UUID) -> Thread:
    """Return the thread of a conversation."""
    rows = list(
        await session.execute(
            select(Message, Staff.name, Outbound.status, Outbound.error)
            .outerjoin(Staff, Staff.id == Message.staff_id)
            .outerjoin(Outbound, Outbound.message_id == Message.id)
            .where(Message.conversation_id == conversation_id)
            .order_by(Message.position.desc())
            .limit(LATEST + 1)
        )
    )
    return Thread([_said(*row) for row in reversed(rows[:LATEST])], earlier=len(rows) > LATEST)


def _said(message: Message, by: str | None, delivery: str | None, error: str | None) -> Said:
    context = message.context or {}
    quoted = context.get("reply_to") or {}
    return Said(
        id=message.id,
        direction=message.direction,
        author=message.author,
        by=by,
        text=message.text,
        kind=message.kind,
        buttons=tuple(str(button.get("title", "")) for button in message.buttons),
        at=message.created_at,
        delivery=delivery if message.direction == "out" else None,
        error=error,
        inbox_id=message.inbox_id,
        sealed=message.sealed_text is not None,
        forwarded=bool(context.get("forwarded")),
        quoted=quoted.get("text"),
        quoted_ours=bool(quoted.get("ours")),
    )
