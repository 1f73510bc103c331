"""Workers: claim due conversations, have each oldest event decided and written, put off what cannot be answered now.

NotYet        more that belongs to the event may come: looked at again in a moment
RasaAway      the event waits; after a while the person is told once that it is kept
TurnFailed    tried three times, then parked with a ticket: later messages go on
anything else the same: an event that always crashes must not block its chat
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import wording
from bot.events import InboundEvent, Kind, Unreadable
from bot.heard import Heard
from bot.lanes import Fenced, Job, claim, hold, let_go
from bot.masking import Masked, mask
from bot.outbox import Outbox
from bot.outcome import Outcome
from bot.said_before import NotYet
from bot.sending import Reading, Typing
from bot.settings import BotSettings
from bot.turn import Turns
from bot.understanding import RasaAway, UnderstandingError
from bot.writing import Writer
from records.database import Database, is_away
from records.failpoints import reach
from records.processes import this_process
from records.sealed import SealBroken

log = logging.getLogger("bot.worker")

TRIES = 3
FALLS = 5
"""So many processes in a row ended with the same event in their hands: it may be the event."""
TYPING_AFTER_SECONDS = 0.8
GIVE_BACK_TRIES = 5
NEWEST_EVERY = 4
IDLE_SECONDS = 0.5
DATABASE_AWAY_SECONDS = 1.0
TELL_AFTER = timedelta(seconds=8)
LONGEST_PAUSE = timedelta(seconds=10)

TRIED = text("UPDATE inbox SET attempts = attempts + 1, error = :error WHERE id = :id")


class Worker:
    """Keeps up to `bot_workers` conversations in hand."""

    def __init__(
        self,
        settings: BotSettings,
        database: Database,
        turns: Turns,
        writer: Writer,
        outbox: Outbox,
        due: asyncio.Event,
        said: asyncio.Event,
        answer_press: Callable[[str], Awaitable[None]] | None = None,
        typing: Mapping[str, Typing] | None = None,
    ) -> None:
        self._answer_press, self._typing = answer_press, typing or {}
        self._database, self._turns, self._writer, self._outbox = database, turns, writer, outbox
        self._due, self._said = due, said
        self._lease = settings.lane_lease
        self._room = settings.bot_workers
        self._stopping = False
        self._behind, self._taken = False, 0
        self._waiting_since: dict[int, float] = {}
        self._hands: set[asyncio.Task[None]] = set()
        self._signs: set[asyncio.Task[None]] = set()

    @property
    def full(self) -> bool:
        """Say whether every hand is busy, so that others had better take what is due."""
        return len(self._hands) >= self._room

    async def run(self) -> None:
        """Work until cancelled; a database that is away is waited for."""
        while not self._stopping:
            # before looking: what arrives while we look must not be missed
            self._due.clear()
            try:
                worked = await self._take()
            except (SQLAlchemyError, OSError, TimeoutError) as problem:
                log.warning("database away: %s", type(problem).__name__)
                await asyncio.sleep(DATABASE_AWAY_SECONDS)
                continue
            if not worked:
                await self._rest()

    async def stop(self, seconds: float) -> bool:
        """Take nothing more and wait for what is in hand; what is not finished by then is given back."""
        self._stopping = True
        if self._hands:
            _, left = await asyncio.wait(self._hands, timeout=seconds)
            for hand in left:
                hand.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            return not left
        return True

    async def _rest(self) -> None:
        """Wait for something due, or for a free hand; look by ourselves now and then."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._due.wait(), IDLE_SECONDS)

    async def _take(self) -> bool:
        room = self._room - len(self._hands)
        if room <= 0:
            return False
        jobs, empty = await self._claim(room)
        for conversation in empty:
            async with self._database.write() as session:
                await let_go(session, conversation)
        for job in jobs:
            hand = asyncio.create_task(self._handle(job))
            self._hands.add(hand)
            hand.add_done_callback(self._put_down)
        return len(jobs) == room

    async def _claim(self, room: int) -> tuple[list[Job], list[UUID]]:
        """Claim for the free hands; in a backlog every fourth is for who came last."""
        claimed = partial(claim, self._database.at_once, this_process(), self._lease)
        for_new = (self._taken % NEWEST_EVERY + room) // NEWEST_EVERY if self._behind else 0
        jobs, empty = await claimed(for_new, newest=True) if for_new else ([], [])
        if room > len(jobs):
            older, also_empty = await claimed(room - len(jobs))
            jobs, empty = jobs + older, empty + also_empty
        self._taken += len(jobs)
        self._behind = len(jobs) == room
        return jobs, empty

    def _put_down(self, hand: asyncio.Task[None]) -> None:
        if len(self._hands) >= self._room:
            # there was no hand for what is due, now there is
            self._due.set()
        self._hands.discard(hand)

    async def _handle(self, job: Job) -> None:
        try:
            await self._answer(job)
            self._waiting_since.pop(job.inbox_id, None)
        except Fenced:
            log.warning("lane lost, nothing written: %s", job.conversation)
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            log.warning("turn not written, will be asked again: %s", type(problem).__name__)
            await self._give_back(job)
        except asyncio.CancelledError:
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                await self._let_go(job)
            raise

    async def _give_back(self, job: Job) -> None:
        """Let the conversation go without an answer; where the database does not take even that, its lease runs out."""
        for tried in range(GIVE_BACK_TRIES):
            await asyncio.sleep(1 + tried)
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                await self._let_go(job)
                return

    async def _let_go(self, job: Job) -> None:
        with suppress(Fenced):
            async with self._database.write() as session:
                await hold(session, job.conversation, job.fence)
                await let_go(session, job.conversation)

    async def _answer(self, job: Job) -> None:
        began = time.perf_counter()
        await reach("6 claim")
        try:
            heard = self._turns.hear(job)
        except (Unreadable, SealBroken) as problem:
            await self._park(job, None, f"tidak terbaca: {mask(str(problem)).text}", began)
            return
        if job.falls >= FALLS:
            await self._park(job, heard, f"{job.falls} kali proses berhenti saat menjawabnya", began)
            return
        if heard.event.press_id and self._answer_press and not job.attempts:
            await self._answer_press(heard.event.press_id)
        try:
            outcome = await self._decided(job, heard)
        except NotYet as wait:
            await self._writer.notice(job, wait.pause, say=False)
            return
        except RasaAway as problem:
            await self._put_off(job, str(problem))
            return
        except UnderstandingError as problem:
            await self._try_again(job, heard, str(problem), began)
            return
        except (SQLAlchemyError, OSError, TimeoutError):
            raise
        except Exception as problem:
            log.exception("turn failed: %s", type(problem).__name__)
            await self._try_again(job, heard, type(problem).__name__, began)
            return
        await self._write(job, heard, outcome, began)

    async def _decided(self, job: Job, heard: Heard) -> Outcome:
        """Have the turn decided; where that takes a while, the person sees that an answer is on its way."""
        channel = self._typing.get(job.channel)
        if channel is None or job.owner != "bot":
            return await self._turns.decide(job, heard)
        shown = asyncio.create_task(_show_typing(channel, heard.event))
        try:
            outcome = await self._turns.decide(job, heard)
        finally:
            shown.cancel()
        if isinstance(channel, Reading):
            self._beside(channel.read(heard.event))
        return outcome

    def _beside(self, sign: Coroutine[Any, Any, None]) -> None:
        """Let a sign to the person go its way; no turn waits for it."""
        task = asyncio.create_task(sign)
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)

    async def _write(self, job: Job, heard: Heard, outcome: Outcome, began: float) -> None:
        took_ms = (time.perf_counter() - began) * 1000
        try:
            straight = self._outbox.ready_for(job.channel)
            written = await self._writer.write(job, heard, outcome, took_ms, straight=straight)
        except DBAPIError as problem:
            if is_away(problem) or outcome.parked:
                raise
            # the database refuses what we wrote: the event is at fault, not the hour
            log.exception("write refused")
            await self._try_again(job, heard, "tidak bisa ditulis", began)
            return
        if written.straight:
            self._outbox.send_now(written.straight)
        else:
            self._said.set()
        if written.more:
            self._due.set()

    async def _put_off(self, job: Job, reason: str) -> None:
        since = self._waiting_since.setdefault(job.inbox_id, time.monotonic())
        waited = timedelta(seconds=time.monotonic() - since)
        log.warning("rasa away (%s), event %s waits", reason, job.inbox_id)
        pause = min(LONGEST_PAUSE, max(timedelta(seconds=1), waited / 2))
        await self._writer.notice(job, pause, say=waited >= TELL_AFTER)
        self._said.set()

    async def _try_again(self, job: Job, heard: Heard, reason: str, began: float) -> None:
        if job.attempts + 1 >= TRIES:
            await self._park(job, heard, reason, began)
            return
        async with self._database.write() as session:
            await hold(session, job.conversation, job.fence)
            await session.execute(TRIED, {"id": job.inbox_id, "error": reason[:500]})
            await let_go(session, job.conversation, timedelta(seconds=1 + job.attempts))
        log.warning("turn of event %s failed (%s), try %s", job.inbox_id, reason, job.attempts + 1)

    async def _park(self, job: Job, heard: Heard | None, reason: str, began: float) -> None:
        """Set the event aside with a ticket, so that a person sees it and later messages go on."""
        log.error("event %s parked: %s", job.inbox_id, reason)
        outcome = Outcome("fallback", wording.PARKED, parked=f"Pesan tidak bisa dijawab otomatis ({reason}).")
        await self._write(job, heard or _unheard(job), outcome, began)


async def _show_typing(channel: Typing, event: InboundEvent) -> None:
    await asyncio.sleep(TYPING_AFTER_SECONDS)
    with suppress(Exception):
        await channel.typing(event)


def _unheard(job: Job) -> Heard:
    event = InboundEvent(
        channel=job.channel,
        external_id=job.event_id,
        chat=job.chat,
        person=job.person,
        kind=Kind.UNSUPPORTED,
        order_key=0,
        raw=b"",
    )
    return Heard(event, Masked("", ()))
