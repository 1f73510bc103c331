"""Doing acts in scenes: each in a transaction of its own, by one of the cast, on the case of a participant."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Conversation, HandOver, Message, Outbound, StaffNotice, Team, TeamMember, Ticket
from tests.desk.making import Scene


class Work:
    """The desk's acts with this scene's records."""

    def __init__(self, database: Database, bell: Bell, scene: Scene, clock: Clock) -> None:
        self.database, self.bell, self.scene, self.now = database, bell, scene, clock()

    async def do(self, act: Any, who: str, case: str, *, later: timedelta = timedelta(), **more: Any) -> Any:
        """Do an act on somebody's case."""
        async with self.database.write() as session:
            staff = self.scene.staff[who]
            return await act(session, self.bell, ticket_id=self.id(case), staff=staff, at=self.now + later, **more)

    def id(self, case: str) -> UUID:
        return self.scene.tickets[case].id

    def staff(self, who: str) -> UUID:
        return self.scene.staff[who].id

    async def ticket(self, case: str) -> Ticket:
        async with self.database.read() as session:
            return await session.get_one(Ticket, self.id(case))

    async def chat(self, case: str) -> Conversation:
        async with self.database.read() as session:
            return await session.get_one(Conversation, self.scene.conversations[case].id)

    async def says(self, case: str, direction: str) -> list[str]:
        """What stands in the thread, oldest first."""
        return await self._texts(Message.conversation_id == self.scene.conversations[case].id, direction)

    async def _texts(self, where: Any, direction: str) -> list[str]:
        async with self.database.read() as session:
            found = select(Message.text).where(where, Message.direction == direction).order_by(Message.position)
            return list(await session.scalars(found))

    async def sent(self, case: str) -> list[str]:
        """What is on its way to the participant from staff, oldest first."""
        async with self.database.read() as session:
            found = select(Outbound.payload).where(
                Outbound.conversation_id == self.scene.conversations[case].id, Outbound.author == "agent"
            )
            return [payload["text"] for payload in await session.scalars(found.order_by(Outbound.position))]

    async def acts(self, case: str) -> list[str]:
        """What the audit says was done with the case, oldest first."""
        number = self.scene.tickets[case].number
        async with self.database.read() as session:
            found = select(AuditEntry.action).where(AuditEntry.object == f"ticket:{number}").order_by(AuditEntry.id)
            return list(await session.scalars(found))

    async def reasons(self, case: str) -> list[str]:
        """Why the conversation changed hands, oldest first."""
        async with self.database.read() as session:
            chat = self.scene.conversations[case].id
            found = select(HandOver.reason).where(HandOver.conversation_id == chat).order_by(HandOver.version)
            return list(await session.scalars(found))

    async def told(self, who: str) -> list[tuple[str, str]]:
        """Somebody's notices: kind and reason."""
        async with self.database.read() as session:
            found = select(StaffNotice.kind, StaffNotice.said).where(StaffNotice.staff_id == self.staff(who))
            return [(kind, said) for kind, said in await session.execute(found.order_by(StaffNotice.at))]

    async def count(self, model: Any) -> int:
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(model)) or 0

    async def away(self, who: str, since: datetime | None) -> None:
        async with self.database.write() as session:
            (await session.merge(self.scene.staff[who])).away_since = since

    async def team(self, name: str, *members: str) -> UUID:
        """Make a team; its members leave the first one."""
        async with self.database.write() as session:
            made = Team(id=uuid4(), name=name)
            session.add(made)
            await session.flush()
            for who in members:
                place = await session.scalar(select(TeamMember).where(TeamMember.staff_id == self.staff(who)))
                if place:
                    await session.delete(place)
                session.add(TeamMember(team_id=made.id, staff_id=self.staff(who)))
            return made.id
