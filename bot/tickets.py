"""Opening a ticket, or joining the one that is open: one case at a time in a conversation.

Keyed by the turn, so a turn that is written twice opens nothing twice; the database holds the rest (one open ticket a
conversation).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.lanes import Job
from bot.media.arriving import join_case
from records.models import Ticket
from records.promises import promised_at

PRIORITIES = ("normal", "high", "urgent")


@dataclass(frozen=True)
class OpenedTicket:
    """The ticket a reply may name."""

    id: UUID
    number: str
    promised_at: datetime


async def open_ticket(session: AsyncSession, conversation: UUID) -> Ticket | None:
    """Return the conversation's open ticket, locked, or None."""
    found: Ticket | None = await session.scalar(
        select(Ticket)
        .where(Ticket.conversation_id == conversation, Ticket.status.in_(("open", "claimed")))
        .with_for_update()
    )
    return found


async def open_or_join(
    session: AsyncSession,
    job: Job,
    turn_id: UUID,
    proposal: dict[str, Any],
    findings: list[dict[str, Any]],
    now: datetime,
) -> OpenedTicket:
    """Write the proposed ticket, or add its evidence to the one that is open."""
    ticket = await open_ticket(session, job.conversation)
    if ticket is None:
        ticket = _new(job, turn_id, proposal, findings, now)
        session.add(ticket)
    else:
        _join(ticket, proposal, findings, now)
    await session.flush()
    await session.refresh(ticket, ["number"])
    await join_case(session, job.conversation, ticket.id, now)
    return OpenedTicket(ticket.id, ticket.number, ticket.promised_at)


def _new(job: Job, turn_id: UUID, proposal: dict[str, Any], findings: list[dict[str, Any]], now: datetime) -> Ticket:
    priority = proposal.get("priority", "normal")
    return Ticket(
        conversation_id=job.conversation,
        participant_id=job.participant_id,
        intent=proposal["intent"],
        also=list(proposal.get("also") or []),
        platform=proposal.get("platform"),
        course=proposal.get("course"),
        summary=proposal["summary"],
        reason=proposal["reason"],
        queue=proposal["queue"],
        priority=priority,
        evidence=findings,
        opened_by_turn=turn_id,
        opened_at=now,
        promised_at=promised_at(priority, now),
    )


def _join(ticket: Ticket, proposal: dict[str, Any], findings: list[dict[str, Any]], now: datetime) -> None:
    problems = [proposal["intent"], *(proposal.get("also") or [])]
    ticket.also = [*ticket.also, *(p for p in dict.fromkeys(problems) if p != ticket.intent and p not in ticket.also)]
    ticket.platform = ticket.platform or proposal.get("platform")
    ticket.course = ticket.course or proposal.get("course")
    ticket.evidence = [*ticket.evidence, *findings]
    ticket.version += 1
    priority = proposal.get("priority", "normal")
    if PRIORITIES.index(priority) > PRIORITIES.index(ticket.priority):
        ticket.priority = priority
        ticket.promised_at = min(ticket.promised_at, promised_at(priority, now))
