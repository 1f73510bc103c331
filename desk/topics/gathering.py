"""A gathering: the unanswered questions of a range and of the range before are read, put into topics, and kept.

Unanswered is what the bot did not understand, what no article answers, and what an agent marked so. The words stay in
the messages: what is kept of a topic is its name, its numbers, and which turns it holds.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from desk.learning.gathering import LENGTHS
from desk.learning.known_lines import taught_lines
from desk.office import Office
from desk.rounds.round import Round
from desk.topics.likeness import Group, Taught, gathered
from desk.topics.naming import name_of
from records.clock import Clock, wib
from records.database import Database, ReadSession
from records.models import Topic, TopicRun
from trends.helping.span import moments
from trends.within import Within

MOST = 10_000
"""Of each of the two ranges, the newest."""
LEAST = 3
"""Questions, of as many conversations, that make a topic."""
USUAL_DAYS = 7
ANEW = timedelta(minutes=30)
FORGOTTEN = timedelta(days=30)
EVERY = timedelta(seconds=5)

QUESTIONS = text(
    """
    SELECT t.id, t.conversation_id, coalesce(t.platform, '-') AS platform, m.text
    FROM turns t
    JOIN messages m ON m.inbox_id = t.inbox_id AND m.direction = 'in' AND m.kind IN ('text', 'photo', 'document')
    WHERE t.created_at >= :since AND t.created_at < :until
      AND (coalesce(t.corrected_intent, t.intent) = 'nlu_fallback'
           OR (t.outcome = 'fallback' AND t.corrected_intent IS NULL)
           OR t.findings @> '[{"check": "knowledge", "verdict": "no"}]'
           OR EXISTS (SELECT FROM learning_examples e
                      WHERE e.turn_id = t.id AND e.kind = 'question' AND e.status IN ('waiting', 'drafted')))
      AND (CAST(:platform AS text) = '' OR coalesce(t.platform, '-') = :platform)
      AND (CAST(:channel AS text) = '' OR t.channel = :channel)
      AND length(m.text) BETWEEN :shortest AND :longest AND m.text ~ '[[:alpha:]]' AND m.text <> '[dihapus]'
    ORDER BY t.created_at DESC LIMIT :most
    """
)
NEXT = text(
    """
    SELECT id, first, last, platform, channel FROM topic_runs WHERE made_at IS NULL ORDER BY asked_at, id LIMIT 1
    """
)
ASK = text(
    """
    INSERT INTO topic_runs (id, first, last, platform, channel, asked_at)
    SELECT gen_random_uuid(), w.* FROM (
        SELECT CAST(:first AS date) AS first, CAST(:last AS date) AS last, CAST(:platform AS text) AS platform,
               CAST(:channel AS text) AS channel, CAST(:now AS timestamptz) AS now
    ) AS w
    WHERE NOT EXISTS (
        SELECT FROM topic_runs r
        WHERE (r.first, r.last, r.platform, r.channel) = (w.first, w.last, w.platform, w.channel)
          AND (r.made_at IS NULL OR r.asked_at > CAST(:fresh AS timestamptz)))
    """
)
OUTDATED = text(
    """
    DELETE FROM topic_runs r WHERE r.asked_at < :long_ago OR (r.made_at IS NOT NULL AND EXISTS (
        SELECT FROM topic_runs n WHERE n.first = r.first AND n.last = r.last AND n.platform = r.platform
          AND n.channel = r.channel AND n.made_at IS NOT NULL AND (n.made_at, n.id) > (r.made_at, r.id)))
    """
)
TURNS = text(
    """
    INSERT INTO topic_turns (topic_id, turn_id, position, now)
    SELECT * FROM unnest(CAST(:topics AS uuid[]), CAST(:turns AS uuid[]), CAST(:positions AS int[]),
                         CAST(:nows AS boolean[]))
    """
)


@dataclass(frozen=True)
class Question:
    """One question that nobody answered."""

    turn_id: UUID
    conversation_id: UUID
    platform: str
    said: str
    now: bool
    """Of the range itself, not of the one before."""


async def ask(session: AsyncSession, within: Within, now: datetime, *, fresh: timedelta = timedelta(0)) -> None:
    """Want the topics of a range, unless they are being gathered or were so freshly."""
    await session.execute(ASK, {**_of(within), "now": now, "fresh": now - fresh if fresh else now})


async def gather_next(database: Database, clock: Clock) -> bool:
    """Gather what is wanted and was asked for first; says whether anything was."""
    began = time.monotonic()
    async with database.read() as session:
        run = (await session.execute(NEXT)).first()
        if run is None:
            return False
        within = Within(run.first, run.last, platform=run.platform or None, channel=run.channel or None)
        now = await _questions(session, within, now=True)
        before = await _questions(session, within.before(), now=False)
    questions = [*now[:MOST], *before[:MOST]]
    groups = await asyncio.to_thread(_topics, questions)
    named = await asyncio.to_thread(_named, questions, groups)
    async with database.write() as session:
        kept = await session.get(TopicRun, run.id, with_for_update=True)
        if kept is None or kept.made_at is not None:
            return True
        await _keep(session, run.id, questions, groups, named)
        kept.texts, kept.before = len(now[:MOST]), len(before[:MOST])
        kept.left_out = int(len(now) > MOST) + int(len(before) > MOST)
        kept.alone = kept.texts - sum(questions[place].now for group in groups for place in group.members)
        kept.took_ms, kept.made_at = round((time.monotonic() - began) * 1000), clock()
        await session.flush()
        await session.execute(OUTDATED, {"long_ago": clock() - FORGOTTEN})
    return True


def _topics(questions: list[Question]) -> list[Group]:
    groups = gathered([one.said for one in questions], taught())
    return [group for group in groups if len({questions[place].conversation_id for place in group.members}) >= LEAST]


def _named(questions: list[Question], groups: list[Group]) -> list[str]:
    texts, conversations = [one.said for one in questions], [one.conversation_id for one in questions]
    return [name_of(group, texts, conversations) for group in groups]


async def _questions(session: ReadSession, within: Within, *, now: bool) -> list[Question]:
    since, until = moments(within)
    of = {**_of(within), "since": since, "until": until, "most": MOST + 1, **LENGTHS}
    wanted = {name: value for name, value in of.items() if f":{name}" in str(QUESTIONS)}
    found = await session.execute(QUESTIONS, wanted)
    return [Question(row.id, row.conversation_id, row.platform, row.text, now) for row in found]


async def _keep(
    session: AsyncSession, run: UUID, questions: list[Question], groups: list[Group], named: list[str]
) -> None:
    turns: dict[str, list[Any]] = {"topics": [], "turns": [], "positions": [], "nows": []}
    of_now = sorted(
        zip(groups, named, strict=True), key=lambda it: -sum(questions[place].now for place in it[0].members)
    )
    for position, (group, name) in enumerate(of_now):
        members = [questions[place] for place in group.members]
        now = [one for one in members if one.now]
        if not now:
            continue
        platforms = [one.platform for one in now]
        topic = Topic(
            run_id=run,
            position=position,
            name=name,
            size=len(now),
            before=len(members) - len(now),
            conversations=len({one.conversation_id for one in now}),
            platforms={platform: platforms.count(platform) for platform in sorted(set(platforms))},
        )
        session.add(topic)
        await session.flush()
        kept = sorted(members, key=lambda one: not one.now)
        turns["topics"] += [str(topic.id)] * len(kept)
        turns["turns"] += [str(one.turn_id) for one in kept]
        turns["positions"] += range(len(kept))
        turns["nows"] += [one.now for one in kept]
    await session.execute(TURNS, turns)


@lru_cache(maxsize=1)
def taught() -> Taught:
    """Return what the bot is taught, counted once; nothing on a machine without the training text."""
    return Taught.of(line.text for line in taught_lines())


def _of(within: Within) -> dict[str, Any]:
    spans = {"first": within.first, "last": within.last}
    return {**spans, "platform": within.platform or "", "channel": within.channel or ""}


async def _run(office: Office) -> int:
    today = wib(office.clock()).date()
    usual = Within(today - timedelta(days=USUAL_DAYS - 1), today)
    async with office.database.write() as session:
        await ask(session, usual, office.clock(), fresh=ANEW)
    return int(await gather_next(office.database, office.clock))


ROUND = Round("topics", EVERY, _run)
