"""What do participants ask that nothing answers? Topics as they were gathered last for the range, with examples."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from records.database import ReadSession
from records.models import Message, Topic, TopicRun, TopicTurn, Turn
from trends.within import Within

TOLD = ("platform", "channel")
"""Filters that questions can be narrowed by: what was not understood has no kind."""
SHOWN = 40
EXAMPLES = 3
LOOKED_AT = 30
PAGE = 100
GONE = "[dihapus]"


@dataclass(frozen=True)
class Gathered:
    """The last gathering of a range, and whether another is wanted."""

    run: TopicRun | None
    topics: Sequence[Topic]
    waiting: bool

    @property
    def in_topics(self) -> int:
        """Questions of the range that belong to a topic."""
        return self.run.texts - self.run.alone if self.run else 0


@dataclass(frozen=True)
class Question:
    """One question, masked."""

    turn_id: UUID
    conversation_id: UUID
    at: datetime
    channel: str
    platform: str | None
    said: str


def untold(within: Within) -> list[str]:
    """Return the filters that topics do not know."""
    return [by for by in within.filters if by not in TOLD]


async def gathered(session: ReadSession, within: Within) -> Gathered:
    """Return the topics of the range as they were gathered last, the largest first."""
    it = TopicRun
    of = and_(
        it.first == within.first,
        it.last == within.last,
        it.platform == (within.platform or ""),
        it.channel == (within.channel or ""),
    )
    runs = list(await session.scalars(select(it).where(of).order_by(it.asked_at.desc(), it.id)))
    run = next((one for one in runs if one.made_at), None)
    waiting = any(one.made_at is None for one in runs)
    topics = await session.scalars(select(Topic).where(Topic.run_id == run.id).order_by(Topic.position)) if run else ()
    return Gathered(run, list(topics), waiting)


async def examples(session: ReadSession, topics: Sequence[Topic]) -> dict[UUID, list[str]]:
    """Return the most typical questions of each topic, masked, no wording twice."""
    it = TopicTurn
    rows = await session.execute(
        select(it.topic_id, Message.text)
        .select_from(it)
        .join(Turn, Turn.id == it.turn_id)
        .join(Message, Message.inbox_id == Turn.inbox_id)
        .where(it.topic_id.in_([topic.id for topic in topics]), it.now, it.position < LOOKED_AT, Message.text != GONE)
        .order_by(it.topic_id, it.position)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for topic, said in rows:
        if len(found[topic]) < EXAMPLES and said.casefold() not in {one.casefold() for one in found[topic]}:
            found[topic].append(said)
    return found


async def questions(session: ReadSession, topic: UUID, page: int = 1) -> tuple[list[Question], int]:
    """Return the questions of a topic that are still there, the most typical first, and how many those are."""
    it = TopicTurn
    of = (
        select(Turn.id, Turn.conversation_id, Turn.created_at, Turn.channel, Turn.platform, Message.text)
        .select_from(it)
        .join(Turn, Turn.id == it.turn_id)
        .join(Message, Message.inbox_id == Turn.inbox_id)
        .where(it.topic_id == topic, it.now)
    )
    total = await session.scalar(select(func.count()).select_from(of.subquery())) or 0
    rows = await session.execute(of.order_by(it.position).limit(PAGE).offset((page - 1) * PAGE))
    return [Question(*row) for row in rows], total
