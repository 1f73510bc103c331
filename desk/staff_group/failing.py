"""A call that was not answered with success: what it says of the topic and the group, and whether it is made again.

What was planned from the cases is planned anew; what was written for somebody stays due. Nobody knowing whether it was
done is a matter of its own (`recovering`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.staff_group import recovering
from desk.staff_group.api import BadToken, CallFailed, NotReached, Refused, TooFast, Unsure
from desk.staff_group.group import Group
from records.models import GroupPost, GroupTopic, GroupWord, StaffGroup

LATER = timedelta(seconds=30)
SOON = timedelta(seconds=5)
WRITTEN = ("say", "ask")
DONE = ("message is not modified", "TOPIC_NOT_MODIFIED")
NO_TOPIC = ("message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID", "topic not found")
PROBLEMS = (
    ("chat not found", "gone"),
    ("kicked", "removed"),
    ("not a member", "removed"),
    ("upgraded to a supergroup", "moved"),
    ("not a forum", "no_topics"),
    ("not enough rights", "no_rights"),
    ("need administrator rights", "no_rights"),
)
NOW = text("SELECT clock_timestamp()")


def as_good_as_done(problem: CallFailed) -> bool:
    """Say whether things are as the call wanted them."""
    return isinstance(problem, Refused) and str(problem).startswith(DONE)


async def failed(session: AsyncSession, group: Group, post_id: int, problem: CallFailed) -> None:
    """Write down what became of it."""
    post = await session.get_one(GroupPost, post_id, with_for_update=True)
    now: datetime = (await session.execute(NOW)).scalar_one()
    post.error = str(problem)[:200]
    in_private = post.chat_id > 0
    if isinstance(problem, Unsure):
        await _pause(session, group, now + SOON, None)
        await recovering.nobody_knows(session, post)
        return
    if isinstance(problem, TooFast):
        wait = now + timedelta(seconds=problem.seconds)
        if not in_private:
            await _pause(session, group, wait, None)
        await _again(session, post, wait)
    elif isinstance(problem, BadToken | NotReached):
        await _pause(session, group, now + LATER, "token" if isinstance(problem, BadToken) else "away")
        await _again(session, post, now + LATER)
    elif in_private:
        post.status, post.payload = "refused", {}
    else:
        await _refused(session, group, post, problem, now)


async def _refused(session: AsyncSession, group: Group, post: GroupPost, problem: CallFailed, now: datetime) -> None:
    said = str(problem)
    what = next((name for words, name in PROBLEMS if words in said), None)
    if post.kind == "pin":
        # a card that is not pinned is as good; whether the right is missing is looked at with the group
        await _set_topic(session, post.topic_id, pinned=True)
        post.status, post.payload = "refused", {}
    elif what:
        await _pause(session, group, now + LATER, what)
        await _again(session, post, now + LATER)
    elif any(words in said for words in NO_TOPIC):
        await _set_topic(session, post.topic_id, status="gone")
        await _drop(session, post)
    elif "TOPIC_CLOSED" in said:
        await _set_topic(session, post.topic_id, closed=True)
        await _again(session, post, now + SOON)
    elif "message to edit not found" in said:
        await _set_topic(session, post.topic_id, card_id=None, pinned=False)
        await _drop(session, post)
    else:
        await _pause(session, group, now + LATER, None)
        await _drop(session, post)


async def _again(session: AsyncSession, post: GroupPost, at: datetime) -> None:
    if post.kind in WRITTEN:
        post.status, post.held_until = "due", at
        return
    topic_id, made = post.topic_id, post.kind == "topic"
    await _drop(session, post)
    if made and topic_id:
        post.topic_id = None
        await session.flush()
        await session.execute(delete(GroupTopic).where(GroupTopic.id == topic_id))


async def _drop(session: AsyncSession, post: GroupPost) -> None:
    """Give it up; words it was to tell are told by another post."""
    post.status, post.payload = "refused", {}
    await session.execute(delete(GroupWord).where(GroupWord.post_id == post.id))
    await session.flush()


async def _set_topic(session: AsyncSession, topic_id: UUID | None, **values: object) -> None:
    if topic_id:
        await session.execute(update(GroupTopic).where(GroupTopic.id == topic_id).values(**values))


async def _pause(session: AsyncSession, group: Group, until: datetime, problem: str | None) -> None:
    values: dict[str, object] = {"paused_until": until}
    if problem:
        values |= {"problem": problem, "checked_at": None}
    await session.execute(update(StaffGroup).where(StaffGroup.chat_id == group.chat_id).values(**values))
