"""Changing whom an incident touches: who would leave and come is shown before, and widening brings back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from desk.incidents.belonging import join, leave
from desk.incidents.cases import cut_off, link_cases
from desk.incidents.incident import locked, reason, write_down
from desk.incidents.opening import check_scope
from desk.incidents.scope import Scope
from records.bell import Bell
from records.models import Incident, Staff


@dataclass(frozen=True)
class Rescoped:
    """What came of it."""

    left: int
    joined: int
    cases: int
    """Cases that were cut off."""


async def rescope(
    session: AsyncSession,
    bell: Bell,
    incident_id: str,
    scope: Scope,
    *,
    why: str,
    version: int | None,
    by: Staff,
    at: datetime,
) -> Rescoped:
    """Give the incident another scope; raises NoSuchIncident, IncidentChanged or NotWellSaid."""
    incident = await locked(session, incident_id, version)
    check_scope(scope, at)
    words, before = reason(why), Scope.of(incident)
    for name, value in scope.columns().items():
        setattr(incident, name, value)
    await session.flush()
    left = await leave(session, incident, by=by.id, why=words, now=at)
    cut = await cut_off(session, incident.id) if left else 0
    joined = await join(session, incident, now=at)
    await link_cases(session, incident.id, incident.intents)
    detail = {**_changes(before, incident), "left": left, "joined": joined, "cases": cut}
    await write_down(session, bell, incident, "rescoped", by=by, at=at, said=words, detail=detail)
    return Rescoped(left, joined, cut)


def _changes(before: Scope, incident: Incident) -> dict[str, object]:
    old, new = before.as_data(), Scope.of(incident).as_data()
    return {
        name: [_told(old.get(name)), _told(new.get(name))] for name in {**old, **new} if old.get(name) != new.get(name)
    }


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
