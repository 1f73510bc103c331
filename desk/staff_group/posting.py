"""Saying it: room is taken and the post written down in one transaction, then the call is made, then its end noted.

The pace is counted in the posts themselves, under the lock of the group's row: however many desks there are, together
they never write more than allowed. A call nobody knows the end of is looked after in `recovering`.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.staff_group import failing
from desk.staff_group.api import CallFailed, Json
from desk.staff_group.group import Group
from desk.staff_group.planning import next_step, teams_told
from desk.staff_group.steps import Made, make
from records.models import GroupPost, GroupTopic, GroupUpdate, GroupWord, StaffGroup, StaffLink

log = logging.getLogger("desk.staff_group")

MOST = 30
"""Posts of one round."""
TAKEN = text(
    "SELECT count(*) FROM group_posts "
    "WHERE chat_id = :chat AND taken_at > clock_timestamp() - CAST(:minute AS interval)"
)
NOW = text("SELECT clock_timestamp()")


@dataclass(frozen=True)
class Ready:
    """A post that is written down and may be sent now."""

    post_id: int
    kind: str
    topic_id: UUID | None
    chat_id: int
    method: str
    params: Json
    effect: Json


async def post_round(office: Office, group: Group, *, plan: bool = True) -> int:
    """Say what there is to say and room for; returns how many calls were made.

    Without `plan` only what is written already is said: answers to staff, which must not wait for a look at all cases.
    """
    for done in range(MOST):
        ready = await _take(office, group, plan=plan)
        if ready is None:
            return done
        await _send(office, group, ready)
    return MOST


async def _take(office: Office, group: Group, *, plan: bool) -> Ready | None:
    async with office.database.write() as session:
        now = await real_now(session)
        known = await locked_group(session, group.chat_id)
        # what is said in private neither waits for the group nor counts for it
        waits = bool(known.paused_until and known.paused_until > now) or await _full(session, group)
        due = await _due(session, group, now, in_private=waits)
        if plan and not waits:
            step = await next_step(session, group.chat_id, await teams_told(session, group.teams))
            if step and (due is None or step.rank < due.rank):
                made = await make(session, step, group.chat_id, known.latest_message_id, office.clock())
                return await _written_down(session, group, made, step.rank, now) if made else None
        return _taken(group, due, now) if due else None


async def locked_group(session: AsyncSession, chat_id: int) -> StaffGroup:
    """Return the group's row, nobody else posting until this transaction ends."""
    await session.execute(insert(StaffGroup).values(chat_id=chat_id).on_conflict_do_nothing())
    return await session.get_one(StaffGroup, chat_id, with_for_update=True, populate_existing=True)


async def real_now(session: AsyncSession) -> datetime:
    """Return the database's own time, the same for every desk."""
    now: datetime = (await session.execute(NOW)).scalar_one()
    return now


async def _full(session: AsyncSession, group: Group) -> bool:
    given = {"chat": group.chat_id, "minute": group.minute}
    return int(await session.scalar(TAKEN, given) or 0) >= group.posts


async def _due(session: AsyncSession, group: Group, now: datetime, *, in_private: bool) -> GroupPost | None:
    ready = (GroupPost.held_until.is_(None)) | (GroupPost.held_until <= now)
    query = select(GroupPost).where(GroupPost.status == "due", ready).order_by(GroupPost.rank, GroupPost.id).limit(1)
    if in_private:
        query = query.where(GroupPost.chat_id > 0)
    else:
        query = query.where((GroupPost.chat_id == group.chat_id) | (GroupPost.chat_id > 0))
    return await session.scalar(query.with_for_update(skip_locked=True))


async def _written_down(session: AsyncSession, group: Group, made: Made, rank: int, now: datetime) -> Ready:
    payload = {"method": made.method, "params": made.params, "effect": made.effect}
    topic_id = made.topic.id if made.topic else None
    post = GroupPost(chat_id=group.chat_id, topic_id=topic_id, kind=made.kind, key=made.key, payload=payload, rank=rank)
    session.add(post)
    await session.flush()
    for message_id in made.told:
        session.add(GroupWord(message_id=message_id, topic_id=topic_id, post_id=post.id, settled=True))
    return _taken(group, post, now)


