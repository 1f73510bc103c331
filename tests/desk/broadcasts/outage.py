"""After an outage of buying: whom it hit, what the programme says of each now, and a broadcast on its way to them.

dewi  Telegram, bound: cannot find a course; her card is in order
agus  WhatsApp, bound: cannot pay; his card is in order, the window is open
rina  WhatsApp, bound: paid, and her code is still missing
eko   Telegram, a stranger
maya  Telegram and WhatsApp, bound in both: wrote on WhatsApp last
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text, update

from desk.broadcasts import making, running, steering
from desk.broadcasts.counting import Books, read_books
from desk.broadcasts.making import Given, first_texts
from desk.broadcasts.words import RECOVERY
from desk.office import Office
from desk.sessions import Person
from records.models import (
    Broadcast,
    BroadcastPerson,
    ChannelIdentity,
    Conversation,
    Incident,
    IncidentPerson,
    Message,
    Outbound,
    Ticket,
)
from registry.facts import Participant
from registry.interface import Answer, CouldNotAsk, Known
from tests.actions.programme import Programme, card, participant, purchase, wib
from tests.conftest import OPENING
from tests.desk.making import Scene, conversation, turn

BEGAN = OPENING - timedelta(hours=6)
ID = "INC-2020-08-24"
BOUND = ("dewi", "agus", "rina", "maya")


class Answering(Programme):
    """The programme; whose number it is, is theirs."""

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        if "phone" in self.away:
            return CouldNotAsk("t", "x", 1.0)
        return Known((phone_hash,), "tabel program", wib(2020, 8, 24), 1.0)


def after_the_outage() -> Answering:
    """Return what the programme says once it is over: only Rina's code is still missing."""
    code = purchase("paid_without_code", "Digital Marketing", "tokopedia", BEGAN, paid_at=BEGAN)
    people: dict[str, Participant] = {who: participant(who, who.title()) for who in BOUND}
    return Answering(people=people, cards={who: card() for who in BOUND}, bought={"rina": (code,)})


@dataclass
class Clock:
    """Domain time that stands still until it is told to go on."""

    now: datetime = OPENING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Real:
    """Real time, five seconds later each time it is looked at, so that a pace makes no test wait."""

    now: datetime = field(default_factory=lambda: OPENING)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=5)
        return self.now


