"""Somebody at the queue, as a question is asked: who they are, their teams, and what their queue shows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from desk.queue import reading
from desk.queue.filter import Filter
from desk.queue.lines import Line
from desk.queue.reading import Question
from desk.queue.tabs import tabs_of
from desk.sessions import Person
from records.database import Database
from records.models import Staff, TeamMember


async def person_of(database: Database, staff: Staff) -> Person:
    """Return the person this member of staff is when signed in."""
    async with database.read() as session:
        teams = await session.scalars(select(TeamMember.team_id).where(TeamMember.staff_id == staff.id))
        return Person(staff.id, staff.username, staff.name, staff.role, "", "", teams=frozenset(teams))


async def asked(
    database: Database, person: Person, now: datetime, tab: str = "semua", filter: Filter | None = None, order: str = ""
) -> list[Line]:
    """Return every line of a tab, a page at a time."""
    found: list[Line] = []
    async with database.read() as session:
        question = await reading.named(session, Question(person, now, tab, filter or Filter(), order))
        while True:
            after = question.order.place(found[-1]) if found else ""
            page = await reading.lines(session, question, after=after)
            found += page
            if len(page) < reading.PAGE:
                return found


async def counted(database: Database, person: Person, now: datetime, filter: Filter | None = None) -> dict[str, int]:
    """Return what each tab of this person holds."""
    tabs = list(tabs_of(dict.fromkeys(person.teams, "")))
    async with database.read() as session:
        question = await reading.named(session, Question(person, now, tabs[0], filter or Filter()))
        return await reading.counts(session, question, tabs)


def team_tab(team: UUID) -> str:
    """Return the key of a team's tab."""
    return f"tim-{team}"
