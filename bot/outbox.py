"""The outbox: claims due rows, keeps each channel's limits and each conversation's order, sends, records what became.

`sending` is committed before a byte goes out. A send without an answer is `unknown` and never blindly repeated. A bot's
row that is older than the conversation's owner version is withheld: the person who took over speaks now.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.limits import Limits
from bot.sending import (
    Ambiguous,
    Button,
    ChannelStopped,
    Moved,
    OutboundMessage,
    RetryLater,
    Sender,
    SendError,
    Unreachable,
)
from bot.statuses import RANKS
from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database
from records.failpoints import reach

log = logging.getLogger("bot.outbox")

BATCH = 60
IDLE_SECONDS = 0.5
HELD = timedelta(seconds=60)
TRIES = 12
LONGEST_PAUSE = 60.0
LINK_PLACE = "[TAUTAN]"

CLAIM = """
    WITH due AS (
        SELECT o.id FROM outbox o
        WHERE o.due_at <= clock_timestamp()
          AND (o.status = 'due' OR (o.status = 'sending' AND o.held_until < clock_timestamp()))
          AND NOT EXISTS (
            SELECT 1 FROM outbox p WHERE p.conversation_id = o.conversation_id AND p.position < o.position
              AND p.status IN ('due', 'sending'))
        ORDER BY o.priority, o.position LIMIT %(count)s FOR UPDATE OF o SKIP LOCKED
    ), claimed AS (
        UPDATE outbox SET
            status = CASE WHEN c.owner_version > outbox.owner_version AND outbox.author = 'bot' THEN 'withheld'
                          ELSE 'sending' END,
            attempts = attempts + 1, held_until = clock_timestamp() + %(held)s
        FROM due, conversations c
        WHERE outbox.id = due.id AND c.id = outbox.conversation_id
        RETURNING outbox.id, outbox.conversation_id, outbox.message_id, outbox.channel, outbox.payload,
                  outbox.attempts, outbox.status, outbox.position, c.external_id, c.address
    ), noted AS (
        UPDATE messages SET direction = 'note' FROM claimed
        WHERE messages.id = claimed.message_id AND claimed.status = 'withheld'
    )
    SELECT * FROM claimed ORDER BY position
"""
MARK = """
    UPDATE outbox SET
        status = CASE WHEN outbox.status = 'sending' OR array_position(%(ranks)s::text[], m.status)
                         > array_position(%(ranks)s::text[], outbox.status)
                      THEN m.status ELSE outbox.status END,
        provider_message_id = COALESCE(m.provider_message_id, outbox.provider_message_id),
        error = m.error, status_at = %(now)s, held_until = NULL,
        sent_at = CASE WHEN m.status = 'sent' THEN %(now)s ELSE outbox.sent_at END,
        due_at = clock_timestamp() + m.pause * interval '1 second'
    FROM jsonb_to_recordset(%(marks)s::jsonb)
        AS m(id uuid, status text, provider_message_id text, error text, pause double precision)
    WHERE outbox.id = m.id
    RETURNING EXISTS (SELECT 1 FROM outbox n WHERE n.conversation_id = outbox.conversation_id
                      AND n.position > outbox.position AND n.status = 'due') AS more
