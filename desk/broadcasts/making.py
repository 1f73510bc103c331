"""Making a broadcast, changing it while nothing of it was sent, and throwing it away.

Every change raises the version and ends an approval, and whoever changed what is said or to whom does not approve it:
nobody sends what nobody else has seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.broadcasts import audience
from desk.broadcasts.words import ANNOUNCEMENT, CORRECTION, KINDS, RECOVERY, said_parts, templates_of, well_told, words
from desk.notices import BROADCAST, ask_of
from desk.refusals import ChangedMeanwhile, NotWellSaid, Refusal
from desk.rights import RIGHTS
from desk.sessions import Person
from records import audit
from records.bell import DESK, Bell
from records.models import Broadcast, BroadcastPerson, Incident, Outbound

LONGEST_TITLE = 120
SLOWEST = 10
EDITABLE = ("draft", "approved")
OVER = ("resolved", "monitoring")
"""When an incident may be told of as over."""


class NoSuchBroadcast(Refusal):
    """There is none."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Siaran ini tidak ada.")


@dataclass(frozen=True)
class Given:
    """A broadcast as it is filled in."""

    title: str
    texts: Mapping[str, Mapping[str, str]]
    rate: int
    template: bool = False
    held: str = "agent"
    chosen: audience.Chosen = field(default_factory=audience.Chosen)


async def make(
    session: AsyncSession,
    bell: Bell,
    *,
    key: UUID,
    kind: str,
    given: Given,
    person: Person,
    at: datetime,
    fastest: int,
    incident_id: str | None = None,
    corrects: UUID | None = None,
) -> UUID:
    """Make it under the form's key, with everybody it is meant for; pressed twice it is one. Raises NotWellSaid."""
    if kind not in KINDS:
        raise NotWellSaid("Jenis siaran ini tidak dikenal.")
    await _may_be_made(session, kind, incident_id, corrects)
    values = _values(kind, given, fastest) | {
        "id": key,
        "kind": kind,
        "incident_id": incident_id if kind == RECOVERY else None,
        "corrects_id": corrects if kind == CORRECTION else None,
        "made_by": person.id,
        "made_at": at,
        "audience_at": at,
    }
    made = await session.scalar(insert(Broadcast).values(values).on_conflict_do_nothing().returning(Broadcast.id))
    if made is None:
        if await session.get(Broadcast, key) is None:
            raise NotWellSaid("Untuk insiden ini sudah ada siaran pemulihan yang belum selesai.")
        return key
    broadcast = await session.get_one(Broadcast, key)
    people = await audience.make(session, broadcast, at)
    await write_down(session, bell, broadcast, "broadcast_made", person, at, people=people, kind=kind)
    await _ask(session, bell, broadcast, person, at)
    return key


async def change(
    session: AsyncSession, bell: Bell, broadcast_id: UUID, *, given: Given, person: Person, at: datetime, fastest: int
) -> None:
    """Change it; an approval ends. Raises NotWellSaid, NoSuchBroadcast or ChangedMeanwhile where it is sent already."""
    broadcast = await locked(session, broadcast_id)
    if broadcast.status not in EDITABLE:
        raise ChangedMeanwhile
    before, heard = (broadcast.audience, broadcast.template), _heard(broadcast)
    for name, value in _values(broadcast.kind, given, fastest).items():
        setattr(broadcast, name, value)
    if heard != _heard(broadcast):
        broadcast.changed_by = person.id
    voided = _unapproved(broadcast)
    await session.flush()
    detail: dict[str, Any] = {"approval_ended": voided}
    if before != (broadcast.audience, broadcast.template):
        broadcast.audience_at = at
        detail["people"] = await audience.make(session, broadcast, at)
    await write_down(session, bell, broadcast, "broadcast_changed", person, at, **detail)
    await _ask(session, bell, broadcast, person, at)


async def count_again(session: AsyncSession, bell: Bell, broadcast_id: UUID, *, person: Person, at: datetime) -> None:
    """Look anew whom it is meant for; an approval ends, for it was of others."""
    broadcast = await locked(session, broadcast_id)
    if broadcast.status not in EDITABLE:
        raise ChangedMeanwhile
    voided = _unapproved(broadcast)
    broadcast.audience_at = at
    await session.flush()
    people = await audience.make(session, broadcast, at)
    await write_down(session, bell, broadcast, "broadcast_counted", person, at, people=people, approval_ended=voided)
    await _ask(session, bell, broadcast, person, at)


async def discard(session: AsyncSession, bell: Bell, broadcast_id: UUID, *, person: Person, at: datetime) -> None:
    """Throw away what was never sent."""
    broadcast = await locked(session, broadcast_id)
    if broadcast.status not in EDITABLE:
        raise ChangedMeanwhile
    broadcast.status, broadcast.approved_by, broadcast.approved_at = "discarded", None, None
    broadcast.done_at = at
    await write_down(session, bell, broadcast, "broadcast_discarded", person, at)


