"""Checks that were run again: what one may run in a conversation, and what was found, kept beside what was there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from checks.sources import About
from desk.findings import read_finding
from desk.looking import View
from desk.rechecking import NothingToAsk, Rechecking, Result, Subject, runnable
from desk.rights import HANDLING
from desk.sessions import Person
from records import audit
from records.bell import DESK, Bell
from records.database import ReadSession
from records.models import Recheck, Staff, Turn

SAME, CHANGED, PARTLY = "dicek-sama", "dicek-berubah", "dicek-sebagian"
NAMED = ("platform", "course", "partner", "invoice")
LATEST_TURNS = 10


def checks_of(view: View) -> tuple[str, ...]:
    """Return the checks that can be run in this conversation, in the order of the bot's plan."""
    noted = [found.run for found in view.packet.every if found.run]
    return runnable(intents_of(view), noted, bound=_bound(view) is not None)


def intents_of(view: View) -> tuple[str, ...]:
    """Return what it is about: the case's meanings, else what the model read last."""
    if view.ticket:
        return tuple(dict.fromkeys((view.ticket.intent, *view.ticket.also)))
    return tuple(dict.fromkeys(it.intent for it in view.packet.thoughts if it.intent))[:2]


async def subject_of(session: ReadSession, view: View, now: datetime) -> Subject:
    """Return whose checks these are, with what was said and named."""
    said = [message.text for message in view.thread.messages if message.direction == "in"]
    named = await _named(session, view.conversation.id)
    ticket = view.ticket
    about = About(
        now=now,
        text=said[-1] if said else "",
        said="\n".join(dict.fromkeys([*(said[:1] if ticket is None else _opened(view)), *said[-1:]])),
        conversation_id=str(view.conversation.id),
        participant_id=_bound(view),
        platform=(ticket.platform if ticket else None) or named.get("platform"),
        course=(ticket.course if ticket else None) or named.get("course"),
        partner=named.get("partner"),
        invoice=named.get("invoice"),
    )
    phone_hash = view.identity.phone_hash if view.identity else None
    return Subject(
        view.conversation.id, ticket.id if ticket else None, view.object, about, intents_of(view), phone_hash
    )


def chosen(view: View, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return those of the wanted checks that may be run here, or all; raises NothingToAsk."""
    possible = checks_of(view)
    names = tuple(name for name in possible if not wanted or name in wanted)
    if not names:
        raise NothingToAsk
    return names


async def keep_results(
    session: AsyncSession,
    bell: Bell,
    subject: Subject,
    results: Sequence[Result],
    *,
    before: View,
    staff: Staff,
    at: datetime,
) -> str:
    """Write down what was found; returns whether anything changed, or could not be asked."""
    for result in results:
        session.add(
            Recheck(
                conversation_id=subject.conversation_id,
                ticket_id=subject.ticket_id,
                staff_id=staff.id,
                check_name=result.name,
                at=at,
                finding=result.finding,
                said=result.said,
            )
        )
    unasked = [result.name for result in results if result.could_not_ask]
    detail = {"checks": [result.name for result in results], "could_not_ask": unasked}
    await audit.record(session, at=at, actor=staff.username, action="recheck", object=subject.object, detail=detail)
    await bell.ring(session, DESK, str(subject.conversation_id))
    changed = any(_changed(result, before) for result in results)
    return CHANGED if changed else PARTLY if unasked else SAME


def _changed(result: Result, before: View) -> bool:
    """Say whether this differs from what the page showed; a check nobody had asked before is news too."""
    if result.could_not_ask:
        return False
    if result.finding is None:
        return any(it.run == result.name and not (it.again and it.again.state == "gone") for it in before.packet.every)
    found = read_finding(result.finding)
    shown = [it.now for it in before.packet.every if it.run == result.name or (not it.run and it.check == found.check)]
    return all(it.known != found.known for it in shown)


def _bound(view: View) -> str | None:
    return view.identity.participant_id if view.identity else None


def _opened(view: View) -> list[str]:
    return [thought.said for thought in view.packet.thoughts if thought.opened_ticket and thought.said]


async def _named(session: ReadSession, conversation_id: UUID) -> dict[str, str]:
    """Return what the person named last: platform, course, partner, invoice."""
    query = select(Turn.entities).where(Turn.conversation_id == conversation_id)
    latest = list(await session.scalars(query.order_by(Turn.created_at.desc()).limit(LATEST_TURNS)))
    named: dict[str, str] = {}
    for entities in latest:
        for it in entities:
            if it.get("entity") in NAMED and it.get("value"):
                named.setdefault(str(it["entity"]), str(it["value"]))
    return named


async def read_evidence(
    rechecking: Rechecking | None, session: ReadSession, view: View, person: Person, now: datetime
) -> dict[str, Any]:
    """Return what the evidence shows beside the findings: which checks can be run again, and who may."""
    possible = checks_of(view) if rechecking and person.role in HANDLING else ()
    shown = {found.run for found in view.packet.every}
    return {"runnable": possible, "not_yet": [name for name in possible if name not in shown]}
