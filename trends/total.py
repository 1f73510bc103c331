"""How many complaints are there in all, and what was not counted among them?"""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from records.database import ReadSession
from records.models import Turn
from trends.bars import Bar
from trends.within import DIALOGUE, NOT_UNDERSTOOD, OFF_TOPIC, Within


@dataclass(frozen=True)
class LeftOut:
    """Messages of the same range and filters that are no complaints, by reason."""

    dialogue: int
    off_topic: int
    not_understood: int
    not_read: int
    """The bot did not read them: a person held the conversation, or the model could not be asked."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.dialogue + self.off_topic + self.not_understood + self.not_read


async def all_complaints(session: ReadSession, within: Within) -> Bar:
    """Return every complaint of the range as one bar."""
    counts = select(func.count(), func.count(distinct(Turn.conversation_id))).where(within.complaints())
    messages, conversations = (await session.execute(counts)).one()
    return Bar("all", messages, conversations)


async def left_out(session: ReadSession, within: Within) -> LeftOut:
    """Return what the complaint figures leave out, so that both together are all messages."""
    reasons = (
        Turn.intent.in_(DIALOGUE),
        Turn.intent.in_(OFF_TOPIC),
        Turn.intent.in_(NOT_UNDERSTOOD),
        Turn.intent.is_(None),
    )
    counts = select(*(func.count().filter(reason) for reason in reasons)).where(within.messages())
    return LeftOut(*map(int, (await session.execute(counts)).one()))
