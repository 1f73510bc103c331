"""A group that became a supergroup: its conversation goes on under the new id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.lanes import Job
from bot.marking import MOVE


@dataclass(frozen=True)
class ChatMoved:
    """The chat has another id now; where that one has a conversation already, nothing is left to do."""

    new_chat: str

    async def write(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Write it."""
        await session.execute(MOVE, {"chat": self.new_chat, "id": job.conversation})
