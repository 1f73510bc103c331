"""What the thread shows beside a note: whom it told, whether it was changed, and whether its reader may change it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from desk.acts.note_changes import CHANGEABLE, WITHDRAWN
from desk.looking import View
from desk.sessions import Person
from records.database import ReadSession
from records.models import Message, NoteVersion, Staff, StaffNotice


@dataclass
class Beside:
    """One note's side facts."""

    told: list[str] = field(default_factory=list)
    changed: bool = False
    changeable: bool = False


async def read_notes(session: ReadSession, view: View, person: Person, now: datetime) -> dict[str, Any]:
    """Return the facts beside every note of the thread, by message."""
    notes = [said for said in view.thread.messages if said.direction == "note" and said.author == "agent"]
    beside: dict[UUID, Beside] = defaultdict(Beside)
    if not notes:
        return {"beside": beside}
    ids = [note.id for note in notes]
    told = (
        select(Message.id, Staff.name)
        .join(StaffNotice, StaffNotice.message_id == Message.id)
        .join(Staff, Staff.id == StaffNotice.staff_id)
        .where(Message.id.in_(ids))
        .order_by(Staff.name)
    )
    for message_id, name in await session.execute(told):
        beside[message_id].told.append(name)
    for message_id in await session.scalars(select(NoteVersion.message_id).where(NoteVersion.message_id.in_(ids))):
        beside[message_id].changed = True
    for note in notes:
        own = note.staff_id == person.id and note.kind != WITHDRAWN
        beside[note.id].changeable = own and now - note.at <= CHANGEABLE
    return {"beside": beside}
