"""The acts of the web, done from the group: by name, as this member of staff, on this case; the rights are the same.

The key of what is written is made from the message in the group, so the same message never says anything twice.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.claim import claim
from desk.acts.note import note
from desk.acts.release import release
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.acts.snooze import choices, snooze, until_when
from desk.acts.transfer import transfer
from desk.refusals import NotWellSaid, Refusal
from desk.rights import may
from desk.staff_group import wording
from desk.wording import moment
from records.bell import Bell
from records.models import GroupTopic, GroupWord, Staff, Ticket


class NotForYourRole(Refusal):
    """The role may not do this, here or at the desk."""

    status = 403

    def __init__(self) -> None:
        super().__init__(wording.NOT_YOURS)


@dataclass(frozen=True)
class Asked:
    """An act somebody wants done."""

    act: str
    ticket: Ticket
    topic: GroupTopic
    staff: Staff
    at: datetime
    text: str = ""
    message_id: int = 0
    """The message in the group that holds the words."""

    @property
    def key(self) -> UUID:
        """The id of the message that the words become."""
        return uuid5(NAMESPACE_URL, f"telegram:{self.topic.chat_id}:{self.message_id}")

    def writing(self) -> dict[str, Any]:
        """Return what every act that writes wants to be given."""
        return {"ticket_id": self.ticket.id, "key": self.key, "staff": self.staff, "at": self.at}


async def do(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    """Do the act; returns what is said of it where something is. Raises Refusal, and then nothing is written."""
    must_be_allowed(asked.staff, asked.act)
    # what the card showed may be old by now
    await session.refresh(asked.ticket)
    async with session.begin_nested():
        return await ACTS[asked.act](session, bell, asked)


def must_be_allowed(staff: Staff, act: str) -> None:
    """Raise NotForYourRole unless the role may do it: the list is the desk's own."""
    if not may(staff.role, act):
        raise NotForYourRole


async def _claim(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    await claim(session, bell, ticket_id=asked.ticket.id, staff=asked.staff, at=asked.at)
    return wording.TAKEN.format(number=asked.ticket.number)


async def _release(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    await release(session, bell, ticket_id=asked.ticket.id, staff=asked.staff, at=asked.at)
    return wording.RELEASED.format(number=asked.ticket.number)


async def _reply(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    became = await reply(session, bell, text=asked.text, **asked.writing())
    await _has(session, asked)
    return wording.WAITS if became == "menunggu" else ""


async def _note(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    await note(session, bell, text=asked.text, **asked.writing())
    await _has(session, asked)
    return ""


async def _resolve(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    await resolve(session, bell, ticket_id=asked.ticket.id, resolution=asked.text, staff=asked.staff, at=asked.at)
    return ""


async def _snooze(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    if not asked.text:
        raise NotWellSaid(wording.SNOOZE_HOW.format(choices=", ".join(it.key for it in choices(asked.at))))
    until = until_when(asked.text.strip().lower(), asked.at)
    await snooze(session, bell, ticket_id=asked.ticket.id, until=until, staff=asked.staff, at=asked.at)
    return wording.SNOOZED.format(until=moment(until, asked.at))


async def _transfer(session: AsyncSession, bell: Bell, asked: Asked) -> str:
    name, _, reason = asked.text.strip().partition(" ")
    to = await session.scalar(select(Staff.id).where(Staff.username == name.removeprefix("@").lower(), Staff.active))
    if to is None:
        raise NotWellSaid(wording.TRANSFER_HOW)
    what: dict[str, Any] = {
        "ticket_id": asked.ticket.id,
        "to": to,
        "reason": reason,
        "staff": asked.staff,
        "at": asked.at,
    }
    receiver = await transfer(session, bell, **what, seen_holder=asked.ticket.staff_id)
    return wording.TRANSFERRED.format(name=receiver)


async def _has(session: AsyncSession, asked: Asked) -> None:
    """The topic has these words already: they are not told there again, and their receipt is shown on them."""
    told = {"message_id": asked.key, "topic_id": asked.topic.id, "written_id": asked.message_id}
    await session.execute(insert(GroupWord).values(**told).on_conflict_do_nothing())


ACTS: dict[str, Callable[[AsyncSession, Bell, Asked], Awaitable[str]]] = {
    "claim": _claim,
    "release": _release,
    "reply": _reply,
    "note": _note,
    "resolve": _resolve,
    "case_snooze": _snooze,
    "case_transfer": _transfer,
}
