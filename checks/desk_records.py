"""What actions read from the help desk's own records: incidents, how many report trouble, and the person's tickets."""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import distinct, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from checks.incidents import OpenIncident
from checks.tickets import TicketFact
from records.database import Database, ReadSession
from records.expectation import Expectation, expectation
from records.models import Incident, Ticket, Turn
from registry.interface import Absent, Answer, CouldNotAsk, Known

SOURCE = "catatan meja bantuan"
AN_HOUR = timedelta(hours=1)
TECHNICAL = ("system_outage", "package_not_found", "payment_failed", "purchase_otp", "login_otp", "login_failed")
NEWEST_TICKETS = 5
REMEMBERED = 1.0
"""Seconds of real time for which incidents are remembered."""


class Records:
    """Readers of the records; a database that is away is a source that could not be asked."""

    def __init__(self, database: Database, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._elapsed = elapsed
        self._remembered: tuple[float, tuple[OpenIncident, ...]] | None = None

    async def incidents(self, now: datetime) -> Answer[tuple[OpenIncident, ...]]:
        """Return every incident that had begun, newest first, resolved ones too.

        Every turn asks this and the answer hardly ever changes, so it is remembered for a second of real time.
        """
        began = time.perf_counter()
        moment = self._elapsed()
        incidents = self._remembered[1] if self._remembered and moment - self._remembered[0] < REMEMBERED else None
        if incidents is None:
            query = select(Incident).order_by(Incident.started_at.desc()).limit(500)
            try:
                async with self._database.read() as session:
                    incidents = tuple(incident_of(row) for row in await session.scalars(query))
            except (SQLAlchemyError, OSError) as error:
                return _away(error, began)
            self._remembered = (moment, incidents)
        return Known(tuple(it for it in incidents if it.started_at <= now), SOURCE, now, _took(began))

    async def reports(self, now: datetime) -> Answer[int]:
        """Return how many conversations told of the same technical trouble in the last hour (of the commonest one)."""
        told = func.count(distinct(Turn.conversation_id))
        recent = Turn.created_at > now - AN_HOUR, Turn.intent.in_(TECHNICAL)
        query = select(told).where(*recent).group_by(Turn.intent).order_by(told.desc()).limit(1)
        began = time.perf_counter()
        try:
            async with self._database.read() as session:
                count = await session.scalar(query)
        except (SQLAlchemyError, OSError) as error:
            return _away(error, began)
        return Known(count or 0, SOURCE, now, _took(began))

    async def tickets(
        self, conversation_id: str | None, participant_id: str | None, now: datetime
    ) -> Answer[tuple[TicketFact, ...]]:
        """Return the tickets of this conversation and of its bound participant, newest first; of nobody else."""
        began = time.perf_counter()
        conversation = Ticket.conversation_id == uuid.UUID(conversation_id) if conversation_id else None
        participant = Ticket.participant_id == participant_id if participant_id else None
        theirs = [clause for clause in (conversation, participant) if clause is not None]
        if not theirs:
            return Absent(SOURCE, now, 0.0)
        query = select(Ticket).where(or_(*theirs)).order_by(Ticket.opened_at.desc()).limit(NEWEST_TICKETS)
        try:
            async with self._database.read() as session:
                rows = (await session.scalars(query)).all()
                facts = [_ticket(row, await _expected(session, row, now)) for row in rows]
        except (SQLAlchemyError, OSError) as error:
            return _away(error, began)
        if not rows:
            return Absent(SOURCE, now, _took(began))
        return Known(tuple(facts), SOURCE, now, _took(began))


def incident_of(row: Incident) -> OpenIncident:
    """Return an incident of the records as the checks read it."""
    return OpenIncident(
        id=row.id,
        components=tuple(row.components),
        platforms=tuple(row.platforms),
        partners=tuple(row.partners),
        started_at=row.started_at,
        estimated_end_at=row.estimated_end_at,
        ended_at=row.ended_at,
        status=row.status,
        public_message=row.public_message,
        source=row.source,
        as_of=row.as_of,
    )


async def _expected(session: ReadSession, row: Ticket, now: datetime) -> Expectation | None:
    waits = row.status != "resolved" and row.first_reply_at is None
    return await expectation(session, row, now) if waits else None


def _ticket(row: Ticket, expected: Expectation | None) -> TicketFact:
    return TicketFact(
        number=row.number,
        intent=row.intent,
        queue=row.queue,
        status=row.status,
        opened_at=row.opened_at,
        promised_at=row.promised_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        answered_at=row.first_reply_at,
        expectation=expected,
    )


def _took(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


def _away(error: Exception, began: float) -> CouldNotAsk:
    return CouldNotAsk(SOURCE, type(error).__name__, _took(began))