def _taken(group: Group, post: GroupPost, now: datetime) -> Ready:
    post.status, post.attempts = "sending", (post.attempts or 0) + 1
    post.taken_at, post.held_until = now, now + group.held
    given = post.payload
    return Ready(
        *(post.id, post.kind, post.topic_id, post.chat_id, given["method"], given["params"], given.get("effect") or {})
    )


async def _send(office: Office, group: Group, ready: Ready) -> None:
    try:
        result = await group.api.call(ready.method, **ready.params)
    except CallFailed as problem:
        if not failing.as_good_as_done(problem):
            log.warning("%s: %s", ready.kind, problem)
            async with office.database.write() as session:
                await failing.failed(session, group, ready.post_id, problem)
            return
        result = True
    async with office.database.write() as session:
        await done(session, ready.post_id, ready.topic_id, ready.effect, result)


async def done(session: AsyncSession, post_id: int, topic_id: UUID | None, effect: Json, result: Any) -> None:
    """Write down that a post is made, and what its topic is now."""
    post = await session.get_one(GroupPost, post_id, with_for_update=True)
    made: Json = result if isinstance(result, dict) else {}
    post.status, post.payload, post.error = "sent", {}, None
    post.sent_at = await real_now(session)
    post.message_id = made.get("message_id") or made.get("message_thread_id")
    if topic_id and post.kind == "topic":
        effect = effect | {"thread_id": made["message_thread_id"], "status": "live"}
    if topic_id and post.kind == "card":
        effect = effect | {"card_id": made["message_id"]}
    if topic_id and effect:
        await session.execute(update(GroupTopic).where(GroupTopic.id == topic_id).values(**effect))
    if post.message_id and post.chat_id < 0:
        await saw_message(session, post.chat_id, post.message_id)


async def saw_message(session: AsyncSession, chat_id: int, message_id: int) -> None:
    """Remember the highest message number of the group."""
    higher = func.greatest(StaffGroup.latest_message_id, message_id)
    await session.execute(update(StaffGroup).where(StaffGroup.chat_id == chat_id).values(latest_message_id=higher))


async def say(
    session: AsyncSession,
    *,
    chat_id: int,
    key: str,
    text: str,
    topic: GroupTopic | None = None,
    answers: int | None = None,
    asks: str | None = None,
    markup: Json | None = None,
) -> bool:
    """Have something said, once for each key; False when it was said before. The text is Telegram's HTML."""
    params: Json = {"chat_id": chat_id, "text": text, "parse_mode": "HTML"}
    params["link_preview_options"] = {"is_disabled": True}
    if topic and topic.thread_id:
        params["message_thread_id"] = topic.thread_id
    if answers:
        params["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
    if markup:
        params["reply_markup"] = markup
    written = await session.execute(
        insert(GroupPost)
        .values(
            chat_id=chat_id,
            topic_id=topic.id if topic else None,
            kind="ask" if asks else "say",
            key=key,
            payload={"method": "sendMessage", "params": params},
            asks=asks,
            rank=0,
        )
        .on_conflict_do_nothing(index_elements=[GroupPost.key])
        .returning(GroupPost.id)
    )
    return written.first() is not None


async def forget_old(session: AsyncSession, life: timedelta = timedelta(days=30)) -> None:
    """Let go of what was said, done and linked long ago; what came of it stays with the case."""
    before = await real_now(session) - life
    said = GroupPost.status.in_(("sent", "refused", "unknown"))
    await session.execute(delete(GroupPost).where(said, GroupPost.created_at < before))
    done = GroupUpdate.status.in_(("done", "ignored"))
    await session.execute(delete(GroupUpdate).where(done, GroupUpdate.stored_at < before))
    await session.execute(delete(StaffLink).where(StaffLink.expires_at < before))