async def locked(session: AsyncSession, broadcast_id: UUID) -> Broadcast:
    """Return the broadcast, nobody else changing it until this transaction ends; raises NoSuchBroadcast."""
    found = await session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchBroadcast
    return found


async def still_over(session: AsyncSession, broadcast: Broadcast) -> bool:
    """Say whether the outage that a recovery tells of is over, and keep it as it is until this transaction ends.

    What is monitored can come back; every other kind of broadcast tells of no end. The broadcast must be locked.
    """
    if broadcast.kind != RECOVERY:
        return True
    incident = await session.get(
        Incident, broadcast.incident_id, with_for_update={"read": True}, populate_existing=True
    )
    return incident is not None and incident.status in OVER


async def write_down(
    session: AsyncSession, bell: Bell, broadcast: Broadcast, action: str, by: Person, at: datetime, **detail: object
) -> None:
    """Write an act into the audit trail and ring for open pages."""
    await session.flush()
    what = {"version": broadcast.version, **detail}
    await audit.record(
        session, at=at, actor=by.username, action=action, object=f"broadcast:{broadcast.number}", detail=what
    )
    await bell.ring(session, DESK)


def first_texts(kind: str) -> dict[str, dict[str, str]]:
    """Return the reviewed words that a broadcast of this kind begins with."""
    return {what: {"": " ".join(str(words()["texts"][kind][what]).split())} for what in said_parts(kind)}


async def _may_be_made(session: AsyncSession, kind: str, incident_id: str | None, corrects: UUID | None) -> None:
    if kind == RECOVERY:
        incident = await session.get(Incident, incident_id) if incident_id else None
        if incident is None or incident.status not in OVER:
            raise NotWellSaid("Kabar pulih hanya untuk insiden yang dipantau atau sudah selesai.")
    if kind == CORRECTION:
        wrong = await session.get(Broadcast, corrects, with_for_update=True) if corrects else None
        if wrong is None or wrong.status not in ("stopped", "done"):
            raise NotWellSaid("Hentikan dulu siaran yang diralat; ralat dibuat untuk yang sudah menerimanya.")
        under_way = select(Outbound.id).join(BroadcastPerson, BroadcastPerson.message_id == Outbound.message_id)
        theirs = under_way.where(BroadcastPerson.broadcast_id == corrects, Outbound.status == "sending")
        if await session.scalar(theirs.limit(1)):
            raise NotWellSaid("Beberapa pesan sedang dalam perjalanan. Coba lagi beberapa detik lagi.")


def _values(kind: str, given: Given, fastest: int) -> dict[str, Any]:
    title = given.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise NotWellSaid(f"Tulis judul untuk petugas, paling panjang {LONGEST_TITLE} huruf.")
    if not SLOWEST <= given.rate <= fastest:
        raise NotWellSaid(f"Kecepatan antara {SLOWEST} dan {fastest} pesan per menit.")
    if given.held not in ("agent", "send"):
        raise NotWellSaid("Pilih apa yang terjadi pada tiket yang dipegang petugas.")
    if kind == ANNOUNCEMENT and given.chosen == audience.Chosen():
        raise NotWellSaid("Pilih penerimanya: sedikitnya rentang tanggal.")
    return {
        "title": title,
        "texts": well_told(kind, given.texts, template=given.template),
        "template": templates_of(kind)[0].name if given.template else None,
        "audience": given.chosen.as_data() if kind == ANNOUNCEMENT else {},
        "held": given.held,
        "rate": given.rate,
    }


async def _ask(session: AsyncSession, bell: Bell, broadcast: Broadcast, person: Person, at: datetime) -> None:
    """Tell everybody who may approve it that it waits for a second person; not who prepared it or saved it just now."""
    what: dict[str, Any] = {"said": f"{broadcast.number} {broadcast.title}: menunggu persetujuan orang kedua", "at": at}
    who: dict[str, Any] = {"roles": RIGHTS["broadcast_approve"], "but": {broadcast.prepared_by, person.id}}
    await ask_of(session, bell, BROADCAST, f"/siaran/{broadcast.id}", **who, **what)


def _heard(broadcast: Broadcast) -> tuple[object, ...]:
    """Return what is said and to whom: who changes that has prepared it, who changes its title or pace has not."""
    return broadcast.texts, broadcast.template, broadcast.audience, broadcast.held


def _unapproved(broadcast: Broadcast) -> bool:
    """Raise the version and take an approval back; returns whether there was one."""
    was = broadcast.status == "approved"
    broadcast.version += 1
    broadcast.status, broadcast.approved_by, broadcast.approved_at = "draft", None, None
    return was
