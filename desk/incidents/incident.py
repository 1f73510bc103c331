"""One incident, locked so that an act sees what it changes, and how every act is written down.

What staff write goes masked into the timeline and the audit keeps only that it was done; public words that hold
anything personal are refused, for strangers read them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import NotWellSaid, Refusal
from records import audit
from records.bell import DESK, Bell
from records.masking import mask
from records.models import Incident, IncidentEvent, Staff

SYSTEM = "system"
LONGEST = 2_000
BESIDE = frozenset({"noted", "person_in", "person_out", "person_back", "follow_up", "follow_up_done", "follow_up_open"})
"""Changes nothing that a form on the page shows: what a colleague is writing there stays good."""


class NoSuchIncident(Refusal):
    """There is no incident of this name."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Insiden ini tidak ada.")


class IncidentChanged(Refusal):
    """Somebody changed it in between."""

    def __init__(self) -> None:
        super().__init__("Insiden ini baru saja diubah orang lain. Lihat keadaan terbarunya, lalu coba lagi.")


async def locked(session: AsyncSession, incident_id: str, version: int | None = None) -> Incident:
    """Return the incident, nobody else changing it until this transaction ends.

    Raises NoSuchIncident, or IncidentChanged where it is no longer the version its page showed.
    """
    incident = await session.get(Incident, incident_id, with_for_update={"key_share": True}, populate_existing=True)
    if incident is None:
        raise NoSuchIncident
    if version is not None and incident.version != version:
        raise IncidentChanged
    return incident


async def write_down(
    session: AsyncSession,
    bell: Bell,
    incident: Incident,
    kind: str,
    *,
    by: Staff | None,
    at: datetime,
    said: str | None = None,
    aloud: bool = False,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add to the timeline and to the audit, raise the version, ring for every open page.

    With `aloud` the timeline keeps the public words as they are now.
    """
    event = IncidentEvent(
        incident_id=incident.id,
        at=at,
        by_id=by.id if by else None,
        kind=kind,
        said=incident.public_message if aloud else said,
        as_of=incident.as_of if aloud else None,
        detail=detail or {},
    )
    session.add(event)
    if kind not in BESIDE:
        incident.version += 1
    await session.flush()
    actor = by.username if by else SYSTEM
    about = f"incident:{incident.id}"
    await audit.record(session, at=at, actor=actor, action=f"incident_{kind}", object=about, detail=detail or {})
    await bell.ring(session, DESK)


def reason(said: str) -> str:
    """Return why something is done, masked; raises NotWellSaid where there is nothing to read."""
    words = " ".join(said.split())
    if len(words) < 5:
        raise NotWellSaid("Tulis alasannya, paling sedikit beberapa kata.")
    if len(words) > LONGEST:
        raise NotWellSaid("Alasannya terlalu panjang.")
    return mask(words).text


def public_words(said: str) -> str:
    """Return words as everybody will read them; raises NotWellSaid where they cannot be shown so."""
    words = said.strip().replace("\r\n", "\n")
    if len(words) < 10:
        raise NotWellSaid("Tulis kata-kata untuk umum: apa yang terjadi dan apa yang bisa dilakukan peserta.")
    if len(words) > LONGEST:
        raise NotWellSaid(f"Kata-kata untuk umum paling panjang {LONGEST} huruf.")
    if mask(words).text != words:
        raise NotWellSaid("Kata-kata untuk umum memuat data pribadi atau nomor. Hapus dulu, semua orang membacanya.")
    return words


def plain_words(said: str, least: int, problem: str) -> str:
    """Return words for staff, masked; raises NotWellSaid with this problem where there are too few."""
    words = said.strip().replace("\r\n", "\n")
    if len(words) < least or len(words) > LONGEST:
        raise NotWellSaid(problem)
    return mask(words).text


def not_ahead(moment: datetime, now: datetime, what: str) -> datetime:
    """Return a moment that has been; raises NotWellSaid where it lies ahead."""
    if moment > now:
        raise NotWellSaid(f"{what} tidak bisa di masa depan.")
    return moment


def staff_id_of(said: str) -> UUID:
    """Return whose id a form brought; raises NotWellSaid."""
    try:
        return UUID(said)
    except ValueError:
        raise NotWellSaid("Pilih orangnya dari daftar.") from None
