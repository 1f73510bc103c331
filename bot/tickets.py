"""Opening a ticket, or joining the one that is open: one case at a time in a conversation.

Keyed by the turn, so a turn that is written twice opens nothing twice; the database holds the rest (one open ticket a
conversation).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.lanes import Job
from bot.media.arriving import join_case
from records.models import Ticket
from records.promises import Rules, read_rules

PRIORITIES = ("normal", "high", "urgent")
MASTER = text(
    """
    SELECT master.id FROM (
        SELECT merged_into_id FROM tickets WHERE conversation_id = :conversation ORDER BY opened_at DESC LIMIT 1
    ) AS latest JOIN tickets AS master ON master.id = latest.merged_into_id WHERE master.status <> 'resolved'
    """
)


@dataclass(frozen=True)
class OpenedTicket:
    """The ticket a reply may name."""

    id: UUID
    number: str
    promised_at: datetime
    conversation: UUID
    """The ticket's own: another one where the case was merged into it."""


async def open_ticket(session: AsyncSession, conversation: UUID) -> Ticket | None:
    """Return the conversation's open ticket, locked, or the open one its latest case was merged into, or None."""
    found: Ticket | None = await session.scalar(
        select(Ticket)
        .where(Ticket.conversation_id == conversation, Ticket.status.in_(("open", "claimed")))
        .with_for_update()
    )
    if found is None and (master := await session.scalar(MASTER, {"conversation": conversation})):
        found = await session.get(Ticket, master, with_for_update=True, populate_existing=True)
    return found


def opened(ticket: Ticket) -> OpenedTicket:
    """Return what a reply may name of the ticket."""
    return OpenedTicket(ticket.id, ticket.number, ticket.promised_at, ticket.conversation_id)


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
        ticket = _new(job, turn_id, proposal, findings, now, await read_rules(session, queue=proposal["queue"]))
        session.add(ticket)
    else:
        _join(ticket, proposal, findings)
        if more_urgent(ticket, proposal):
            raised(ticket, proposal["priority"], await read_rules(session, team=ticket.team_id), now)
    await session.flush()
    await session.refresh(ticket, ["number"])
    await join_case(session, job.conversation, ticket.id, now)
    return opened(ticket)


def _new(
    job: Job, turn_id: UUID, proposal: dict[str, Any], findings: list[dict[str, Any]], now: datetime, rules: Rules
) -> Ticket:
    priority = proposal.get("priority", "normal")
    promised = rules.promised(proposal["intent"], proposal["queue"], priority, now)
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
        wave=proposal.get("wave"),
        opened_by_turn=turn_id,
        opened_at=now,
        promised_at=promised.answer_by,
        resolve_by=promised.resolve_by,
    )


def _join(ticket: Ticket, proposal: dict[str, Any], findings: list[dict[str, Any]]) -> None:
    problems = [proposal["intent"], *(proposal.get("also") or [])]
    ticket.also = [*ticket.also, *(p for p in dict.fromkeys(problems) if p != ticket.intent and p not in ticket.also)]
    ticket.platform = ticket.platform or proposal.get("platform")
    ticket.course = ticket.course or proposal.get("course")
    ticket.wave = proposal.get("wave") if ticket.wave is None else ticket.wave
    ticket.evidence = [*ticket.evidence, *findings]
    ticket.version += 1


def more_urgent(ticket: Ticket, proposal: dict[str, Any]) -> bool:
    """Whether what was told now makes the case more urgent than it was."""
    return PRIORITIES.index(proposal.get("priority", "normal")) > PRIORITIES.index(ticket.priority)


def raised(ticket: Ticket, priority: str, rules: Rules, now: datetime) -> None:
    """Raise the priority; a promise is only ever moved nearer, and a new one may be warned of anew."""
    ticket.priority = priority
    promised = rules.promised(ticket.intent, ticket.queue, priority, now)
    if promised.answer_by < ticket.promised_at:
        ticket.promised_at, ticket.warned_at = promised.answer_by, None
    ticket.resolve_by = min(ticket.resolve_by or promised.resolve_by, promised.resolve_by)
