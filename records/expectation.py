"""What somebody who waits for a person may expect: their place, how long it usually takes, when people are there again.

Reckoned from the queue as it stands and from the answers of the last two weeks; where these are too few, nothing is
said of a pace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from records.clock import wib
from records.models import Ticket
from records.promises import read_rules
from records.working_time import WorkingTime

RECENT = timedelta(days=14)
MINUTE = timedelta(minutes=1)
"""The shortest span a pace is reckoned over: answers of this very moment are no pace."""
FEWEST = 10
"""With fewer answers than this nobody can say how long it usually takes."""
MOST_OF_THEM = 0.75
PACE = text(
    """
    SELECT p.priority, answered.opened_at, answered.first_reply_at
    FROM unnest(ARRAY['normal', 'high', 'urgent']) AS p (priority) CROSS JOIN LATERAL (
        SELECT opened_at, first_reply_at FROM tickets
        WHERE team_id = :team AND priority = p.priority AND first_reply_at > :since AND first_reply_at <= :now
        ORDER BY first_reply_at DESC LIMIT 50) AS answered
    """
)


@dataclass(frozen=True)
class Expectation:
    """What may be told to who waits."""

    promised_at: datetime
    place: int | None = None
    """Among the cases of the team that wait for a first answer; none once this one is answered."""
    likely: datetime | None = None
    """By when most would be answered at the recent pace and with this queue; none where that cannot be said."""
    opens: datetime | None = None
    """When people are there again; none while they are."""
    holiday: str | None = None
    """Why nobody is there today."""
    unsure: bool = False
    """A holiday that nobody has entered yet may lie before the promise."""

    @property
    def usually(self) -> datetime | None:
        """The same where it is within the promise; otherwise the promise is what may be told."""
        return self.likely if self.likely and self.likely < self.promised_at else None


async def expectation(session: AsyncSession, ticket: Ticket, now: datetime) -> Expectation:
    """Return what may be told of an open case now."""
    rules = await read_rules(session, team=ticket.team_id)
    working = rules.working
    place = await place_of(session, ticket) if ticket.first_reply_at is None else None
    opens = working.opening(now)
    # a promise of a team with a night shift ends before others begin
    closed = now < opens < ticket.promised_at
    return Expectation(
        promised_at=ticket.promised_at,
        place=place,
        likely=await _likely(session, ticket, working, place, now) if place else None,
        opens=opens if closed else None,
        holiday=working.calendar.name(wib(now).date()) if closed else None,
        unsure=working.unsure_until(ticket.promised_at, now),
    )


async def place_of(session: AsyncSession, ticket: Ticket) -> int:
    """Return how many of the team's cases are answered first, plus one: the promise that ends first comes first."""
    before = select(func.count(Ticket.id)).where(
        Ticket.team_id == ticket.team_id,
        Ticket.id != ticket.id,
        waiting_for_an_answer(),
        tuple_(Ticket.promised_at, Ticket.number) < (ticket.promised_at, ticket.number),
    )
    return int(await session.scalar(before) or 0) + 1


def waiting_for_an_answer() -> ColumnElement[bool]:
    """Match cases that no person has answered yet and that are not put off."""
    return and_(Ticket.status != "resolved", Ticket.first_reply_at.is_(None), Ticket.snoozed_until.is_(None))


async def _likely(
    session: AsyncSession, ticket: Ticket, working: WorkingTime, place: int, now: datetime
) -> datetime | None:
    since = now - RECENT
    rows = (await session.execute(PACE, {"team": ticket.team_id, "since": since, "now": now})).all()
    took = sorted(working.between(row.opened_at, row.first_reply_at) for row in rows if row.priority == ticket.priority)
    if len(took) < FEWEST:
        return None
    alike = took[int(len(took) * MOST_OF_THEM)]
    by_the_queue = timedelta(seconds=place / _answers_a_second(rows, working, now))
    return working.after(now, max(alike, by_the_queue))


def _answers_a_second(rows: Sequence[Row[Any]], working: WorkingTime, now: datetime) -> float:
    """Return the team's pace: the priorities' paces together, each over the time its own newest answers span.

    Rare urgent answers reach back two weeks where the newest of the many normal ones are of this morning.
    """
    pace = 0.0
    for priority in {row.priority for row in rows}:
        answered = [row.first_reply_at for row in rows if row.priority == priority]
        pace += len(answered) / max(working.between(min(answered), now), MINUTE).total_seconds()
    return pace
