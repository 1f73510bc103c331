"""What was done in the group, taken in order and one at a time: each in a transaction that also marks it done.

An act that is refused leaves only the reason. What fails for want of something else is tried again, and set aside
after a few times. The press is answered after the commit: a spinner that runs on costs nobody anything.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.silence import bot_is_silent
from desk.staff_group import pressing, saying, wording
from desk.staff_group.answering import Answer
from desk.staff_group.api import CallFailed
from desk.staff_group.group import Group
from desk.staff_group.hearing import Changed, Heard, Pressed, Proven, Said, Turned, hear
from desk.staff_group.linking import seen_in_group, use_link
from desk.staff_group.posting import locked_group, real_now, saw_message, say
from desk.staff_group.rechecking import Findings, recheck
from records import audit
from records.models import GroupTopic, GroupUpdate, StaffGroup

log = logging.getLogger("desk.staff_group")

MOST, TRIES = 50, 5
ANSWER_LIMIT = 200
NEXT = text("SELECT id FROM group_updates WHERE status = 'pending' AND due_at <= clock_timestamp() ORDER BY id LIMIT 1")


@dataclass(frozen=True)
class Taken:
    """An update that is about to be dealt with."""

    id: int
    heard: Heard | None


async def update_round(office: Office, group: Group) -> int:
    """Deal with what was done; returns how many there were."""
    for done in range(MOST):
        taken = await _next(office)
        if taken is None:
            return done
        await _deal_with(office, group, taken)
    return MOST


async def _next(office: Office) -> Taken | None:
    async with office.database.read() as session:
        number = await session.scalar(NEXT)
        row = await session.get(GroupUpdate, number) if number is not None else None
    if row is None:
        return None
    try:
        return Taken(row.id, hear(office.seal.open(row.sealed_event or b"")))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        log.warning("an update nobody can read: %s", type(problem).__name__)
        return Taken(row.id, None)


async def _deal_with(office: Office, group: Group, taken: Taken) -> None:
    try:
        if isinstance(taken.heard, Pressed | Said):
            await seen_in_group(office.database, taken.heard.by, office.real_clock())
        findings = await recheck(office, group, taken.heard) if isinstance(taken.heard, Pressed) else None
        with audit.through(wording.VIA):
            async with office.database.write() as session:
                row = await session.get_one(GroupUpdate, taken.id, with_for_update=True)
                if row.status != "pending":
                    return
                answer = await _dealt_with(session, office, group, taken.heard, findings)
                row.status, row.sealed_event, row.error = "done" if taken.heard else "ignored", None, None
                row.done_at = await real_now(session)
    except Exception as problem:
        # a defect must neither hold up what came after it nor be lost
        log.exception("update not dealt with")
        answer = await _failed(office, taken.id, problem)
    await _answer(office, group, taken.heard, answer)


async def _dealt_with(
    session: AsyncSession, office: Office, group: Group, heard: Heard | None, findings: Findings | None
) -> Answer | None:
    if isinstance(heard, Pressed):
        return await pressing.pressed(session, office, group, heard, findings)
    if isinstance(heard, Said):
        await locked_group(session, group.chat_id)
        await saw_message(session, group.chat_id, heard.message_id)
        await saying.said(session, office, group, heard)
    elif isinstance(heard, Proven):
        now, key = await real_now(session), f"proof:{heard.by.id}:{heard.token[:8]}"
        told = await use_link(session, heard.by, heard.token, at=office.clock(), now=now)
        await say(session, chat_id=heard.by.id, key=f"{key}:{now.timestamp()}", text=told)
    elif isinstance(heard, Turned):
        await locked_group(session, group.chat_id)
        await saw_message(session, group.chat_id, heard.message_id)
        await _turned(session, group, heard)
    elif isinstance(heard, Changed):
        # looked at again at once
        mine = StaffGroup.chat_id == group.chat_id
        await session.execute(update(StaffGroup).where(mine).values(checked_at=None))
    return None


async def _turned(session: AsyncSession, group: Group, heard: Turned) -> None:
    there = (GroupTopic.chat_id == group.chat_id, GroupTopic.thread_id == heard.thread_id)
    if heard.closed is not None:
        await session.execute(update(GroupTopic).where(*there).values(closed=heard.closed))
        return
    # a person made it: should it have been taken for one of ours, it was not
    mistaken = update(GroupTopic).where(*there, GroupTopic.card_id.is_(None))
    await session.execute(mistaken.values(status="unknown", thread_id=None))


async def _failed(office: Office, number: int, problem: Exception) -> Answer | None:
    async with office.database.write() as session:
        row = await session.get_one(GroupUpdate, number, with_for_update=True)
        now: datetime = await real_now(session)
        row.attempts += 1
        row.error = type(problem).__name__
        row.due_at = now + timedelta(seconds=2**row.attempts)
        if row.attempts >= TRIES:
            row.status, row.done_at = "parked", now
    return Answer(wording.TROUBLE) if row.attempts == 1 else None


async def _answer(office: Office, group: Group, heard: Heard | None, answer: Answer | None) -> None:
    if not isinstance(heard, Pressed):
        return
    if answer and answer.silence:
        await bot_is_silent(office.database, answer.silence)
    said = answer.text[:ANSWER_LIMIT] if answer else ""
    params = {"text": said, "show_alert": bool(answer and answer.alert)} if said else {}
    with suppress(CallFailed):
        # too late is no error, and a spinner is no loss
        await group.api.call("answerCallbackQuery", callback_query_id=heard.press_id, **params)


async def parked(session: AsyncSession) -> int:
    """Return how many were set aside."""
    waiting = select(GroupUpdate.id).where(GroupUpdate.status == "parked")
    return len((await session.scalars(waiting)).all())
