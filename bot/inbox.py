"""The inbox: every event is one committed row before anybody is told that we have it.

A unique key on (channel, external id) makes a repeated delivery harmless. Events that arrive while a transaction is
under way share the next one: under load one commit acknowledges many, and a lone event waits for nobody.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import DeliveryStatus, InboundEvent, Kind
from bot.statuses import apply_status
from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation, Inbound
from records.sealed import Seal

BATCH = 100
KNOWN_CHATS = 50_000

STORE = insert(Inbound).on_conflict_do_nothing(index_elements=["channel", "external_id"])
WAKE = text(
    """
    INSERT INTO lanes (conversation_id, due_at) SELECT id, clock_timestamp() FROM unnest(CAST(:due AS uuid[])) AS id
    ON CONFLICT (conversation_id) DO UPDATE SET due_at = LEAST(lanes.due_at, EXCLUDED.due_at)
    """
)

type Arrival = InboundEvent | DeliveryStatus | Illegible


class Illegible:
    """A body nobody can read: kept as it came, for a person to look at."""

    def __init__(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        self.channel, self.external_id, self.raw, self.reason = channel, external_id, raw, reason


class Inbox:
    """Stores arrivals; `store` returns once they are committed, or raises what the database raised."""

    def __init__(self, database: Database, seal: Seal, clock: Clock, ring: asyncio.Event) -> None:
        self._database, self._seal, self._clock, self._ring = database, seal, clock, ring
        self._waiting: list[tuple[Sequence[Arrival], asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._known: dict[tuple[str, str], UUID] = {}

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        """Commit the arrivals (those seen before are skipped)."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrivals, stored))
        self._arrived.set()
        await stored

    async def run(self) -> None:
        """Write what waits, batch by batch, until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._write(batch)

    async def _write(self, batch: list[tuple[Sequence[Arrival], asyncio.Future[None]]]) -> None:
        try:
            await self._commit([arrival for arrivals, _ in batch for arrival in arrivals])
        except (DBAPIError, OSError, TimeoutError) as problem:
            if len(batch) > 1:
                # one event the database refuses must not take the others with it
                for one in batch:
                    await self._write([one])
                return
            self._known.clear()
            _settle(batch, problem)
            return
        except BaseException as problem:
            _settle(batch, problem if isinstance(problem, Exception) else RuntimeError("berhenti"))
            raise
        _settle(batch, None)
        self._ring.set()

    async def _commit(self, arrivals: list[Arrival]) -> None:
        met: dict[tuple[str, str], UUID] = {}
        async with self._database.write() as session:
            events = [arrival for arrival in arrivals if isinstance(arrival, InboundEvent)]
            if events:
                met = await self._store_events(session, events)
            for arrival in arrivals:
                if isinstance(arrival, DeliveryStatus):
                    await self._store_status(session, arrival)
                elif isinstance(arrival, Illegible):
                    await session.execute(STORE, [self._illegible(arrival)])
        self._remember(met)

    async def _store_events(self, session: AsyncSession, events: list[InboundEvent]) -> dict[tuple[str, str], UUID]:
        met = await self._meet_new(session, events)
        chats = self._known | met if met else self._known
        rows = [self._row(event, chats[(event.channel, event.chat)]) for event in events]
        stored = await session.execute(STORE.returning(Inbound.conversation_id), rows)
        due = sorted({conversation for (conversation,) in stored if conversation is not None})
        if due:
            await session.execute(WAKE, {"due": due})
        return met

    async def _meet_new(self, session: AsyncSession, events: list[InboundEvent]) -> dict[tuple[str, str], UUID]:
        strangers = {(e.channel, e.chat): e for e in events if (e.channel, e.chat) not in self._known}
        return {key: await _meet(session, strangers[key], self._clock) for key in sorted(strangers)}

    def _remember(self, met: dict[tuple[str, str], UUID]) -> None:
        if len(self._known) + len(met) > KNOWN_CHATS:
            self._known.clear()
        self._known.update(met)

    def _row(self, event: InboundEvent, conversation: UUID) -> dict[str, object]:
        return {
            "channel": event.channel,
            "external_id": event.external_id,
            "conversation_id": conversation,
            "kind": event.kind.value,
            "sealed_event": self._seal.close(event.raw),
            "order_key": event.order_key,
            "received_at": self._clock(),
            "status": "pending",
        }

    async def _store_status(self, session: AsyncSession, status: DeliveryStatus) -> None:
        row = {
            "channel": status.channel,
            "external_id": status.external_id,
            "kind": "status",
            "order_key": 0,
            "received_at": self._clock(),
            "status": "done",
        }
        if (await session.execute(STORE.returning(Inbound.id), [row])).first():
            await apply_status(session, status, self._clock())

    def _illegible(self, arrival: "Illegible") -> dict[str, object]:
        return {
            "channel": arrival.channel,
            "external_id": arrival.external_id,
            "kind": Kind.UNSUPPORTED.value,
            "sealed_event": self._seal.close(arrival.raw),
            "order_key": 0,
            "received_at": self._clock(),
            "status": "ignored",
            "error": arrival.reason[:500],
        }


async def _meet(session: AsyncSession, event: InboundEvent, clock: Clock) -> UUID:
    """Return the conversation of a chat, writing down the person and the chat when they are new."""
    person = insert(ChannelIdentity).values(
        channel=event.channel, external_id=event.person, display_name=event.display_name
    )
    identity = await session.scalar(
        person.on_conflict_do_update(
            index_elements=["channel", "external_id"], set_={"display_name": person.excluded.display_name}
        ).returning(ChannelIdentity.id)
    )
    chat = insert(Conversation).values(
        channel=event.channel,
        external_id=event.chat,
        address=event.address,
        identity_id=identity,
        opened_at=clock(),
    )
    conversation: UUID | None = await session.scalar(
        chat.on_conflict_do_update(
            index_elements=["channel", "external_id"], set_={"address": chat.excluded.address}
        ).returning(Conversation.id)
    )
    assert conversation is not None  # noqa: S101 (RETURNING of an upsert always has its row)
    return conversation


def _settle(batch: list[tuple[Sequence[Arrival], asyncio.Future[None]]], problem: Exception | None) -> None:
    for _, stored in batch:
        if stored.done():
            continue
        if problem is None:
            stored.set_result(None)
        else:
            stored.set_exception(problem)
