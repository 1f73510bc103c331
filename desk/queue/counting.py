"""How many cases are resolved: kept by the database as they close, so that the number of a million costs what it says.

Only where words are searched rows are counted, and no further than `MOST_CALLED`: nobody reads a thousand of them.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from desk.access import IN_TEAMS
from desk.queue.filter import Filter
from desk.queue.tabs import DONE
from desk.rights import AUDITING
from desk.sessions import Person
from records.models import ResolvedCount, Ticket

MOST_CALLED = 1000


def resolved(person: Person, filter: Filter, holds: ColumnElement[bool]) -> Any:
    """Return how many resolved cases this person's queue holds, as a value of a query."""
    if filter.words:
        few = select(Ticket.id).where(holds).correlate(None).limit(MOST_CALLED + 1).subquery()
        return select(func.count()).select_from(few).scalar_subquery()
    if person.role in AUDITING:
        return _sum(filter, true()).scalar_subquery()
    teams = person.teams if person.role in IN_TEAMS else frozenset()
    of_teams = _sum(filter, ResolvedCount.team_id.in_(teams)).scalar_subquery()
    if not person.permits:
        return of_teams
    # a permit opens one conversation: what is resolved there is counted as it is
    others = and_(DONE, Ticket.conversation_id.in_(person.permits), Ticket.team_id.not_in(teams), holds)
    return of_teams + select(func.count(Ticket.id)).where(others).correlate(None).scalar_subquery()


def _sum(filter: Filter, theirs: ColumnElement[bool]) -> Select[Any]:
    total = func.coalesce(func.sum(ResolvedCount.number), 0)
    return select(total).where(theirs, filter.counted()).correlate(None)
