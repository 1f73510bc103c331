"""Periksa ulang: the checks of the case run again over the desk's own sources, and what they say in a line each.

The sources are asked before anything is written, for they may take seconds.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.looking import View, read_view
from desk.office import Office
from desk.rechecking import NoSources, Result, Subject
from desk.rechecks import chosen, keep_results, subject_of
from desk.refusals import NeedsPermit, Refusal
from desk.rights import may
from desk.sessions import Person
from desk.staff_group import wording
from desk.staff_group.answering import case_of
from desk.staff_group.card import bare
from desk.staff_group.group import Group
from desk.staff_group.hearing import Pressed
from desk.staff_group.linking import staff_of
from desk.wording_checks import VERDICTS
from records.database import ReadSession
from records.models import LookPermit, Staff, TeamMember

LONGEST = 195


@dataclass(frozen=True)
class Findings:
    """What was found, or why nothing was asked."""

    view: View | None = None
    subject: Subject | None = None
    results: tuple[Result, ...] = ()
    refused: Refusal | None = None


async def recheck(office: Office, group: Group, heard: Pressed) -> Findings | None:
    """Run the checks of the case whose button was pressed; None where the button was another."""
    if heard.data != "periksa":
        return None
    try:
        return await _found(office, group, heard)
    except Refusal as refusal:
        return Findings(refused=refusal)


async def _found(office: Office, group: Group, heard: Pressed) -> Findings | None:
    at = office.clock()
    async with office.database.read() as session:
        staff = await staff_of(session, heard.by)
        found = await case_of(session, group.chat_id, thread_id=heard.thread_id, card_id=heard.message_id)
        if staff is None or found is None:
            return None
        if not may(staff.role, "recheck"):
            raise NeedsPermit(found[1].conversation_id)
        if office.rechecking is None:
            raise NoSources
        view = await read_view(session, found[1].conversation_id, await person_of(session, staff, at))
        subject = await subject_of(session, view, at)
    wanted = chosen(view, [])
    office.politeness.ask(staff.id, view.conversation.id)
    return Findings(view, subject, tuple(await office.rechecking.run(subject, wanted)))


async def keep_findings(session: AsyncSession, office: Office, found: Findings, staff: Staff) -> str:
    """Keep what was found and return it for who asked; raises Refusal where nothing was asked."""
    if found.refused or found.view is None or found.subject is None:
        raise found.refused or NoSources
    at, before = office.clock(), found.view
    await keep_results(session, office.bell, found.subject, list(found.results), before=before, staff=staff, at=at)
    lines = [
        f"{VERDICTS.get(str(one.finding.get('verdict')), '?')}: {bare(str(one.finding.get('summary', '')))}"
        for one in found.results
        if one.finding
    ]
    said = "\n".join(lines) or wording.RECHECKED.format(count=len(found.results))
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


async def person_of(session: ReadSession, staff: Staff, at: datetime) -> Person:
    """Return the member of staff as the desk's own rules want to see them."""
    teams = await session.scalars(select(TeamMember.team_id).where(TeamMember.staff_id == staff.id))
    permits = select(func.array_agg(LookPermit.conversation_id)).where(
        LookPermit.staff_id == staff.id, LookPermit.until > at
    )
    return Person(
        *(staff.id, staff.username, staff.name, staff.role, "", ""),
        teams=frozenset(teams),
        permits=frozenset(await session.scalar(permits) or ()),
    )
