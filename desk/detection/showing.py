"""Reading suspicions for their pages: those that wait, those that were, and one with all that shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from desk.access import openable
from desk.refusals import NoSuchCase
from desk.sessions import Person
from records.database import ReadSession
from records.models import Message, Staff, Suspicion, Turn

REMEMBERED = timedelta(days=90)
SHOWN = 100


@dataclass(frozen=True)
class Example:
    """One complaint of a suspicion; its words only for who may open its conversation."""

    conversation_id: UUID
    at: datetime
    channel: str
    said: str | None


@dataclass(frozen=True)
class Shown:
    """A suspicion, who decided about it, and examples."""

    it: Suspicion
    decided_by: str | None
    examples: tuple[Example, ...] = ()

    @property
    def counts(self) -> list[dict[str, Any]]:
        """The counts beside what is usual; none of failing checks and sends."""
        counts: list[dict[str, Any]] = self.it.evidence.get("counts", [])
        return counts


async def suspicions(session: ReadSession, now: datetime) -> tuple[list[Shown], list[Shown]]:
    """Return those that wait for a decision, and what was lately; the newest first."""
    rows = await session.execute(
        select(Suspicion, Staff.name)
        .outerjoin(Staff, Staff.id == Suspicion.decided_by)
        .where(Suspicion.found_at > now - REMEMBERED)
        .order_by(Suspicion.found_at.desc())
        .limit(SHOWN)
    )
    found = [Shown(it, name) for it, name in rows]
    return [it for it in found if it.it.status == "open"], [it for it in found if it.it.status != "open"]


async def one(session: ReadSession, suspicion_id: UUID, person: Person) -> Shown:
    """Return one with its examples; raises NoSuchCase."""
    asked = select(Suspicion, Staff.name).outerjoin(Staff, Staff.id == Suspicion.decided_by)
    row = (await session.execute(asked.where(Suspicion.id == suspicion_id))).first()
    if row is None:
        raise NoSuchCase
    it, name = row
    turns = [UUID(each) for each in it.evidence.get("examples", [])]
    said = (
        await session.execute(
            select(Turn.conversation_id, Turn.created_at, Turn.channel, Message.text)
            .outerjoin(Message, Message.inbox_id == Turn.inbox_id)
            .where(Turn.id.in_(turns))
            .order_by(Turn.created_at.desc())
        )
    ).all()
    may = await openable(session, person, [line.conversation_id for line in said])
    examples = tuple(
        Example(line.conversation_id, line.created_at, line.channel, line.text if line.conversation_id in may else None)
        for line in said
    )
    return Shown(it, name, examples)