"""
"""Says also whether a later message of the conversation has waited for this one."""

GONE = text("UPDATE conversations SET unreachable = :reason WHERE id = :id")
MOVE = text("UPDATE conversations SET external_id = :chat WHERE id = :id")


@dataclass(frozen=True)
class Due:
    """A claimed row."""

    id: UUID
    conversation: UUID
    channel: str
    message: OutboundMessage
    attempts: int


@dataclass(frozen=True)
class Mark:
    """What became of a row."""

    id: UUID
    status: str
    provider_message_id: str | None = None
    error: str | None = None
    pause: float = 0.0


class Outbox:
    """Sends what is due, for every channel it has a sender for."""

    def __init__(
        self,
        database: Database,
        senders: dict[str, Sender],
        limits: dict[str, Limits],
        clock: Clock,
        bell: Bell,
        said: asyncio.Event,
        address_of: Callable[[str], str] | None = None,
    ) -> None:
        self._database, self._senders, self._limits = database, senders, limits
        self._address_of = address_of
        self._clock, self._bell, self._said = clock, bell, said
        self._sending: set[asyncio.Task[None]] = set()
        self._marks: list[tuple[Mark, UUID]] = []
        self._marked = asyncio.Event()

    async def run(self) -> None:
        """Send until cancelled; a database that is away is waited for."""
        try:
            async with asyncio.TaskGroup() as works:
                works.create_task(self._send_what_is_due())
                works.create_task(self._record_marks())
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def _send_what_is_due(self) -> None:
        """Claim what is due and send each row by itself: a slow recipient or channel holds up nobody else."""
        while True:
            # before looking: what is said while we look must not be missed
            self._said.clear()
            try:
                claimed = await self._claim(BATCH - len(self._sending))
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("database away: %s", type(problem).__name__)
                await asyncio.sleep(1)
                continue
            if not claimed:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._said.wait(), IDLE_SECONDS)

    async def _claim(self, room: int) -> bool:
        """Claim up to `room` rows and begin to send them; returns whether there may be more."""
        if room <= 0:
            return False
        rows = await self._database.at_once.rows(CLAIM, {"count": room, "held": HELD})
        await reach("10 claim send")
        for row in rows:
            if row["status"] == "sending":
                self.send_now(due_of(row))
        return len(rows) == room

    @property
    def full(self) -> bool:
        """Say whether as much is being sent as may be, so that others had better take what is due."""
        return len(self._sending) >= BATCH

    def ready_for(self, channel: str) -> bool:
        """Say whether a message of this channel could be sent right now."""
        return channel in self._senders and len(self._sending) < BATCH

    def send_now(self, due: Due) -> None:
        """Send a row that is marked as being sent."""
        task = asyncio.create_task(self._deliver(due))
        self._sending.add(task)
        task.add_done_callback(self._put_down)

    def _put_down(self, task: "asyncio.Task[None]") -> None:
        if len(self._sending) >= BATCH:
            # there was no room to claim more, now there is
            self._said.set()
        self._sending.discard(task)

    async def _deliver(self, due: Due) -> None:
        mark = await self._send(due)
        self._marks.append((mark, due.conversation))
        self._marked.set()

    async def _record_marks(self) -> None:
        """Write down what became of the rows, those that ended together in one statement."""
        while True:
            await self._marked.wait()
            self._marked.clear()
            while self._marks:
                marks, self._marks = self._marks, []
                await self._record([mark for mark, _ in marks], {mark.id: chat for mark, chat in marks})

    async def _send(self, due: Due) -> Mark:
        sender = self._senders.get(due.channel)
        if sender is None:
            return Mark(due.id, "due", error="kanal tidak aktif", pause=30)
        limits = self._limits.get(due.channel)
        if limits and (wait := limits.wait(due.message.chat)):
            return Mark(due.id, "due", pause=wait)
        try:
            await reach("11 send bytes")
            sent = await sender.send(self._with_address(due.message))
            await reach("12 get response")
            return Mark(due.id, "sent", provider_message_id=sent)
        except SendError as problem:
            return self._after(due, problem)
        except Exception as problem:
            # the request may have left: a defect of ours is no licence to send twice
            log.exception("send failed")
            return Mark(due.id, "unknown", error=type(problem).__name__)

    def _with_address(self, message: OutboundMessage) -> OutboundMessage:
        """A one-time link is written out only here: no table ever holds it."""
        if message.link is None or self._address_of is None:
            return message
        return replace(message, text=message.text.replace(LINK_PLACE, self._address_of(message.link)))

    def _after(self, due: Due, problem: SendError) -> Mark:
        said = str(problem)[:500]
        if isinstance(problem, RetryLater):
            if limits := self._limits.get(due.channel):
                limits.hold_back(due.message.chat, problem.seconds, whole_channel=problem.whole_channel)
            if due.attempts >= TRIES and not said.startswith("429"):
                return Mark(due.id, "refused", error=f"menyerah setelah {due.attempts} kali: {said}")
            return Mark(
                due.id, "due", error=said, pause=min(LONGEST_PAUSE, problem.seconds * 2 ** min(due.attempts - 1, 5))
            )
        if isinstance(problem, Moved):
            return Mark(due.id, "due", error=f"pindah:{problem.new_chat}")
        if isinstance(problem, ChannelStopped):
            log.error("channel %s refuses us: %s", due.channel, said)
            return Mark(due.id, "due", error=said, pause=LONGEST_PAUSE)
        if isinstance(problem, Ambiguous):
            return Mark(due.id, "unknown", error=said)
        kind = "tidak terjangkau" if isinstance(problem, Unreachable) else "ditolak"
        return Mark(due.id, "refused", error=f"{kind}: {said}")

    async def _record(self, marks: list[Mark], conversations: dict[UUID, UUID]) -> None:
        """Write the marks; tried until the database takes them, because sending again would be the worse error."""
        while True:
            try:
                await self._write_marks(marks, conversations)
                return
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("marks wait for the database: %s", type(problem).__name__)
                await asyncio.sleep(0.5)

    async def _write_marks(self, marks: list[Mark], conversations: dict[UUID, UUID]) -> None:
        await reach("13 mark sent")
        body = orjson.dumps([_plain(mark) for mark in marks]).decode()
        given = {"marks": body, "now": self._clock(), "ranks": list(RANKS)}
        if all(mark.error is None for mark in marks):
            marked = await self._database.at_once.rows(MARK, given)
        else:
            async with self._database.write() as session:
                marked = await self._database.at_once.rows_within(session, MARK, given)
                for mark in marks:
                    await self._note_trouble(session, mark, conversations[mark.id])
        await reach("13b marked")
        if any(row["more"] for row in marked):
            self._said.set()

    async def _note_trouble(self, session: AsyncSession, mark: Mark, conversation: UUID) -> None:
        if mark.error and mark.error.startswith("tidak terjangkau"):
            await session.execute(GONE, {"reason": mark.error, "id": conversation})
        if mark.error and mark.error.startswith("pindah:"):
            await session.execute(MOVE, {"chat": mark.error.removeprefix("pindah:"), "id": conversation})
        if mark.status in ("unknown", "refused"):
            await self._bell.ring(session, DESK, str(conversation))


def due_of(row: dict[str, Any]) -> Due:
    """Return a claimed row as what is to be sent."""
    payload = row["payload"]
    message = OutboundMessage(
        outbox_id=str(row["id"]),
        chat=row["external_id"],
        address=row["address"],
        text=payload["text"],
        buttons=tuple(Button(button["title"], button["token"]) for button in payload.get("buttons", [])),
        request_contact=bool(payload.get("request_contact")),
        link=payload.get("link"),
    )
    return Due(row["id"], row["conversation_id"], row["channel"], message, row["attempts"])


def _plain(mark: Mark) -> dict[str, object]:
    return {
        "id": str(mark.id),
        "status": mark.status,
        "provider_message_id": mark.provider_message_id,
        "error": mark.error,
        "pause": mark.pause,
    }
