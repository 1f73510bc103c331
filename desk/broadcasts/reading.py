"""Broadcasts as the desk shows them: the list, one with its books, and what each will read before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from desk.broadcasts.counting import Books, Preview, Sample, read_books, read_preview
from desk.broadcasts.making import OVER, NoSuchBroadcast
from desk.broadcasts.sending import Means, about, means, what_to_say
from desk.broadcasts.words import RECOVERY, About, Of, by_template, reading
from desk.message_templates import Template, usable
from desk.office import Office
from records.channel_news import latest
from records.database import ReadSession
from records.models import Broadcast, Incident, Staff

NEWEST = 100
MOST_SAMPLES = 24
STANDING = {
    "draft": "Draf, menunggu persetujuan orang kedua",
    "discarded": "Dibuang, tidak pernah dikirim",
    "approved": "Disetujui, segera mulai",
    "running": "Sedang berjalan",
    "stopped": "Dihentikan",
    "done": "Selesai",
}
RESTS = "Menunggu: insidennya terbuka lagi, jadi kabar pulih tidak dikirim dulu. Berlanjut sendiri sesudah pulih"


@dataclass(frozen=True)
class Row:
    """A broadcast in the list."""

    it: Broadcast
    made_by: str
    books: Books


@dataclass(frozen=True)
class Words:
    """What so many people read, as they read it."""

    people: int
    channel: str
    intent: str | None
    template: str | None
    """By this template; none: free text."""
    waits: bool
    """Nothing goes out until they write: there is no template."""
    text: str


@dataclass(frozen=True)
class Shown:
    """One broadcast with everything its page shows."""

    it: Broadcast
    made_by: str
    changed_by: str | None
    approved_by: str | None
    stopped_by: str | None
    incident: Incident | None
    corrects: Broadcast | None
    books: Books
    preview: Preview | None
    """Only while there is something to send."""
    words: Sequence[Words]
    more_words: int
    way: Means
    lasts: timedelta
    """About how long sending takes at its pace."""

    @property
    def recovers(self) -> bool:
        """Say whether everybody's own check decides."""
        return self.it.kind == RECOVERY

    @property
    def rests(self) -> bool:
        """Say whether it waits for the outage that it tells of as over: that one is back."""
        back = self.incident is not None and self.incident.status not in OVER
        return self.recovers and back and self.it.status in ("approved", "running")

    @property
    def state(self) -> str:
        """Return how it stands, for staff."""
        return RESTS if self.rests else STANDING[self.it.status]


async def read_list(session: ReadSession, incident_id: str | None = None) -> list[Row]:
    """Return the newest broadcasts with their books; of one incident, those that were not thrown away."""
    asked = select(Broadcast, Staff.name).join(Staff, Staff.id == Broadcast.made_by)
    if incident_id is not None:
        asked = asked.where(Broadcast.incident_id == incident_id, Broadcast.status != "discarded")
    rows = await session.execute(asked.order_by(Broadcast.made_at.desc(), Broadcast.number.desc()).limit(NEWEST))
    return [Row(it, name, await read_books(session, it.id)) for it, name in rows.all()]


async def read_broadcast(session: ReadSession, office: Office, broadcast_id: UUID) -> Shown:
    """Return one broadcast; raises NoSuchBroadcast."""
    maker, changer, approver, stopper = aliased(Staff), aliased(Staff), aliased(Staff), aliased(Staff)
    row = (
        await session.execute(
            select(Broadcast, maker.name, changer.name, approver.name, stopper.name)
            .join(maker, maker.id == Broadcast.made_by)
            .outerjoin(changer, changer.id == Broadcast.changed_by)
            .outerjoin(approver, approver.id == Broadcast.approved_by)
            .outerjoin(stopper, stopper.id == Broadcast.stopped_by)
            .where(Broadcast.id == broadcast_id)
        )
    ).first()
    if row is None:
        raise NoSuchBroadcast
    it, made_by, changed_by, approved_by, stopped_by = row
    now = office.clock()
    left = it.status in ("draft", "approved", "running", "stopped")
    preview = await read_preview(session, it, now) if left else None
    templates = usable(office.whatsapp_templates, await latest(session), for_broadcasts=True)
    way = await means(session, it, templates, office.templates_a_day, now)
    samples = preview.samples if preview else []
    about_it = await about(session, it)
    return Shown(
        *(it, made_by, changed_by, approved_by, stopped_by),
        incident=await session.get(Incident, it.incident_id) if it.incident_id else None,
        corrects=await session.get(Broadcast, it.corrects_id) if it.corrects_id else None,
        books=await read_books(session, it.id),
        preview=preview,
        words=[_words(about_it, way, one) for one in samples[:MOST_SAMPLES]],
        more_words=max(0, len(samples) - MOST_SAMPLES),
        way=way,
        lasts=timedelta(minutes=(preview.written_to if preview else 0) / it.rate),
    )


async def templates_now(session: ReadSession, office: Office) -> list[Template]:
    """Return the templates of broadcasts that may be used now."""
    return usable(office.whatsapp_templates, await latest(session), for_broadcasts=True)


def _words(words: About, way: Means, one: Sample) -> Words:
    what = what_to_say(words.kind, one.state)
    of = Of(one.intent, one.told_at, one.checked_at, one.channel)
    if not one.closed:
        return Words(one.people, one.channel, one.intent, None, False, reading(words, what, of))
    filled = by_template(words, what, of)
    name = str(filled.payload["name"]) if way.template else None
    return Words(one.people, one.channel, one.intent, name, not way.template, filled.text)
