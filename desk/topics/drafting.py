"""A topic becomes an article to be written: its questions go under one title, by the way of the page *Belajar*.

Every wording goes there once. One that still holds something personal stays out; how many is said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.deciding import Decision, gather_for_article
from desk.learning.refusals import NotLearnable
from desk.refusals import Refusal
from desk.topics.likeness import subject
from records import audit
from records.models import LearningExample, Staff, Topic

MOST = 20
"""Wordings of a topic that go under its title."""
QUESTIONS = text(
    """
    SELECT m.text, t.id AS turn_id, t.conversation_id, m.id AS message_id, t.intent, t.confidence, t.ranking, t.model
    FROM topic_turns o
    JOIN turns t ON t.id = o.turn_id
    JOIN messages m ON m.inbox_id = t.inbox_id AND m.direction = 'in'
    WHERE o.topic_id = :topic AND m.text <> '[dihapus]'
    ORDER BY NOT o.now, o.position LIMIT 200
    """
)


class NothingToGather(Refusal):
    """No question of the topic can go under a title."""

    def __init__(self) -> None:
        super().__init__(
            "Tidak ada kalimat yang bisa dikumpulkan: semuanya sudah diputuskan atau masih memuat data orang."
        )


@dataclass(frozen=True)
class Drafted:
    """What became of it."""

    draft_id: UUID
    gathered: int
    left: int
    """Wordings that stay out: already decided, or something personal is in them."""


async def draft(session: AsyncSession, topic: Topic, *, title: str, staff: Staff, at: datetime) -> Drafted:
    """Put the topic's questions under the title of an article; raises NotLearnable or NothingToGather."""
    rows = (await session.execute(QUESTIONS, {"topic": topic.id})).all()
    wordings: dict[frozenset[str], Any] = {}
    for row in rows:
        wordings.setdefault(frozenset(subject(row.text)), row)
    gathered, refused = [], None
    for row in list(wordings.values())[:MOST]:
        try:
            # a wording that is refused leaves nothing behind
            async with session.begin_nested():
                gathered.append(await _gather(session, row, title, staff, at))
        except Refusal as problem:
            refused = problem
    if not gathered:
        raise refused if isinstance(refused, NotLearnable) else NothingToGather
    found: UUID | None = await session.scalar(select(LearningExample.draft_id).where(LearningExample.id == gathered[0]))
    if found is None:
        raise NothingToGather
    detail = {"topic": topic.name, "draft": str(found), "questions": len(gathered)}
    what = f"topic:{topic.id}"
    await audit.record(session, at=at, actor=staff.username, action="topic_drafted", object=what, detail=detail)
    return Drafted(found, len(gathered), min(len(wordings), MOST) - len(gathered))


async def _gather(session: AsyncSession, row: Any, title: str, staff: Staff, at: datetime) -> UUID:
    of_turn = (LearningExample.turn_id == row.turn_id, LearningExample.kind == "question")
    example = await session.scalar(select(LearningExample).where(*of_turn, LearningExample.status != "withdrawn"))
    if example is None:
        example = LearningExample(
            kind="question",
            source="agent",
            **{name: getattr(row, name) for name in ("turn_id", "conversation_id", "message_id", "confidence")},
            **{"said": row.text, "read_as": row.intent, "ranking": row.ranking, "model": row.model},
            marked_by=staff.id,
            at=at,
        )
        session.add(example)
        await session.flush()
    decision = Decision(example.id, example.version or 0, staff, at)
    await gather_for_article(session, decision, text=row.text, title=title)
    return example.id
