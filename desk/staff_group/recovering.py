"""Calls nobody knows the end of: no answer came, or the desk was stopped before it could write it down.

Words are said once more, marked as perhaps a repetition; the repetition is not repeated. What changes nothing when it
is done again is simply planned again. A topic is looked for: its number is one of the next few message numbers. Where
it cannot be told for certain another is made, and the first is closed as soon as it shows itself: never do two live.
"""

from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.staff_group.api import CallFailed, Refused
from desk.staff_group.group import Group
from desk.staff_group.wording import PERHAPS_AGAIN
from records.models import GroupPost, GroupTopic, GroupWord

WORDS = ("say", "ask", "words")
AGAIN = ":lagi"
LOOK_AHEAD = 12
"""So many message numbers behind the last one known are looked at."""
NOW = text("SELECT clock_timestamp()")


async def recover(office: Office, group: Group) -> int:
    """See to what was cut off; returns how many there were."""
    async with office.database.write() as session:
        now: datetime = (await session.execute(NOW)).scalar_one()
        cut_off = select(GroupPost).where(GroupPost.status == "sending", GroupPost.held_until <= now)
        posts = list(await session.scalars(cut_off.with_for_update(skip_locked=True)))
        for post in posts:
            await nobody_knows(session, post)
    return len(posts) + await _look_for_topics(office, group)


async def nobody_knows(session: AsyncSession, post: GroupPost) -> None:
    """Write down that nobody knows; have words said once more."""
    post.status = "unknown"
    if post.kind in WORDS and not post.key.endswith(AGAIN):
        params = post.payload["params"]
        params = params | {"text": PERHAPS_AGAIN + params["text"]}
        copy = GroupPost(
            chat_id=post.chat_id,
            topic_id=post.topic_id,
            kind=post.kind,
            key=post.key + AGAIN,
            payload=post.payload | {"params": params},
            asks=post.asks,
            rank=post.rank,
        )
        session.add(copy)
        await session.flush()
        await session.execute(update(GroupWord).where(GroupWord.post_id == post.id).values(post_id=copy.id))
    post.payload = {}


async def _look_for_topics(office: Office, group: Group) -> int:
    async with office.database.read() as session:
        lost = list(
            await session.scalars(
                select(GroupTopic)
                .join(GroupPost, GroupPost.topic_id == GroupTopic.id)
                .where(GroupTopic.status == "making", GroupPost.kind == "topic", GroupPost.status == "unknown")
            )
        )
    for topic in lost:
        await _look_for(office, group, topic)
    return len(lost)


async def _look_for(office: Office, group: Group, topic: GroupTopic) -> None:
    """Take over the one topic that must be it, or let another be made."""
    async with office.database.read() as session:
        known = set(await session.scalars(select(GroupTopic.thread_id).where(GroupTopic.chat_id == topic.chat_id)))
        said = select(GroupPost.message_id).where(
            GroupPost.chat_id == topic.chat_id, GroupPost.message_id > topic.seen_before
        )
        known |= set(await session.scalars(said))
    first = topic.seen_before + 1
    numbers = [number for number in range(first, first + LOOK_AHEAD) if number not in known]
    try:
        found = [number for number in numbers if await _is_topic(group, topic.chat_id, number)]
    except CallFailed:
        return  # asked again in the next round
    values: dict[str, object] = {"status": "unknown"}
    if len(found) == 1:
        values = {"status": "live", "thread_id": found[0]}
    async with office.database.write() as session:
        still = GroupTopic.id == topic.id, GroupTopic.status == "making"
        await session.execute(update(GroupTopic).where(*still).values(**values))


async def _is_topic(group: Group, chat_id: int, number: int) -> bool:
    """Ask by showing that the bot is typing there: nobody sees it for long, and nothing is written."""
    try:
        await group.api.call("sendChatAction", chat_id=chat_id, message_thread_id=number, action="typing")
    except Refused as problem:
        if "thread" in str(problem) or "TOPIC" in str(problem):
            return False
        raise
    return True
