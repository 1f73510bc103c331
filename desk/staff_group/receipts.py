"""What became of an answer, shown where staff wrote it: as a reaction to their own message, so it costs no post.

Only the latest is shown. Where the participant did not get it, it is said in words as well.
"""

import logging
from dataclasses import dataclass
from html import escape
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.staff_group import wording
from desk.staff_group.api import CallFailed, Refused
from desk.staff_group.group import Group
from desk.staff_group.posting import say
from records.masking import mask
from records.models import GroupTopic, GroupWord

log = logging.getLogger("desk.staff_group")

MOST = 20
CHANGED = text(
    """
    SELECT w.message_id, w.written_id, w.shown, m.direction, o.status, o.error
    FROM group_words w JOIN group_topics g ON g.id = w.topic_id JOIN messages m ON m.id = w.message_id
    LEFT JOIN outbox o ON o.message_id = w.message_id
    WHERE g.chat_id = :chat AND w.written_id IS NOT NULL AND NOT w.settled
      AND (m.direction = 'note' OR o.status IS NOT NULL)
      AND w.shown IS DISTINCT FROM CASE m.direction WHEN 'note' THEN 'note' ELSE o.status END
    ORDER BY m.position LIMIT :most
    """
)


@dataclass(frozen=True)
class Receipt:
    """Words that staff wrote in the group, and what became of them."""

    message_id: UUID
    written_id: int
    shown: str | None
    direction: str
    status: str | None
    error: str | None

    @property
    def now(self) -> str:
        """How they are now."""
        return "note" if self.direction == "note" else str(self.status)


async def receipt_round(office: Office, group: Group) -> int:
    """Show what has changed; returns how many there were."""
    async with office.database.read() as session:
        rows = (await session.execute(CHANGED, {"chat": group.chat_id, "most": MOST})).all()
    for row in rows:
        if not await _show(office, group, Receipt(*row)):
            return 0
    return len(rows)


async def _show(office: Office, group: Group, it: Receipt) -> bool:
    sign = wording.NOTED if it.now == "note" else wording.RECEIPTS.get(it.now)
    shown_before = wording.NOTED if it.shown == "note" else wording.RECEIPTS.get(it.shown or "")
    if sign and sign != shown_before:
        reaction = [{"type": "emoji", "emoji": sign}]
        try:
            await group.api.call(
                "setMessageReaction", chat_id=group.chat_id, message_id=it.written_id, reaction=reaction
            )
        except Refused as problem:
            # the message may be gone, or reactions not allowed here: what became of it stands at the desk
            log.info("receipt not shown: %s", problem)
        except CallFailed:
            return False
    async with office.database.write() as session:
        settled = it.now == "note" or it.now in wording.SETTLED
        mine = GroupWord.message_id == it.message_id
        await session.execute(update(GroupWord).where(mine).values(shown=it.now, settled=settled))
        await _in_words(session, group, it)
    return True


async def _in_words(session: AsyncSession, group: Group, it: Receipt) -> None:
    if it.now in ("refused", "withheld"):
        words = wording.FAILED.format(why=escape(mask(it.error or it.now).text))
    elif it.now == "unknown":
        words = wording.UNSURE
    else:
        return
    topic = await session.scalar(
        select(GroupTopic)
        .join(GroupWord, GroupWord.topic_id == GroupTopic.id)
        .where(GroupWord.message_id == it.message_id)
    )
    key = f"receipt:{it.now}:{it.message_id}"
    await say(session, chat_id=group.chat_id, key=key, text=words, topic=topic, answers=it.written_id)
