"""What was said since: the participant's, the bot's and colleagues' words, several in one post, masked."""

from html import escape
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.staff_group.card import safe
from desk.staff_group.planning import CONVERSATIONS_OF
from desk.wording import KINDS, clock_time
from records.models import GroupTopic, GroupWord, Message, Staff, Ticket

MOST = 40
LONGEST_MESSAGE, LONGEST_POST = 900, 3_600
PLAIN = ("text", "button")


async def untold(session: AsyncSession, topic: GroupTopic, ticket: Ticket) -> list[tuple[Message, str | None]]:
    """Return the oldest words the topic does not have, with who of staff wrote them."""
    chats = list(await session.scalars(CONVERSATIONS_OF, {"ticket": ticket.id}))
    query = (
        select(Message, Staff.name)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .where(
            Message.conversation_id.in_(chats),
            Message.position > topic.from_position,
            ~exists().where(GroupWord.message_id == Message.id),
        )
        .order_by(Message.position)
        .limit(MOST)
    )
    if ticket.resolved_at:
        # what the bot and the participant say afterwards is not about this case
        query = query.where(Message.created_at <= ticket.resolved_at)
    return [(message, name) for message, name in await session.execute(query)]


def in_one_post(said: list[tuple[Message, str | None]]) -> tuple[str, list[UUID]]:
    """Return the post with as many of the words as it carries, at least the first, and whose they are."""
    lines: list[str] = []
    told: list[UUID] = []
    for message, name in said:
        line = _line(message, name)
        if told and len("\n".join([*lines, line])) > LONGEST_POST:
            break
        lines.append(line)
        told.append(message.id)
    return "\n".join(lines), told


def _line(message: Message, name: str | None) -> str:
    who = {"participant": "Peserta", "bot": "Bot", "system": "Sistem"}.get(message.author, name or "Petugas")
    note = "Catatan " if message.direction == "note" else ""
    kind = f" [{escape(KINDS.get(message.kind, message.kind))}, lihat di meja]" if message.kind not in PLAIN else ""
    said = safe(message.text, LONGEST_MESSAGE)
    return f"<b>{escape(note + who)} {clock_time(message.created_at)}</b>{kind} {said}".rstrip()