@dataclass
class After:
    """The desk after the outage."""

    office: Office
    scene: Scene
    clock: Clock
    programme: Answering

    def person(self, who: str) -> Person:
        staff = self.scene.staff[who]
        return Person(staff.id, staff.username, staff.name, staff.role, "", "")

    async def hit(self, *who: str) -> None:
        """Have these people hit by the outage."""
        for one in who:
            await HIT[one](self)

    async def told(
        self, who: str, channel: str, intent: str, *, bound: str | None = None, ago: float = 120, **chat: Any
    ) -> Conversation:
        """Somebody told of the outage; they belong to the incident."""
        at = OPENING - timedelta(minutes=ago)
        async with self.office.database.write() as session:
            given = {"bound": bound, **chat}
            there = await conversation(session, self.scene, who, who.title(), channel, at, **given)
            said = await turn(
                session, there, "tidak bisa beli", at, intent=intent, confidence=0.9, platform="tokopedia"
            )
            session.add(
                IncidentPerson(
                    incident_id=ID,
                    conversation_id=there.id,
                    identity_id=there.identity_id,
                    participant_id=bound,
                    person_key=bound or str(there.identity_id),
                    turn_id=said,
                    intent=intent,
                    platform="tokopedia",
                    channel=channel,
                    first_at=at,
                    last_at=at,
                    joined_at=at,
                    how="scope",
                )
            )
        return there

    async def many(self, number: int, *, channel: str = "telegram") -> None:
        """So many strangers were hit."""
        async with self.office.database.write() as session:
            await session.execute(text(MANY), {"n": number, "channel": channel, "at": BEGAN, "incident": ID})

    async def made(self, kind: str = RECOVERY, *, by: str = "lela", **other: Any) -> UUID:
        """Somebody makes a broadcast."""
        key = uuid4()
        more: dict[str, Any] = {name: other.pop(name) for name in ("incident_id", "corrects") if name in other}
        given = Given(**{"title": "Kabar pulih", "texts": first_texts(kind), "rate": 1200, **other})
        what: dict[str, Any] = {"incident_id": ID if kind == RECOVERY else None}
        what.update(more)
        what |= {"key": key, "kind": kind, "given": given, "person": self.person(by), "at": self.clock()}
        async with self.office.database.write() as session:
            return await making.make(session, self.office.bell, **what, fastest=1200)

    async def changed(self, broadcast: UUID, *, by: str, kind: str = RECOVERY, **other: Any) -> None:
        """Somebody saves it again, with these differences from how it was made."""
        given = Given(**{"title": "Kabar pulih", "texts": first_texts(kind), "rate": 1200, **other})
        what: dict[str, Any] = {"given": given, "person": self.person(by), "at": self.clock(), "fastest": 1200}
        async with self.office.database.write() as session:
            await making.change(session, self.office.bell, broadcast, **what)

    async def approved(self, broadcast: UUID, *, by: str = "rudi") -> UUID:
        """Somebody else approves what stands there now."""
        async with self.office.database.write() as session:
            version = (await session.get_one(Broadcast, broadcast)).version
            what: dict[str, Any] = {"version": version, "person": self.person(by), "at": self.clock()}
            await steering.approve(session, self.office.bell, broadcast, **what)
        return broadcast

    async def stopped(self, broadcast: UUID) -> int:
        async with self.office.database.write() as session:
            what: dict[str, Any] = {"why": "salah kata", "person": self.person("lela"), "at": self.clock()}
            return await steering.stop(session, self.office.bell, broadcast, **what)

    async def goes(self, status: str) -> None:
        """The outage goes on to this state."""
        async with self.office.database.write() as session:
            await session.execute(update(Incident).values(status=status, ended_at=None))

    async def rounds(self, number: int = 3) -> None:
        for _ in range(number):
            await running.run(self.office)

    async def channel_says(self, status: str, *who: str) -> None:
        """What became of everybody's message that is under way, or of these people's."""
        chats = [self.scene.conversations[one].id for one in who]
        change = update(Outbound).where(Outbound.priority == 2, Outbound.status.in_(("due", "sending")))
        if chats:
            change = change.where(Outbound.conversation_id.in_(chats))
        async with self.office.database.write() as session:
            await session.execute(change.values(status=status, sent_at=self.clock()))

    async def books(self, broadcast: UUID) -> Books:
        async with self.office.database.read() as session:
            return await read_books(session, broadcast)

    async def broadcast(self, broadcast: UUID) -> Broadcast:
        async with self.office.database.read() as session:
            return await session.get_one(Broadcast, broadcast)

    async def states(self, broadcast: UUID) -> dict[str, str]:
        """Everybody's state, by who they are in the scene."""
        names = {chat.id: who for who, chat in self.scene.conversations.items()}
        async with self.office.database.read() as session:
            rows = await session.execute(
                select(BroadcastPerson.conversation_id, BroadcastPerson.state).where(
                    BroadcastPerson.broadcast_id == broadcast
                )
            )
            return {names.get(chat, str(chat)): state for chat, state in rows}

    async def heard(self) -> dict[str, list[str]]:
        """What of broadcasts is in everybody's chat to be read."""
        names = {chat.id: who for who, chat in self.scene.conversations.items()}
        async with self.office.database.read() as session:
            rows = await session.execute(
                select(Message.conversation_id, Message.text)
                .where(Message.kind == "broadcast", Message.direction == "out")
                .order_by(Message.position)
            )
            heard: dict[str, list[str]] = {}
            for chat, said in rows:
                heard.setdefault(names.get(chat, str(chat)), []).append(said)
            return heard

    async def case_of(self, who: str) -> Ticket | None:
        chat = self.scene.conversations[who].id
        async with self.office.database.read() as session:
            found: Ticket | None = await session.scalar(
                select(Ticket).where(Ticket.conversation_id == chat, Ticket.status != "resolved")
            )
            return found

    async def notes(self, who: str) -> list[str]:
        chat = self.scene.conversations[who].id
        async with self.office.database.read() as session:
            notes = select(Message.text).where(Message.conversation_id == chat, Message.direction == "note")
            return list(await session.scalars(notes.order_by(Message.position)))

    async def wants_none(self, who: str) -> None:
        """They said that they want no broadcasts."""
        mine = ChannelIdentity.id == self.scene.conversations[who].identity_id
        async with self.office.database.write() as session:
            await session.execute(update(ChannelIdentity).where(mine).values(broadcasts_declined_at=self.clock()))

    async def chat(self, who: str, **values: Any) -> None:
        """Something about their chat changes."""
        mine = Conversation.id == self.scene.conversations[who].id
        async with self.office.database.write() as session:
            await session.execute(update(Conversation).where(mine).values(**values))


MANY = """
WITH people AS (
    INSERT INTO identities (id, channel, external_id)
    SELECT gen_random_uuid(), :channel, 'banyak-' || n FROM generate_series(1, CAST(:n AS int)) n
    RETURNING id, external_id
), chats AS (
    INSERT INTO conversations (id, channel, external_id, identity_id, opened_at, last_inbound_at)
    SELECT gen_random_uuid(), :channel, external_id, id, :at, :at FROM people RETURNING id, identity_id
)
INSERT INTO incident_people (incident_id, conversation_id, identity_id, person_key, intent, platform, channel, first_at,
                             last_at, joined_at, how)
SELECT :incident, id, identity_id, identity_id::text, 'package_not_found', 'tokopedia', :channel, :at, :at, :at, 'scope'
FROM chats
"""


async def _dewi(after: After) -> None:
    await after.told("dewi", "telegram", "package_not_found", bound="dewi")


async def _agus(after: After) -> None:
    until = OPENING + timedelta(hours=20)
    await after.told("agus", "whatsapp", "payment_failed", bound="agus", window_until=until)


async def _rina(after: After) -> None:
    until = OPENING + timedelta(hours=20)
    await after.told("rina", "whatsapp", "paid_no_code", bound="rina", window_until=until)


async def _eko(after: After) -> None:
    await after.told("eko", "telegram", "package_not_found")


async def _maya(after: After) -> None:
    await after.told("maya di telegram", "telegram", "payment_failed", bound="maya", ago=200)
    until = OPENING + timedelta(hours=20)
    await after.told("maya", "whatsapp", "payment_failed", bound="maya", window_until=until, ago=100)


HIT = {"dewi": _dewi, "agus": _agus, "rina": _rina, "eko": _eko, "maya": _maya}


def incident(status: str = "resolved") -> Incident:
    """The outage of buying, over since a quarter of an hour."""
    return Incident(
        id=ID,
        title="Pembelian terganggu",
        components=["purchase", "catalogue"],
        started_at=BEGAN,
        ended_at=OPENING - timedelta(minutes=15) if status == "resolved" else None,
        status=status,
        public_message="Pembelian terganggu.",
        source="PMO",
        as_of=OPENING - timedelta(minutes=15),
    )
