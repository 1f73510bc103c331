"""Questions nobody had an answer for, gathered into topics: of the newest gathering of exactly this week."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from records.database import ReadSession
from records.models import Topic, TopicRun
from trends.within import Within

MOST = 5


@dataclass(frozen=True)
class Unanswered:
    """What was found."""

    made_at: datetime
    questions: int
    alone: int
    """Questions that resemble no other."""
    topics: list[Topic]
    """The largest."""


async def unanswered(session: ReadSession, within: Within) -> Unanswered | None:
    """Return the topics of the range; none where nobody gathered them."""
    run = await session.scalar(
        select(TopicRun)
        .where(TopicRun.first == within.first, TopicRun.last == within.last, TopicRun.made_at.is_not(None))
        .where(TopicRun.platform == "", TopicRun.channel == "")
        .order_by(TopicRun.made_at.desc())
        .limit(1)
    )
    if run is None or run.made_at is None:
        return None
    topics = await session.scalars(select(Topic).where(Topic.run_id == run.id).order_by(Topic.position).limit(MOST))
    return Unanswered(run.made_at, run.texts, run.alone, list(topics))
