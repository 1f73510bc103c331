"""By when a case is promised to be answered and meant to be closed: the one place that says so.

A promise counts working time, an urgent one too: at night and on holidays nobody is there to keep it. What is urgent is
answered first instead. A team with a night shift may let a kind of case count every hour. Promises are made when a
case begins and stay as they were made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.working_time import DEFAULT_HOURS, Calendar, Hours, WorkingTime

ANYTHING = ""
"""What a rule is about that counts for every case."""


@dataclass(frozen=True)
class Terms:
    """Within what time something is promised."""

    answer: timedelta
    resolve: timedelta
    all_hours: bool = False


DEFAULTS = {
    "urgent": Terms(timedelta(hours=4), timedelta(hours=24)),
    "high": Terms(timedelta(hours=12), timedelta(hours=48)),
    "normal": Terms(timedelta(hours=24), timedelta(hours=72)),
}
"""In working time, where nobody has set anything else: a normal day has twelve hours."""


@dataclass(frozen=True)
class Promised:
    """The two moments."""

    answer_by: datetime
    resolve_by: datetime


@dataclass(frozen=True)
class Rules:
    """All that a promise is reckoned from."""

    working: WorkingTime
    terms: dict[tuple[str, str], Terms]
    """By what it is about and by priority."""

    def terms_of(self, intent: str, queue: str, priority: str) -> Terms:
        """Return the terms that say most about a case: its intent's, else its queue's, else everybody's."""
        kinds = ((about, priority) for about in (intent, queue, ANYTHING))
        return next((self.terms[kind] for kind in kinds if kind in self.terms), DEFAULTS[priority])

    def promised(self, intent: str, queue: str, priority: str, now: datetime) -> Promised:
        """Return what is promised of a case that begins now."""
        terms = self.terms_of(intent, queue, priority)
        if terms.all_hours:
            return Promised(now + terms.answer, now + terms.resolve)
        return Promised(self.working.after(now, terms.answer), self.working.after(now, terms.resolve))


def promised_at(priority: str, now: datetime) -> datetime:
    """Return by when a case is answered where nothing but its priority is known."""
    return WorkingTime().after(now, DEFAULTS[priority].answer)


READ = text(
    """
    SELECT (SELECT to_jsonb(t) FROM (
              SELECT hours FROM teams
              WHERE CASE WHEN CAST(:team AS uuid) IS NULL THEN queues ? CAST(:queue AS text) OR is_default
                    ELSE id = CAST(:team AS uuid) END
              ORDER BY NOT queues ? CAST(:queue AS text), name LIMIT 1) AS t) AS team,
           (SELECT jsonb_agg(to_jsonb(p)) FROM promises p) AS promises,
           (SELECT jsonb_agg(to_jsonb(d)) FROM calendar_days d) AS days,
           (SELECT jsonb_agg(year) FROM calendar_years) AS years
    """
)


async def read_rules(session: AsyncSession, *, team: UUID | None = None, queue: str = "") -> Rules:
    """Return the rules of a team, or of the team that new cases of a queue go to."""
    row = (await session.execute(READ, {"team": team, "queue": queue})).one()
    return Rules(
        WorkingTime(hours_of((row.team or {}).get("hours")), _calendar(row.days, row.years)),
        {(it["about"], it["priority"]): _terms(it) for it in row.promises or ()},
    )


async def promise(
    session: AsyncSession, *, intent: str, queue: str, priority: str, team: UUID, now: datetime
) -> Promised:
    """Return what is promised of a case of this kind that begins now."""
    return (await read_rules(session, team=team, queue=queue)).promised(intent, queue, priority, now)


def hours_of(kept: dict[str, Any] | None) -> Hours:
    """Return a team's hours as they are kept, or those most have."""
    return {int(day): (opens, closes) for day, (opens, closes) in kept.items()} if kept else DEFAULT_HOURS


def _calendar(days: Iterable[dict[str, Any]] | None, years: Iterable[int] | None) -> Calendar:
    changed = {date.fromisoformat(it["day"]): it["name"] if it["off"] else None for it in days or ()}
    return Calendar(changed, frozenset(years or ()))


def _terms(row: dict[str, Any]) -> Terms:
    minutes = timedelta(minutes=row["answer_minutes"]), timedelta(minutes=row["resolve_minutes"])
    return Terms(*minutes, row["all_hours"])
