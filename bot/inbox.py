"""The inbox: every event is one committed row before anybody is told that we have it.

A unique key on (channel, external id) makes a repeated delivery harmless. Events that arrive while a transaction is
under way share the next one: under load one commit acknowledges many, and a lone event waits for nobody.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import flood
from bot.events import DeliveryStatus, GroupUpdate, InboundEvent, Kind, News
from bot.flood import Floodgate, Floods
from bot.inbox_statements import ERASED, MEET, OF_NOBODY, SEEN, STORE, STORE_EVENTS, STORE_GROUP
from bot.masking import mask
from bot.statuses import apply_statuses
from records.channel_news import Told, tell
from records.clock import Clock
from records.database import Database
from records.event_ids import stored_id
from records.failpoints import reach
from records.models import Inbound
from records.sealed import Seal

log = logging.getLogger("bot.inbox")

BATCH = 100
KNOWN_CHATS = 50_000
MOST_WAITING = 2_000
ORDER_STEPS = 1_000_000
"""Order keys are seconds in so many steps."""

type Arrival = InboundEvent | DeliveryStatus | GroupUpdate | News | Illegible


class Illegible:
    """A body nobody can read: kept as it came, for a person to look at."""

    def __init__(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        self.channel, self.external_id, self.raw, self.reason = channel, external_id, raw, reason


class InboxFull(OSError):
    """More waits to be written than can be written in time: the provider had better come again."""


class Inbox:
    """Stores arrivals; `store` returns once they are committed, or raises what the database raised."""

    def __init__(self, database: Database, seal: Seal, clock: Clock, ring: asyncio.Event) -> None:
        self._database, self._seal, self._clock, self._ring = database, seal, clock, ring
        self._waiting: list[tuple[Sequence[Arrival], asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._known: dict[tuple[str, str], UUID] = {}
        self._addresses: dict[tuple[str, str], str] = {}
        self._gate = Floodgate()
        self._floods = Floods(self._store_flood)

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        """Commit the arrivals (those seen before are skipped); raises InboxFull, or what the database raised."""
        if len(self._waiting) >= MOST_WAITING:
            raise InboxFull
        heard: list[Arrival] = []
        flooding: list[InboundEvent] = []
        for one in arrivals:
            if isinstance(one, InboundEvent) and not self._gate.lets_in(one):
                flooding.append(one)
            else:
                heard.append(one)
        if heard:
            await self._queued(heard)
        if flooding:
            await self._floods.store(flooding)

    async def _queued(self, arrivals: Sequence[Arrival]) -> None:
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrivals, stored))
        self._arrived.set()
        await stored

    async def run(self) -> None:
        """Write what waits, batch by batch, until cancelled."""
        async with asyncio.TaskGroup() as works:
            works.create_task(self._floods.run())
            works.create_task(self._write_batches())

    async def _write_batches(self) -> None:
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
            if _says_erased(problem):
                # the chat was erased since: whoever writes now begins anew
                await self._write(batch)
                return
            if _says_value(problem):
                await self._write_apart(*batch[0])
                return
            _settle(batch, problem)
            return
        except Exception as problem:
            # a defect of ours: it must neither end the bot, for the provider would send the same again, nor cost others
            log.exception("not stored together: %s", type(problem).__name__)
            for one in batch:
                await self._write_apart(*one)
            return
        except BaseException:
            _settle(batch, RuntimeError("berhenti"))
            raise
        _settle(batch, None)
        self._ring.set()

    async def _write_apart(self, arrivals: Sequence[Arrival], stored: asyncio.Future[None]) -> None:
        """Store each by itself; one that cannot be stored as what it is, is kept as it came."""
        problem: Exception | None = None
        try:
            for arrival in arrivals:
                await self._write_alone(arrival)
        except Exception as refused:
            problem = refused
        _settle([(arrivals, stored)], problem)
        self._ring.set()

    async def _write_alone(self, arrival: Arrival) -> None:
        try:
            await self._commit([arrival])
        except (OSError, TimeoutError):
            raise
        except Exception as problem:
            if isinstance(problem, DBAPIError) and not _says_value(problem):
                raise
            log.warning("kept as it came: %s", type(problem).__name__)
            reason = f"tidak bisa disimpan: {type(problem).__name__}"
            await self._commit([Illegible(arrival.channel, arrival.external_id, arrival.raw, reason)])

    async def _commit(self, arrivals: list[Arrival]) -> None:
        await reach("3 insert")
        events = [arrival for arrival in arrivals if isinstance(arrival, InboundEvent)]
        if events:
            await self._store_events(events)
        others = [arrival for arrival in arrivals if not isinstance(arrival, InboundEvent)]
        if others:
            async with self._database.write() as session:
                for arrival in others:
                    if isinstance(arrival, Illegible):
                        await session.execute(STORE, [self._illegible(arrival)])
                    elif isinstance(arrival, GroupUpdate):
                        await session.execute(STORE_GROUP, [self._of_the_group(arrival)])
                    elif isinstance(arrival, News):
                        await self._store_news(session, arrival)
                await self._store_statuses(session, [one for one in others if isinstance(one, DeliveryStatus)])
                await reach("4 commit")
        await reach("4b committed")

    async def _store_events(self, events: list[InboundEvent]) -> None:
        known = await self._conversations(events)
        heard = [event for event in events if (event.channel, event.chat) in known]
        await reach("4 commit")
        new = await self._database.at_once.rows(
            STORE_EVENTS,
            {
                "channels": [event.channel for event in heard],
                "external_ids": [stored_id(event.channel, event.external_id) for event in heard],
                "conversations": [known[event.channel, event.chat] for event in heard],
                "kinds": [event.kind.value for event in heard],
                "sealed": [self._seal.close(event.raw) for event in heard],
                "order_keys": [event.order_key or self._arrival_order() for event in heard],
                "now": self._clock(),
            },
        )
        repeated = Counter(event.channel for event in heard) - Counter({row["channel"]: row["count"] for row in new})
        for channel, count in repeated.items():
            self.heard_before(channel, count)

    def heard_before(self, channel: str, count: int) -> None:
        """Hear that so many events were here already; whoever counts them overrides this."""

    def _arrival_order(self) -> int:
        """Return the place of what has no time of its own (a press): behind all that was said before it came."""
        return int(self._clock().timestamp()) * ORDER_STEPS + ORDER_STEPS - 1

    async def _store_flood(self, events: list[InboundEvent]) -> None:
        try:
            await self._count_flood(events)
        except DBAPIError as problem:
            self._known.clear()
            if not _says_erased(problem):
                raise
            await self._count_flood(events)

    async def _count_flood(self, events: list[InboundEvent]) -> None:
        known = await self._conversations(events)
        events = [event for event in events if (event.channel, event.chat) in known]
        async with self._database.write() as session:
            kept = await flood.count(session, events, known, self._clock())
            rows = [self._ignored(event, known[event.channel, event.chat]) for event in kept]
            if rows:
                await session.execute(STORE, rows)

    def _ignored(self, event: InboundEvent, conversation: UUID) -> dict[str, object]:
        return {
            "channel": event.channel,
            "external_id": stored_id(event.channel, event.external_id),
            "conversation_id": conversation,
            "kind": event.kind.value,
            "sealed_event": self._seal.close(event.raw),
            "order_key": event.order_key,
            "received_at": self._clock(),
            "status": "ignored",
            "error": flood.REASON,
        }

    async def _conversations(self, events: list[InboundEvent]) -> dict[tuple[str, str], UUID]:
        """Return the conversation of every chat in the events, writing down the people and chats that are new."""
        strangers = [e for e in events if (e.channel, e.chat) not in self._known or self._has_moved(e)]
        if strangers:
            if len(self._known) + len(strangers) > KNOWN_CHATS:
                self._known = {key: self._known[key] for e in events if (key := (e.channel, e.chat)) in self._known}
                self._addresses = {}
            if new := await self._not_seen(strangers):
                # of several events of one chat the last that says where to answer
                latest = {(e.channel, e.chat): e for e in sorted(new, key=lambda e: bool(e.address))}
                self._known |= await self._meet(list(latest.values()))
                self._addresses |= {key: e.address for key, e in latest.items() if e.address}
        return self._known

    def _has_moved(self, event: InboundEvent) -> bool:
        """Whether the event tells another address than we know: a number may appear later, or change."""
        return bool(event.address) and self._addresses.get((event.channel, event.chat)) != event.address

    async def _not_seen(self, events: list[InboundEvent]) -> list[InboundEvent]:
        """Leave out those that are here already: a late copy must not bring back somebody who was erased."""
        keys = [(event.channel, stored_id(event.channel, event.external_id)) for event in events]
        given = {"channels": [channel for channel, _ in keys], "external_ids": [key for _, key in keys]}
        rows = await self._database.at_once.rows(SEEN, given)
        seen = {(row["channel"], row["external_id"]) for row in rows}
        return [event for event, key in zip(events, keys, strict=True) if key not in seen]

    async def _meet(self, events: list[InboundEvent]) -> dict[tuple[str, str], UUID]:
        given = {
            "channels": [event.channel for event in events],
            "persons": [event.person for event in events],
            "names": [mask(event.display_name).text if event.display_name else None for event in events],
            "chats": [event.chat for event in events],
            "addresses": [event.address for event in events],
            "now": self._clock(),
        }
        rows = await self._database.at_once.rows(MEET, given)
        return {(row["channel"], row["external_id"]): row["id"] for row in rows}

    async def _store_statuses(self, session: AsyncSession, statuses: list[DeliveryStatus]) -> None:
        """Keep those that are new, and what they say of our messages."""
        given = {stored_id(status.channel, status.external_id): status for status in statuses}
        if not given:
            return
        rows = [
            {
                "channel": status.channel,
                "external_id": external_id,
                "kind": "status",
                "order_key": 0,
                "received_at": self._clock(),
                "status": "done",
            }
            for external_id, status in sorted(given.items())
        ]
        new = (await session.scalars(STORE.returning(Inbound.external_id), rows)).all()
        if new:
            strangers = await apply_statuses(session, [given[external_id] for external_id in new], self._clock())
            if strangers:
                await session.execute(OF_NOBODY, {"external_ids": [new[place] for place in strangers]})

    async def _store_news(self, session: AsyncSession, news: News) -> None:
        """Keep what a provider tells of our own account, and whether it is trouble."""
        row = {
            "channel": news.channel,
            "external_id": stored_id(news.channel, news.external_id),
            "kind": "news",
            "sealed_event": self._kept(news.raw),
            "order_key": 0,
            "received_at": self._clock(),
            "status": "done",
        }
        new = (await session.execute(STORE.returning(Inbound.id), [row])).first()
        if new and news.words:
            said = (news.topic, news.subject, news.event, news.trouble, news.words, self._clock())
            await tell(session, Told(news.channel, *said))

    def _of_the_group(self, arrival: GroupUpdate) -> dict[str, object]:
        sealed = self._seal.close(arrival.raw)
        return {"id": arrival.update_id, "sealed_event": sealed, "received_at": self._clock()}

    def _kept(self, raw: bytes) -> bytes | None:
        """Return a body nobody reads as it is kept, or nothing where it holds a code or password."""
        return None if mask(raw.decode(errors="replace")).secret else self._seal.close(raw)

    def _illegible(self, arrival: "Illegible") -> dict[str, object]:
        return {
            "channel": arrival.channel,
            "external_id": stored_id(arrival.channel, arrival.external_id),
            "kind": Kind.UNSUPPORTED.value,
            "sealed_event": self._kept(arrival.raw),
            "order_key": 0,
            "received_at": self._clock(),
            "status": "ignored",
            "error": mask(arrival.reason[:500]).text,
        }


def _says_value(problem: Exception) -> bool:
    """Say whether the database refuses a value, and so would refuse it every time."""
    return isinstance(problem, DBAPIError) and isinstance(problem.orig, psycopg.DataError)


def _says_erased(problem: Exception) -> bool:
    return isinstance(problem, DBAPIError) and getattr(problem.orig, "sqlstate", None) == ERASED


def _settle(batch: list[tuple[Sequence[Arrival], asyncio.Future[None]]], problem: Exception | None) -> None:
    for _, stored in batch:
        if stored.done():
            continue
        if problem is None:
            stored.set_result(None)
        else:
            stored.set_exception(problem)
