"""Writing a turn down: messages, turn, ticket, hand-over, outbox rows, new state and inbox mark, in one transaction.

The lane's fence and the conversation's owner version are checked first. If a person took the conversation over while
the bot was thinking, the bot's words become a note for staff and are never sent. Most turns open no ticket and bind
nobody: those are the one statement of bot/finishing.py and nothing else.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.after_closing import reopen
from bot.claiming import Due
from bot.expecting import filled
from bot.finishing import FINISH, Finished, Reply, Standing, slots_of, straight_of, values
from bot.heard import Heard
from bot.lanes import Fenced, Job, hold, let_go
from bot.media.arriving import with_files
from bot.notices import tell
from bot.outcome import Outcome
from bot.rounds.kept import notice_of
from bot.settings import MediaSettings
from bot.tickets import OpenedTicket, open_or_join, open_ticket, opened
from bot.turn import turn_id_of
from bot.unasked import count, unasked
from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database
from records.failpoints import reach
from records.models import Conversation, HandOver, Message
from records.sealed import Seal

HAND_OVER_QUEUE = "PMO_TRANSACTION"
REOPENED_BY_PARTICIPANT = "dibuka lagi oleh peserta: belum beres"
NAME_PLATFORM = text(
    "UPDATE turns SET platform = :platform WHERE platform IS NULL AND id = ("
    "SELECT id FROM turns WHERE conversation_id = :conversation AND intent = :intent ORDER BY created_at DESC LIMIT 1)"
)


@dataclass(frozen=True)
class Written:
    """What is left to do when a turn is written."""

    more: bool
    """More of the conversation is pending."""
    straight: Due | None
    """The reply, where it was written as being sent: it must be sent now."""


class Writer:
    """Writes outcomes; one transaction each."""

    def __init__(
        self, database: Database, seal: Seal, clock: Clock, bell: Bell, media: MediaSettings | None = None
    ) -> None:
        self._database, self._seal, self._clock, self._bell = database, seal, clock, bell
        self._media = media

    async def write(
        self, job: Job, heard: Heard, outcome: Outcome, took_ms: float, *, straight: bool = False
    ) -> Written:
        """Write the outcome, the reply as being sent where that is wanted and nothing else waits before it.

        Raises Fenced when the lane was lost.
        """
        await reach("8 store turn")
        now, began = self._clock(), time.monotonic()
        before, job = job, outcome.heard_by(job)
        if self._media:
            outcome = with_files(outcome, heard.event, self._media)
        if not _needs_more(outcome):
            return await self._at_once(job, heard, outcome, took_ms, now, straight, began)
        async with self._database.write() as session:
            await hold(session, job.conversation, job.fence)
            ticket = await self._ticket(session, job, outcome, now)
            if ticket and outcome.beside_case:
                outcome = outcome.beside(job.state)
            standing = await self._stand(session, job, outcome, ticket, now)
            for change in outcome.changes:
                await change.write(session, before, now)
            await self._name_platform(session, job, outcome)
            reply = None
            if outcome.text and not await self._told_already(session, job, heard, outcome):
                reply = _reply(job, outcome, await filled(session, outcome.text, ticket, now))
            given = self._given(job, heard, outcome, reply, standing, took_ms, now) | {"straight": straight}
            finished = _finished(await self._database.at_once.rows_within(session, FINISH, given))
            await count(session, outcome.findings, now)
            if ticket or finished.owner == "human":
                await self._bell.ring(session, DESK, str(job.conversation))
            if ticket and ticket.conversation != job.conversation:
                await self._bell.ring(session, DESK, str(ticket.conversation))
            await reach("9 commit outbox")
        await reach("9b committed outbox")
        return _written(job, finished, given, began)

    async def notice(self, job: Job, pause: timedelta, *, say: bool) -> None:
        """Put the event off; where it has waited too long, tell the person once that it is kept."""
        async with self._database.write() as session:
            await hold(session, job.conversation, job.fence)
            if say and job.owner == "bot":
                kept = notice_of(job.inbox_id, job.conversation, job.channel, job.owner_version)
                await tell(session, [kept], self._clock())
            await let_go(session, job.conversation, pause)

    async def _at_once(
        self, job: Job, heard: Heard, outcome: Outcome, took_ms: float, now: datetime, straight: bool, began: float
    ) -> Written:
        reply = _reply(job, outcome, outcome.text) if outcome.text else None
        given = self._given(job, heard, outcome, reply, Standing(job.owner, job.owner_version), took_ms, now)
        given["straight"] = straight
        await reach("9 commit outbox")
        finished = _finished(await self._database.at_once.rows(FINISH, given))
        if finished.owner == "human":
            async with self._database.write() as session:
                await self._bell.ring(session, DESK, str(job.conversation))
        await reach("9b committed outbox")
        return _written(job, finished, given, began)

    def _given(
        self,
        job: Job,
        heard: Heard,
        outcome: Outcome,
        reply: Reply | None,
        standing: Standing,
        took_ms: float,
        now: datetime,
    ) -> dict[str, Any]:
        raw = heard.event.text
        keep_raw = bool(raw) and not heard.forgotten and raw != heard.masked.text
        sealed = self._seal.close(raw) if keep_raw else None
        return values(job, heard, outcome, reply, standing, took_ms, now) | {"sealed_text": sealed}

    async def _ticket(self, session: AsyncSession, job: Job, outcome: Outcome, now: datetime) -> OpenedTicket | None:
        turn_id = turn_id_of(job.inbox_id)
        proposals = [proposal for proposal in outcome.proposals if proposal["kind"] == "ticket"]
        ticket = await _opened_again(session, outcome, now)
        for proposal in proposals:
            ticket = await open_or_join(session, job, turn_id, proposal, outcome.findings, now)
        if ticket is None and (outcome.hands_over or outcome.parked):
            ticket = await open_or_join(session, job, turn_id, _bare_case(outcome), outcome.findings, now)
        if ticket is None and (outcome.name == "joined" or outcome.beside_case):
            there = await open_ticket(session, job.conversation)
            ticket = opened(there) if there else None
        return ticket

    async def _stand(
        self, session: AsyncSession, job: Job, outcome: Outcome, ticket: OpenedTicket | None, now: datetime
    ) -> Standing:
        """Hand the conversation over where that is proposed, and return who holds it as far as this turn knows."""
        known = Standing(job.owner, job.owner_version)
        if not outcome.hands_over:
            return known
        conversation = await session.scalar(
            select(Conversation).where(Conversation.id == job.conversation).with_for_update()
        )
        if conversation is None or Standing(conversation.owner, conversation.owner_version) != known:
            return known
        if conversation.owner == "human":
            return known
        conversation.owner = "human"
        conversation.owner_version = known.version + 1
        session.add(_hand_over(job, outcome, ticket, known.version + 1, now))
        await session.flush()
        return Standing("human", known.version + 1)

    async def _name_platform(self, session: AsyncSession, job: Job, outcome: Outcome) -> None:
        """A platform told in a later message belongs to the complaint it completes."""
        slots = slots_of(outcome)
        if _completes_a_complaint(outcome):
            given = {
                "platform": slots["platform"],
                "conversation": job.conversation,
                "intent": slots.get("complaint_intent"),
            }
            await session.execute(NAME_PLATFORM, given)

    async def _told_already(self, session: AsyncSession, job: Job, heard: Heard, outcome: Outcome) -> bool:
        """Whether the person already heard that their messages reach staff; nobody needs that after every line."""
        if outcome.name != "joined" or heard.masked.secret:
            return False
        last = await session.scalar(
            select(Message.kind)
            .where(Message.conversation_id == job.conversation, Message.direction == "out")
            .order_by(Message.position.desc())
            .limit(1)
        )
        return last == "joined"


def _needs_more(outcome: Outcome) -> bool:
    """Whether more than the end of the turn is to be written."""
    return bool(
        outcome.proposals
        or outcome.changes
        or outcome.parked
        or outcome.reopens
        or outcome.name == "joined"
        or _completes_a_complaint(outcome)
        or unasked(outcome.findings)
    )


def _completes_a_complaint(outcome: Outcome) -> bool:
    understood = outcome.answer.understanding if outcome.answer else {}
    return (understood.get("intent") or {}).get("name") == "inform" and bool(slots_of(outcome).get("platform"))


async def _opened_again(session: AsyncSession, outcome: Outcome, now: datetime) -> OpenedTicket | None:
    ticket = await reopen(session, outcome.reopens, now) if outcome.reopens else None
    return opened(ticket) if ticket else None


def _finished(rows: list[dict[str, Any]]) -> Finished:
    if not rows:
        raise Fenced
    return Finished(**rows[0])


def _written(job: Job, finished: Finished, given: dict[str, Any], began: float) -> Written:
    return Written(finished.more, straight_of(job, given, began) if finished.straight else None)


def _reply(job: Job, outcome: Outcome, said: str) -> Reply:
    author = "bot" if job.owner == "bot" and not outcome.hands_over else "system"
    return Reply(said, author, "joined" if outcome.name == "joined" else "text")


def _hand_over(job: Job, outcome: Outcome, ticket: OpenedTicket | None, version: int, now: datetime) -> HandOver:
    return HandOver(
        conversation_id=job.conversation,
        ticket_id=ticket.id if ticket else None,
        from_owner="bot",
        to_owner="human",
        version=version,
        reason=next((it["reason"] for it in outcome.proposals if it["kind"] == "hand_over"), REOPENED_BY_PARTICIPANT),
        at=now,
    )


def _bare_case(outcome: Outcome) -> dict[str, Any]:
    """The case of a hand-over that proposes no ticket of its own, or of an event that could not be handled."""
    return {
        "intent": "talk_to_human",
        "queue": HAND_OVER_QUEUE,
        "priority": "normal",
        "reason": outcome.parked or "Peserta meminta petugas.",
        "summary": outcome.parked or "Peserta meminta petugas.",
    }
