"""How often lookups may fail: five in an hour from one chat, ten about one number from anywhere. Then an hour's lock.

Counted in the database, so it holds over any number of processes, and by its real time. Subjects are keyed hashes. A
lock raises an alarm for staff; whoever is locked reads the same words as before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Alarm, LookupCount

log = structlog.get_logger("bot.identity")

PER_IDENTITY = 5
PER_TARGET = 10

COUNT = text(
    """
    INSERT INTO lookup_counts AS c (subject, failed_at, locked_until)
    VALUES (:subject, ARRAY[statement_timestamp()], NULL)
    ON CONFLICT (subject) DO UPDATE SET
        failed_at = (
            SELECT array_agg(at ORDER BY at) FROM (
                SELECT at FROM unnest(c.failed_at || statement_timestamp()) AS at
                WHERE at > statement_timestamp() - interval '1 hour' ORDER BY at DESC LIMIT 100
            ) AS within
        )
    RETURNING cardinality(failed_at) AS failures, locked_until > statement_timestamp() AS locked
    """
)
LOCK = text(
    "UPDATE lookup_counts SET locked_until = statement_timestamp() + interval '1 hour' WHERE subject = :subject"
)
FORGET = text(
    """
    DELETE FROM lookup_counts WHERE subject IN (
        SELECT subject FROM lookup_counts
        WHERE failed_at[cardinality(failed_at)] < statement_timestamp() - interval '1 day'
        LIMIT 100 FOR UPDATE SKIP LOCKED
    )
    """
)


@dataclass(frozen=True)
class Failure:
    """A lookup that found nothing for whoever asked."""

    kind: str
    """contact, nik, ticket, invoice, code or link."""
    channel: str
    identity: str
    """Subject of the chat it came from."""
    target: str | None = None
    """Subject of what was asked for."""
    once: str | None = None
    """Subject of this very try, where saying the same again is no new one."""


async def locked(session: AsyncSession, *subjects: str | None) -> bool:
    """Say whether one of these subjects is locked now."""
    found = await session.scalar(
        select(func.count()).where(
            LookupCount.subject.in_([subject for subject in subjects if subject]),
            LookupCount.locked_until > func.clock_timestamp(),
        )
    )
    return bool(found)


async def count(session: AsyncSession, failure: Failure, now: datetime) -> None:
    """Count a failure, lock whoever or whatever failed too often, and tell staff."""
    if failure.once and (await _add(session, failure.once))[0] > 1:
        return
    for subject, kind, limit in (
        (failure.identity, "identity", PER_IDENTITY),
        (failure.target, "target", PER_TARGET),
    ):
        if subject:
            await _count_one(session, failure, subject, kind, limit, now)
    await session.execute(FORGET)


async def _count_one(
    session: AsyncSession, failure: Failure, subject: str, subject_kind: str, limit: int, now: datetime
) -> None:
    failures, is_locked = await _add(session, subject)
    if failures < limit:
        return
    if is_locked:
        latest = select(func.max(Alarm.id)).where(Alarm.subject == subject).scalar_subquery()
        await session.execute(update(Alarm).where(Alarm.id == latest).values(count=failures))
        return
    await session.execute(LOCK, {"subject": subject})
    alarm = {
        "kind": failure.kind,
        "channel": failure.channel,
        "subject_kind": subject_kind,
        "subject": subject,
        "count": failures,
        "at": now,
        "scope": subject,
        # a lock ends by itself, and is known to from its beginning
        "closed_at": func.clock_timestamp() + timedelta(hours=1),
    }
    await session.execute(insert(Alarm).values(alarm))
    log.warning("lookups locked", kind=failure.kind, channel=failure.channel, subject_kind=subject_kind, count=failures)


async def _add(session: AsyncSession, subject: str) -> tuple[int, bool]:
    failures, is_locked = (await session.execute(COUNT, {"subject": subject})).one()
    return int(failures), bool(is_locked)
