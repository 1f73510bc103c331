"""An outage of buying at Sisnaker, as the scenes of incidents have it, and what is done with it."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from httpx import Response
from sqlalchemy import select, text

from desk.incidents.opening import Opened, Opening, open_incident
from desk.incidents.scope import Scope
from records.bell import Bell
from records.database import Database
from records.models import Incident, IncidentEvent, IncidentPerson, Ticket
from tests.conftest import OPENING
from tests.desk.making import Scene, conversation, turn

BUYING = ("package_not_found", "payment_failed")
WORDS = "Pembelian di Sisnaker sedang terganggu. Kakak tidak perlu mengulang; kami kabari di sini."
CLOSING = "Pembelian di Sisnaker sudah kembali seperti biasa. Silakan coba lagi, Kak."
SISNAKER = Scope(
    components=("purchase", "catalogue"),
    intents=BUYING,
    platforms=("sisnaker",),
    since=OPENING - timedelta(hours=6),
)
FORM = {
    "title": "Tidak bisa beli di Sisnaker",
    "status": "confirmed",
    "severity": "major",
    "public_message": WORDS,
    "components": "purchase",
    "intents": "package_not_found",
    "platforms": "sisnaker",
    "since": "2020-08-24T04:00",
    "as_of": "2020-08-24T10:00",
    "source": "PMO",
}
"""What the form of a new incident is filled with."""


def shown(page: Response) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@dataclass
class Outage:
    """The desk of a scene, and its clock that can go on."""

    database: Database
    bell: Bell
    scene: Scene
    now: datetime = OPENING
    names: dict[UUID, str] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    async def opens(self, scope: Scope = SISNAKER, *, by: str = "lela", **other: Any) -> Opened:
        given: dict[str, Any] = {
            "title": "Tidak bisa beli di Sisnaker",
            "severity": "major",
            "status": "confirmed",
            "public_message": WORDS,
            "as_of": self.now,
            "owner_id": self.scene.staff["lela"].id,
        }
        opening = Opening(scope=scope, **{**given, **other})
        async with self.database.write() as session:
            return await open_incident(session, self.bell, opening, by=self.scene.staff[by], at=self.now)

    async def does(self, act: Any, incident_id: str, *args: Any, by: str = "lela", **given: Any) -> Any:
        async with self.database.write() as session:
            return await act(session, self.bell, incident_id, *args, by=self.scene.staff[by], at=self.now, **given)

    async def writes(
        self, who: str, intent: str, platform: str | None, *, channel: str = "telegram", bound: str | None = None,
        ago: timedelta = timedelta(minutes=30), **other: Any,
    ) -> UUID:  # fmt: skip
        """Somebody writes; who wrote before goes on in their chat."""
        async with self.database.write() as session:
            chat = self.scene.conversations.get(who)
            if chat is None:
                chat = await conversation(session, self.scene, who, who.title(), channel, self.now - ago, bound=bound)
            given = {"intent": intent, "confidence": 0.9, "platform": platform, **other}
            return await turn(session, chat, f"pesan {who}", self.now - ago, **given)

    async def inside(self, incident_id: str) -> set[str]:
        """Who belongs to it, by their names in the scene."""
        names = {chat.id: who for who, chat in self.scene.conversations.items()}
        async with self.database.read() as session:
            rows = select(IncidentPerson.conversation_id).where(
                IncidentPerson.incident_id == incident_id, IncidentPerson.taken_out_at.is_(None)
            )
            return {names[row] for row in await session.scalars(rows)}

    async def person(self, incident_id: str, who: str) -> IncidentPerson | None:
        async with self.database.read() as session:
            whose = {"incident_id": incident_id, "conversation_id": self.scene.conversations[who].id}
            return await session.get(IncidentPerson, whose)

    async def incident(self, incident_id: str) -> Incident:
        async with self.database.read() as session:
            return await session.get_one(Incident, incident_id)

    async def events(self, incident_id: str) -> list[IncidentEvent]:
        async with self.database.read() as session:
            rows = select(IncidentEvent).where(IncidentEvent.incident_id == incident_id).order_by(IncidentEvent.id)
            return list(await session.scalars(rows))

    async def linked(self) -> dict[str, str | None]:
        """Which case is of which incident."""
        async with self.database.read() as session:
            known = dict((await session.execute(select(Ticket.number, Ticket.incident_id))).all())
        return {who: known[case.number] for who, case in self.scene.tickets.items()}

    async def bought(self, participant: str, platform: str, at: datetime) -> None:
        """The register knows a purchase of theirs."""
        await self._registers(PURCHASE, who=participant, platform=platform, at=at)

    async def has_account(self, participant: str, partner: str) -> None:
        """The register knows where their incentive goes."""
        await self._registers(ACCOUNT, who=participant, partner=partner)

    async def _registers(self, statement: str, **given: Any) -> None:
        async with self.database.write() as session:
            # only this row of the register matters here, not all it hangs on
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            await session.execute(text(statement), {**given, "id": str(uuid4())})


PURCHASE = """
INSERT INTO programme.purchases (id, participant_id, course_code, platform_id, price, state, selected_at)
VALUES (:id, :who, 'K-1', :platform, 100000, 'failed', :at)
"""
ACCOUNT = """
INSERT INTO programme.payout_accounts (id, participant_id, partner_id, last4, nik_matches, kyc, status)
VALUES (:id, :who, :partner, '1234', true, 'premium', 'linked')
"""


def narrowed(**other: Any) -> Scope:
    return replace(SISNAKER, **other)
