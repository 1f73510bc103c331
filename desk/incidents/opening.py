"""Opening an incident, from a suspicion or by hand: the row, everyone it touches and their cases, all at once."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from checks.system_status import EVERYTHING
from desk.incidents.belonging import join
from desk.incidents.cases import link_cases
from desk.incidents.incident import IncidentChanged, not_ahead, plain_words, public_words, write_down
from desk.incidents.moving import CONFIRMED, SUSPECTED
from desk.incidents.scope import Scope
from desk.notices import INCIDENT, give_news
from desk.refusals import NotWellSaid
from desk.rights import ADMIN, AGENT, AUDITOR, LEAD, PMO
from records.bell import Bell
from records.clock import wib
from records.models import Incident, IncidentEvent, Staff, Suspicion

SEVERITIES = ("minor", "major", "critical")
SOURCE = "Meja bantuan Prakerja"
OPENING_LOCK = 7_240_827


@dataclass(frozen=True)
class Opening:
    """What is said of an incident that begins."""

    title: str
    scope: Scope
    severity: str
    status: str
    public_message: str
    as_of: datetime
    owner_id: UUID
    estimate: datetime | None = None
    source: str = SOURCE
    suspicion_id: UUID | None = None
    key: UUID | None = None
    """Of the form it was filled into."""


@dataclass(frozen=True)
class Opened:
    """What came of it."""

    incident: Incident
    people: int
    cases: int


async def open_incident(session: AsyncSession, bell: Bell, opening: Opening, *, by: Staff, at: datetime) -> Opened:
    """Open an incident under its form's key; pressed twice it is one.

    Raises NotWellSaid, or IncidentChanged where its suspicion was decided already.
    """
    await _alone(session)
    if opening.key and (opened := await _opened(session, opening.key)):
        return opened
    _check(opening, at)
    suspicion = await _undecided(session, opening.suspicion_id) if opening.suspicion_id else None
    await must_own(session, opening.owner_id)
    incident = Incident(
        id=await _free_name(session, at),
        title=plain_words(opening.title, 5, "Beri judul yang bisa dikenali, paling sedikit lima huruf."),
        **opening.scope.columns(),
        estimated_end_at=opening.estimate,
        status=opening.status,
        severity=opening.severity,
        public_message=public_words(opening.public_message),
        source=plain_words(opening.source, 3, "Tulis dari siapa kabarnya."),
        as_of=opening.as_of,
        owner_id=opening.owner_id,
        opened_by=by.id,
        opened_at=at,
        joined_until=at,
        version=0,
    )
    session.add(incident)
    await session.flush()
    people = await join(session, incident, now=at)
    cases = await link_cases(session, incident.id, incident.intents)
    if suspicion:
        suspicion.status, suspicion.incident_id = "incident", incident.id
        suspicion.decided_by, suspicion.decided_at = by.id, at
    detail = {
        **opening.scope.as_data(),
        **{"status": opening.status, "severity": opening.severity, "conversations": people, "cases": cases},
        **({"suspicion": str(opening.suspicion_id)} if opening.suspicion_id else {}),
        **({"estimate": opening.estimate.isoformat()} if opening.estimate else {}),
        **({"key": str(opening.key)} if opening.key else {}),
    }
    await write_down(session, bell, incident, "opened", by=by, at=at, aloud=True, detail=detail)
    roles = (LEAD, ADMIN, PMO, AGENT, AUDITOR)
    await give_news(session, bell, INCIDENT, f"/insiden/{incident.id}", roles=roles, said=incident.title, at=at)
    return Opened(incident, people, cases)


async def must_own(session: AsyncSession, staff_id: UUID) -> Staff:
    """Return who is to see to an incident; raises NotWellSaid unless they work here and change things."""
    owner = await session.get(Staff, staff_id)
    if owner is None or not owner.active or owner.role == AUDITOR:
        raise NotWellSaid("Pilih pemilik insiden dari daftar.")
    return owner


def check_scope(scope: Scope, at: datetime) -> None:
    """Raise NotWellSaid where a scope cannot stand so."""
    if not scope.components or set(scope.components) - set(EVERYTHING):
        raise NotWellSaid("Pilih paling sedikit satu bagian yang terganggu.")
    if not scope.intents:
        raise NotWellSaid("Pilih paling sedikit satu jenis keluhan: dari situ diketahui siapa yang terdampak.")
    if scope.since is None:
        raise NotWellSaid("Tulis sejak kapan gangguan terjadi.")
    not_ahead(scope.since, at, "Waktu mulai gangguan")


def check_estimate(estimate: datetime | None, at: datetime) -> None:
    """Raise NotWellSaid where an estimate has passed already."""
    if estimate is not None and estimate <= at:
        raise NotWellSaid("Perkiraan pulih sudah lewat. Tulis waktu yang masih akan datang, atau kosongkan.")


def _check(opening: Opening, at: datetime) -> None:
    check_scope(opening.scope, at)
    check_estimate(opening.estimate, at)
    not_ahead(opening.as_of, at, "Waktu kabar")
    if opening.severity not in SEVERITIES or opening.status not in (SUSPECTED, CONFIRMED):
        raise NotWellSaid("Pilih tingkat dan status dari daftar.")


async def _alone(session: AsyncSession) -> None:
    """Open incidents one after another: the free name of the day stays free until it is taken."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": OPENING_LOCK})


async def _opened(session: AsyncSession, key: UUID) -> Opened | None:
    """Return what this form opened already."""
    opened = IncidentEvent.kind == "opened", IncidentEvent.detail["key"].astext == str(key)
    row = (await session.execute(select(IncidentEvent, Incident).join(Incident).where(*opened))).first()
    if row is None:
        return None
    event, incident = row
    return Opened(incident, event.detail["conversations"], event.detail["cases"])


async def _free_name(session: AsyncSession, at: datetime) -> str:
    """Return the first name of the day that is free: INC-2020-08-24, INC-2020-08-24-2 …"""
    day = f"INC-{wib(at):%Y-%m-%d}"
    taken = set(await session.scalars(select(Incident.id).where(Incident.id.startswith(day))))
    return next(name for name in chain((day,), (f"{day}-{number}" for number in count(2))) if name not in taken)


async def _undecided(session: AsyncSession, suspicion_id: UUID) -> Suspicion:
    """Return the suspicion, nobody else deciding it until this transaction ends."""
    suspicion = await session.get(Suspicion, suspicion_id, with_for_update=True)
    if suspicion is None:
        raise NotWellSaid("Dugaan itu tidak ada. Buka insiden tanpa dugaan, atau pilih yang lain.")
    if suspicion.status == "incident":
        raise IncidentChanged
    return suspicion
