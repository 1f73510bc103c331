"""All that the rules look at, read in one go: figures, troubles, readings, dead processes, and the day."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.watch.figures import Figures, figures
from records.channel_news import Told
from records.channel_news import troubles as account_troubles
from records.database import ReadSession

TROUBLES = text(
    """
    SELECT name, scope, extract(epoch FROM clock_timestamp() - max(last_at)) AS ago,
           COALESCE(sum(count) FILTER (WHERE minute > clock_timestamp() - interval '5 minutes'), 0) AS lately
    FROM troubles WHERE minute > clock_timestamp() - interval '1 day' GROUP BY name, scope
    """
)
READINGS = text("SELECT name, extract(epoch FROM clock_timestamp() - at) AS ago, value FROM readings")
DEAD = text(
    """
    SELECT name, part, extract(epoch FROM clock_timestamp() - seen_at) AS ago FROM processes
    WHERE stopped_at IS NULL AND seen_at < clock_timestamp() - CAST(:silent AS interval)
      AND seen_at > clock_timestamp() - CAST(:remembered AS interval)
    """
)
INFECTED = text(
    """
    SELECT count(*) FROM media
    WHERE status = 'refused' AND reason = 'infected' AND created_at > clock_timestamp() - interval '24 hours'
    """
)


SUSPICIONS = text(
    """
    SELECT concat_ws(' ', kind, intent, platform, channel, source) AS scope, began_at, observed, expected
    FROM suspicions WHERE status = 'open' AND over_at IS NULL ORDER BY 1
    """
)


@dataclass(frozen=True)
class Suspected:
    """What the desk suspects to be an outage."""

    scope: str
    began_at: datetime
    observed: float
    expected: float


@dataclass(frozen=True)
class Noticed:
    """One kind of trouble: how often within five minutes, and how long ago it was last."""

    lately: int
    seconds_ago: float


@dataclass(frozen=True)
class ReadingSeen:
    """What somebody outside said, and how long ago."""

    value: dict[str, Any]
    seconds_ago: float


@dataclass(frozen=True)
class DeadProcess:
    """A process that did not say goodbye."""

    name: str
    part: str
    silent_seconds: float


@dataclass(frozen=True)
class Seen:
    """What the rules look at."""

    figures: Figures
    today: date
    """By the house's clock."""
    troubles: dict[tuple[str, str], Noticed] = field(default_factory=dict)
    readings: dict[str, ReadingSeen] = field(default_factory=dict)
    dead: tuple[DeadProcess, ...] = ()
    infected: int = 0
    suspicions: tuple[Suspected, ...] = ()
    news: tuple[Told, ...] = ()
    """What a provider's latest word on our own account says is wrong."""


async def look(session: AsyncSession, *, today: date, silent: timedelta, remembered: timedelta) -> Seen:
    """Read everything."""
    noticed = (await session.execute(TROUBLES)).all()
    readings = (await session.execute(READINGS)).all()
    dead = (await session.execute(DEAD, {"silent": silent, "remembered": remembered})).all()
    return Seen(
        figures=await figures(ReadSession(session)),
        today=today,
        troubles={(name, scope): Noticed(int(lately), float(ago)) for name, scope, ago, lately in noticed},
        readings={name: ReadingSeen(value, float(ago)) for name, ago, value in readings},
        dead=tuple(DeadProcess(name, part, float(ago)) for name, part, ago in dead),
        infected=int(await session.scalar(INFECTED) or 0),
        suspicions=tuple(Suspected(*row) for row in await session.execute(SUSPICIONS)),
        news=tuple(await account_troubles(session)),
    )
