"""What became of the rows that were sent, written down: those that ended together in one statement.

Whoever holds a row decides what becomes of it; that it was sent is true whoever says so. A mark is tried until the
database takes it, because sending again would be the worse error.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

import orjson
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.claiming import BROADCAST, WINDOW_TRIES, Due
from bot.sending import (
    Ambiguous,
    ChannelStopped,
    Moved,
    NotReached,
    Restricted,
    RetryLater,
    SendError,
    TooFast,
    Unreachable,
    WindowClosed,
)
from bot.statuses import RANKS
from records.bell import DESK, Bell
from records.channel_news import SENDING, Told, mend, tell
from records.clock import Clock
from records.database import Database
from records.failpoints import reach
from records.processes import this_process

log = logging.getLogger("bot.marking")

TRIES = 12
MOVES = 3
LONGEST_PAUSE = 60.0
ASK_AFTER_SECONDS = 20.0
"""An unknown message that no status has resolved by then is asked about."""

MARK = """
    UPDATE outbox SET
        status = CASE WHEN outbox.status = 'sending' OR array_position(%(ranks)s::text[], m.status)
                         > array_position(%(ranks)s::text[], outbox.status)
                      THEN CASE WHEN m.status = 'waiting' AND m.attempts < %(window_tries)s AND EXISTS (
                                  SELECT 1 FROM conversations c
                                  WHERE c.id = outbox.conversation_id AND (c.window_until > %(now)s OR EXISTS (
                                      SELECT 1 FROM inbox i WHERE i.conversation_id = c.id AND i.status = 'pending'
                                        AND i.received_at > %(now)s::timestamptz - interval '24 hours')))
                                THEN 'due' ELSE m.status END
                      ELSE outbox.status END,
        provider_message_id = COALESCE(m.provider_message_id, outbox.provider_message_id),
        error = CASE WHEN outbox.status = 'sending' THEN m.error ELSE outbox.error END,
        status_at = CASE WHEN outbox.status = 'sending' THEN %(now)s ELSE outbox.status_at END, held_until = NULL,
        sent_at = CASE WHEN m.status = 'sent' THEN %(now)s ELSE outbox.sent_at END,
        due_at = clock_timestamp() + m.pause * interval '1 second'
    FROM jsonb_to_recordset(%(marks)s::jsonb)
        AS m(id uuid, status text, provider_message_id text, error text, pause double precision, attempts int)
    WHERE outbox.id = m.id
      AND (m.status = 'sent' OR (outbox.held_by = %(process)s AND outbox.attempts = m.attempts))
    RETURNING EXISTS (SELECT 1 FROM outbox n WHERE n.conversation_id = outbox.conversation_id
                      AND n.position > outbox.position AND n.status = 'due') AS more
"""
"""Says also whether a later message of the conversation has waited for this one. What was refused because the window
was closed is due at once where the person has opened it meanwhile."""

GONE = text("UPDATE conversations SET unreachable = :reason WHERE id = :id")
MOVE = text(
    """
    UPDATE conversations SET external_id = :chat WHERE id = :id AND NOT EXISTS (
        SELECT 1 FROM conversations c JOIN conversations o ON o.id = :id
        WHERE c.channel = o.channel AND c.external_id = :chat)
    """
)
NOTE = text(
    """
    INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
    VALUES (:id, :conversation, 'note', 'system', :said, :now) ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True)
class Mark:
    """What became of a row; `pause` in seconds until it is looked at again."""

    due: Due
    status: str
    provider_message_id: str | None = None
    error: str | None = None
    pause: float = 0.0
    problem: SendError | None = None
    mends: bool = False
    """It shows that broadcasts go out again."""


def after(due: Due, problem: SendError) -> Mark:
    """Return what becomes of a row that was not, or perhaps not, sent."""
    said = _storable(str(problem))[:500]
    if isinstance(problem, WindowClosed):
        return Mark(due, "waiting", error=said, problem=problem)
    if isinstance(problem, TooFast):
        return Mark(due, "due", error=said, pause=problem.seconds, problem=problem)
    if isinstance(problem, Restricted):
        pause = problem.seconds if due.priority >= BROADCAST else LONGEST_PAUSE
        return Mark(due, "due", error=said, pause=pause, problem=problem)
    if isinstance(problem, RetryLater):
        if due.attempts >= TRIES and not isinstance(problem, NotReached) and not said.startswith("429"):
            return Mark(due, "refused", error=f"menyerah setelah {due.attempts} kali: {said}", problem=problem)
        pause = max(problem.seconds, min(LONGEST_PAUSE, problem.seconds * 2 ** min(due.attempts - 1, 5)))
        return Mark(due, "due", error=said, pause=pause, problem=problem)
    if isinstance(problem, Moved) and due.attempts <= MOVES:
        return Mark(due, "due", error=f"pindah:{problem.new_chat}", problem=problem)
    if isinstance(problem, ChannelStopped):
        return Mark(due, "due", error=said, pause=LONGEST_PAUSE, problem=problem)
    if isinstance(problem, Ambiguous):
        return Mark(due, "unknown", error=said, pause=ASK_AFTER_SECONDS, problem=problem)
    kind = "tidak terjangkau" if isinstance(problem, Unreachable) else "ditolak"
    return Mark(due, "refused", error=f"{kind}: {said}", problem=problem)


