"""A topic that was made without our knowing shows itself when somebody writes in it: it is closed."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.staff_group import wording
from desk.staff_group.group import Group
from desk.staff_group.hearing import Said
from desk.staff_group.posting import say
from records.models import GroupPost, GroupTopic, Ticket


async def surfaced(session: AsyncSession, group: Group, heard: Said) -> bool:
    """See to a topic of the bot's that we do not know; False where it is none."""
    if heard.thread_id is None or heard.topic_name is None:
        return False
    known = select(GroupTopic.id).where(GroupTopic.chat_id == group.chat_id, GroupTopic.thread_id == heard.thread_id)
    number = heard.topic_name.partition(" ")[0]
    ticket = await session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None or await session.scalar(known):
        return False
    lost = await session.scalar(
        select(GroupTopic)
        .where(GroupTopic.ticket_id == ticket.id, GroupTopic.chat_id == group.chat_id)
        .where(GroupTopic.status == "unknown", GroupTopic.thread_id.is_(None))
        .limit(1)
    )
    if lost is None:
        return False
    lost.thread_id = heard.thread_id
    await session.flush()
    words = wording.TWIN.format(number=number)
    await say(session, chat_id=group.chat_id, key=f"twin:{lost.id}", text=words, topic=lost)
    close = {"chat_id": group.chat_id, "message_thread_id": heard.thread_id}
    payload = {"method": "closeForumTopic", "params": close, "effect": {"closed": True}}
    session.add(
        GroupPost(
            chat_id=group.chat_id, topic_id=lost.id, kind="close", key=f"twin-close:{lost.id}", payload=payload, rank=1
        )
    )
    return True
