"""What channels tell of our own account: written as it comes, and of each topic and subject the latest one holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import ChannelNews

LATEST = text(
    """
    SELECT DISTINCT ON (channel, topic, subject) channel, topic, subject, event, trouble, words, at
    FROM channel_news ORDER BY channel, topic, subject, id DESC
    """
)
BEFORE = text(
    """
    SELECT event, trouble, words FROM channel_news
    WHERE channel = :channel AND topic = :topic AND subject = :subject ORDER BY id DESC LIMIT 1
    """
)
KEY = ("channel", "topic", "subject")
SENDING = "sending"
"""The topic of what a send was told: restrictions, a token that is no longer taken."""


@dataclass(frozen=True)
class Told:
    """One piece of news."""

    channel: str
    topic: str
    subject: str
    event: str
    trouble: bool
    words: str
    at: datetime


async def tell(session: AsyncSession, news: Told) -> bool:
    """Write news down unless the same was the last word on it; returns whether it is new."""
    before = (await session.execute(BEFORE, {name: getattr(news, name) for name in KEY})).first()
    if before is not None and tuple(before) == (news.event, news.trouble, news.words):
        return False
    await session.execute(insert(ChannelNews).values(vars(news)))
    return True


async def mend(session: AsyncSession, news: Told) -> bool:
    """Write down that something is well again, where it was not; returns whether it was not."""
    before = (await session.execute(BEFORE, {name: getattr(news, name) for name in KEY})).first()
    return before is not None and bool(before.trouble) and await tell(session, news)


async def latest(session: AsyncSession) -> list[Told]:
    """Return the last word on everything."""
    return [Told(**row) for row in (await session.execute(LATEST)).mappings()]


async def troubles(session: AsyncSession) -> list[Told]:
    """Return what is not well as far as the channels say."""
    return [told for told in await latest(session) if told.trouble]
