"""Something was written in the group. In a case's topic it is a note, unless it was plainly meant for the participant.

Colleagues talk in a topic. What was meant as an answer and became a note costs one more press; what was meant for
colleagues and reached a participant can never be taken back. So an answer is only what replies to the bot's question or
begins with /b.
"""

import re
from html import escape

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.office import Office
from desk.refusals import NeedsPermit, Refusal
from desk.staff_group import wording
from desk.staff_group.acting import Asked, do
from desk.staff_group.answering import case_of
from desk.staff_group.group import Group
from desk.staff_group.hearing import Account, Said
from desk.staff_group.linking import staff_of
from desk.staff_group.posting import say
from desk.staff_group.twins import surfaced
from records.models import GroupPost, GroupTopic, GroupWord, Staff, Ticket

COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
ACTS = {
    **dict.fromkeys(("b", "balas"), "reply"),
    **dict.fromkeys(("c", "catat", "catatan"), "note"),
    "selesai": "resolve",
    "ambil": "claim",
    "lepas": "release",
    "tunda": "case_snooze",
    "oper": "case_transfer",
}


async def said(session: AsyncSession, office: Office, group: Group, heard: Said) -> None:
    """Do what the words ask for, or keep them as a note; somebody nobody knows is told so once."""
    staff = await staff_of(session, heard.by)
    if staff is None:
        await _stranger(session, group, heard.by, heard)
        return
    found = await case_of(session, group.chat_id, thread_id=heard.thread_id)
    if found is None:
        await surfaced(session, group, heard)
        if heard.text.startswith("/") and not heard.edited:
            await _tell(session, group, None, heard, wording.OUTSIDE, "outside")
        return
    topic, ticket = found
    if heard.edited:
        if await session.scalar(select(GroupWord.message_id).where(GroupWord.written_id == heard.message_id)):
            await _tell(session, group, topic, heard, wording.EDITED, "edited")
    elif heard.attached:
        await _tell(session, group, topic, heard, wording.FILES, "file")
    else:
        await _act(session, office, group, heard, staff, topic, ticket)


async def _act(
    session: AsyncSession,
    office: Office,
    group: Group,
    heard: Said,
    staff: Staff,
    topic: GroupTopic,
    ticket: Ticket,
) -> None:
    act, words = await _meant(session, group, heard)
    if act is None:
        await _tell(session, group, topic, heard, wording.COMMANDS, "commands")
        return
    asked = Asked(act, ticket, topic, staff, office.clock(), words, heard.message_id)
    try:
        told = await do(session, office.bell, asked)
    except NeedsPermit:
        told = wording.REFUSED.format(why=wording.ELSEWHERE)
    except Refusal as refusal:
        told = wording.REFUSED.format(why=refusal)
    if told:
        await _tell(session, group, topic, heard, escape(told), act)


async def _meant(session: AsyncSession, group: Group, heard: Said) -> tuple[str | None, str]:
    """Return the act that is meant and its words; None for a command nobody knows."""
    if command := COMMAND.fullmatch(heard.text.strip()):
        return ACTS.get(command[1].lower()), (command[2] or "").strip()
    if heard.answers:
        question = select(GroupPost.asks).where(
            GroupPost.chat_id == group.chat_id, GroupPost.message_id == heard.answers, GroupPost.asks.is_not(None)
        )
        if act := await session.scalar(question):
            return act, heard.text
    return "note", heard.text


async def _stranger(session: AsyncSession, group: Group, who: Account, heard: Said) -> None:
    told = wording.STRANGER.format(name=escape(who.name))
    key = f"stranger:{group.chat_id}:{who.id}"
    thread = await case_of(session, group.chat_id, thread_id=heard.thread_id)
    topic = thread[0] if thread else None
    await say(session, chat_id=group.chat_id, key=key, text=told, topic=topic, answers=heard.message_id)


async def _tell(
    session: AsyncSession, group: Group, topic: GroupTopic | None, heard: Said, words: str, why: str
) -> None:
    key = f"{why}:{group.chat_id}:{heard.message_id}"
    await say(session, chat_id=group.chat_id, key=key, text=words, topic=topic, answers=heard.message_id)
