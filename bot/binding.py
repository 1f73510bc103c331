"""Who somebody is: bound by what a channel proves, never by what they claim.

Telegram proves a number when a person shares their own contact; WhatsApp proves the number it delivers from. A number
that fits no participant, or more than one, binds nobody, and the words are the same as for a stranger's.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import ChannelIdentity
from registry.interface import CouldNotAsk, Known, Registry


class CouldNotMatch(Exception):
    """The registry could not be asked: try again later."""


async def participant_of(registry: Registry, phone: str) -> str | None:
    """Return the one participant registered with this number, or None; raises CouldNotMatch."""
    answer = await registry.participants_by_phone(phone)
    if isinstance(answer, CouldNotAsk):
        raise CouldNotMatch(answer.reason)
    if isinstance(answer, Known) and len(answer.value) == 1:
        return answer.value[0]
    return None


async def bind(session: AsyncSession, identity: UUID, participant_id: str, by: str, now: datetime) -> None:
    """Write down that this person on this channel is that participant."""
    await session.execute(
        update(ChannelIdentity)
        .where(ChannelIdentity.id == identity)
        .values(participant_id=participant_id, bound_by=by, bound_at=now)
    )