class Marks:
    """Writes marks down; `rows_waited` is called when a later message waited for one of them."""

    def __init__(self, database: Database, clock: Clock, bell: Bell, said: asyncio.Event) -> None:
        self._database, self._clock, self._bell, self._said = database, clock, bell, said
        self._waiting: list[Mark] = []
        self._arrived = asyncio.Event()
        self._writing = False

    def add(self, mark: Mark) -> None:
        """Have a mark written."""
        self._waiting.append(mark)
        self._arrived.set()

    @property
    def pending(self) -> bool:
        """Say whether a mark is not written yet."""
        return self._writing or bool(self._waiting)

    async def run(self) -> None:
        """Write marks until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                marks, self._waiting = self._waiting, []
                self._writing = True
                try:
                    await self._record(marks)
                finally:
                    self._writing = False

    async def _record(self, marks: list[Mark]) -> None:
        while True:
            try:
                await self._write(marks)
                return
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("marks wait for the database: %s", type(problem).__name__)
                await asyncio.sleep(0.5)

    async def _write(self, marks: list[Mark]) -> None:
        await reach("13 mark sent")
        # in the order in which statuses lock the same rows, so that neither waits for the other in a circle
        ordered = sorted(marks, key=lambda mark: mark.due.id)
        body = orjson.dumps([_plain(mark) for mark in ordered]).decode()
        given = {
            "marks": body,
            "now": self._clock(),
            "ranks": list(RANKS),
            "window_tries": WINDOW_TRIES,
            "process": this_process(),
        }
        if all(mark.error is None and not mark.mends for mark in marks):
            marked = await self._database.at_once.rows(MARK, given)
        else:
            async with self._database.write() as session:
                marked = await self._database.at_once.rows_within(session, MARK, given)
                for mark in marks:
                    await self._note_trouble(session, mark)
        await reach("13b marked")
        if any(row["more"] for row in marked):
            self._said.set()

    async def _note_trouble(self, session: AsyncSession, mark: Mark) -> None:
        conversation, problem = mark.due.conversation, mark.problem
        if isinstance(problem, Unreachable):
            await session.execute(GONE, {"reason": mark.error, "id": conversation})
        if isinstance(problem, Moved):
            await session.execute(MOVE, {"chat": problem.new_chat, "id": conversation})
        if isinstance(problem, WindowClosed):
            await session.execute(NOTE, _note(mark, self._clock()))
        if isinstance(problem, Restricted):
            code = str(problem).split(":")[0]
            await tell(session, _broadcasts(mark, code, True, f"{wording.RESTRICTED} ({problem}).", self._clock()))
        if mark.mends:
            await mend(session, _broadcasts(mark, "sent", False, wording.RESTRICTION_OVER, self._clock()))
        if mark.status in ("unknown", "refused", "waiting"):
            await self._bell.ring(session, DESK, str(conversation))


def _broadcasts(mark: Mark, event: str, trouble: bool, words: str, now: datetime) -> Told:
    return Told(mark.due.channel, SENDING, "broadcasts", event, trouble, words, now)


def _note(mark: Mark, now: datetime) -> dict[str, object]:
    said = wording.WINDOW_CLOSED_NOTE
    return {"id": uuid5(mark.due.id, "window"), "conversation": mark.due.conversation, "said": said, "now": now}


def _storable(said: str) -> str:
    """Return what a provider said without what no table takes: one such word would hold up every mark."""
    return said.encode(errors="replace").decode().replace("\0", "")


def _plain(mark: Mark) -> dict[str, object]:
    return {
        "id": str(mark.due.id),
        "status": mark.status,
        "provider_message_id": _storable(mark.provider_message_id) if mark.provider_message_id else None,
        "error": _storable(mark.error) if mark.error else None,
        "pause": mark.pause,
        "attempts": mark.due.attempts,
    }
