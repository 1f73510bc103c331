"""How many complaints are there in all, and what was not counted among them?"""

from dataclasses import dataclass

from records.database import ReadSession
from trends.bars import Bar
from trends.changes import OFF, SMALL_TALK, UNCLEAR, UNREAD
from trends.conversations import ALL, conversations
from trends.sums import sums
from trends.within import Within

HANDED_OVER = "handed_over"


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
    messages = (await sums(session, within)).complaints
    return Bar(ALL, messages, (await conversations(session, within)).of(ALL, "", messages))


async def left_out(session: ReadSession, within: Within) -> LeftOut:
    """Return what the complaint figures leave out, so that both together are all messages."""
    kinds = (await sums(session, within)).kinds
    return LeftOut(*(kinds[kind] for kind in (SMALL_TALK, OFF, UNCLEAR, UNREAD)))


async def handed_over(session: ReadSession, within: Within) -> int:
    """Return how many of the complaints were handed over to a person by the bot."""
    return (await sums(session, within)).keys("outcome").get(HANDED_OVER, 0)
