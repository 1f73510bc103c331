"""The tabs of the queue: which cases stand in which, and which of all cases somebody's queue is made of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, or_, true

from desk.access import visible
from desk.rights import AUDITING
from desk.sessions import Person
from records.models import Ticket

MINE, UNASSIGNED, ALL, INCIDENT, SNOOZED, RESOLVED = "saya", "belum-diambil", "semua", "insiden", "ditunda", "selesai"
TEAM = "tim-"
"""Begins the tab of a team; its id follows."""
TABS = {
    MINE: "Milik saya",
    UNASSIGNED: "Belum diambil",
    ALL: "Semua terbuka",
    INCIDENT: "Insiden",
    SNOOZED: "Ditunda",
    RESOLVED: "Selesai",
}
# written out and never given as a value: only then the planner knows that the small indexes hold all it looks for
UNRESOLVED: ColumnElement[bool] = literal_column("tickets.status <> 'resolved'").self_group()
DONE: ColumnElement[bool] = literal_column("tickets.status = 'resolved'").self_group()


def tabs_of(teams: dict[UUID, str]) -> dict[str, str]:
    """Return the tabs of somebody in these teams, by key, with their names in the order they stand."""
    of_teams = {TEAM + str(team): f"Tim {name}" for team, name in teams.items()}
    return {MINE: TABS[MINE], UNASSIGNED: TABS[UNASSIGNED], **of_teams, **TABS}


def in_queue(person: Person) -> ColumnElement[bool]:
    """Match the cases this person's queue is made of; an administrator's and an auditor's names them all."""
    return true() if person.role in AUDITING else visible(person)


def in_tab(tab: str, person: Person, now: datetime) -> ColumnElement[bool]:
    """Match what stands in the tab; the tabs of work leave out what is put off."""
    awake = or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= now)
    if tab.startswith(TEAM):
        return and_(UNRESOLVED, awake, Ticket.team_id == UUID(tab.removeprefix(TEAM)))
    return {
        MINE: and_(UNRESOLVED, awake, Ticket.status == "claimed", Ticket.staff_id == person.id),
        UNASSIGNED: and_(UNRESOLVED, awake, Ticket.status == "open"),
        INCIDENT: and_(UNRESOLVED, Ticket.incident_id.is_not(None)),
        SNOOZED: and_(UNRESOLVED, Ticket.snoozed_until > now),
        RESOLVED: DONE,
    }.get(tab, UNRESOLVED)
