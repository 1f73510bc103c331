"""Which processes of the bot live: each says so every few seconds, and goodbye when it ends as it should.

The same word shows whether the records can be written to, which is what readiness asks.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

SAY = text(
    """
    INSERT INTO processes (name, part) VALUES (:name, :part)
    ON CONFLICT (name) DO UPDATE SET seen_at = clock_timestamp(), stopped_at = NULL
    """
)
ROOM = text(
    """
    INSERT INTO readings (name, at, taken_by, value)
    VALUES ('disk ' || CAST(:host AS text), clock_timestamp(), :by, jsonb_build_object('free', CAST(:free AS float8)))
    ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at, taken_by = EXCLUDED.taken_by, value = EXCLUDED.value
    """
)
GOODBYE = text("UPDATE processes SET stopped_at = clock_timestamp(), seen_at = clock_timestamp() WHERE name = :name")
FORGET = text(
    """
    WITH gone AS (DELETE FROM processes WHERE seen_at < clock_timestamp() - interval '1 day')
    DELETE FROM troubles WHERE minute < clock_timestamp() - interval '2 days'
    """
)


async def say_alive(session: AsyncSession, name: str, part: str) -> None:
    """Say that this process lives."""
    await session.execute(SAY, {"name": name, "part": part})


async def say_room(session: AsyncSession, name: str, free: float) -> None:
    """Say how many bytes are free on this machine's disk; of several processes there the last one counts."""
    await session.execute(ROOM, {"host": name.partition(":")[0], "by": name, "free": free})


async def say_goodbye(session: AsyncSession, name: str) -> None:
    """Say that this process ends."""
    await session.execute(GOODBYE, {"name": name})


async def forget_old(session: AsyncSession) -> None:
    """Let go of processes of yesterday and of old troubles."""
    await session.execute(FORGET)
