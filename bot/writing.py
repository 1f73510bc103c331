"""Writing a turn down: messages, turn, ticket, hand-over, outbox rows, new state and inbox mark, in one transaction.

The lane's fence and the conversation's owner version are checked first. If a person took the conversation over while
the bot was thinking, the bot's words become a note for staff and are never sent.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot import wording
from bot.binding import bind
from bot.events import Kind
from bot.heard import Heard
from bot.lanes import Job, hold, let_go
from bot.outcome import Outcome
from bot.tickets import OpenedTicket, open_or_join, open_ticket
from bot.turn import TURNS, turn_id_of
from records.bell import DESK, Bell
from records.clock import Clock
from records.models import Conversation, HandOver, Message, Outbound, Turn
from records.sealed import Seal
from records.spoken_time import spoken_moment

WINDOW = timedelta(hours=24)
HAND_OVER_QUEUE = "PMO_TRANSACTION"

KEEP = text(
    """
    UPDATE conversations SET dialogue_state = :state, offered = :offered, last_inbound_at = :now,
           window_until = :window, unreachable = :unreachable
    WHERE id = :id RETURNING owner, owner_version
    """
).bindparams(bindparam("state", type_=JSONB), bindparam("offered", type_=JSONB))
DONE = text(
    """
    UPDATE inbox SET status = :status, done_at = :now, error = :error,
           sealed_event = CASE WHEN :forget THEN NULL ELSE sealed_event END
    WHERE id = :id
    """
)


class Writer:
    """Writes outcomes; one transaction each."""

    def __init__(self, seal: Seal, clock: Clock, bell: Bell) -> None:
        self._seal, self._clock, self._bell = seal, clock, bell

    async def write(self, session: AsyncSession, job: Job, heard: Heard, outcome: Outcome, took_ms: float) -> bool:
        """Write the outcome; returns whether more is pending. Raises Fenced when the lane was lost."""
        now = self._clock()
        turn_id = turn_id_of(job.inbox_id)
        await hold(session, job.conversation, job.fence)
        offered = [_with_token(button) for button in outcome.buttons]
        owner, version = await self._keep(session, job, heard, outcome, offered, now)
        late = (owner, version) != (job.owner, job.owner_version)
        await session.execute(insert(Message), [self._said(job, heard, turn_id, now)])
        if outcome.binding and job.identity_id:
            await bind(session, job.identity_id, outcome.binding.participant_id, outcome.binding.by, now)
        ticket = await self._ticket(session, job, outcome, turn_id, now)
        await session.execute(insert(Turn), [self._turn(job, outcome, turn_id, took_ms, now)])
        await self._name_platform(session, job, outcome)
        if outcome.hands_over and not late:
            version = await self._hand_over(session, job, outcome, ticket, version, now)
        if outcome.text and not await self._told_already(session, job, heard, outcome):
            said = _fill(outcome.text, ticket)
            author = "bot" if job.owner == "bot" and not outcome.hands_over else "system"
            await self._speak(session, job, said, outcome, offered, author, version, turn_id, now, late=late)
        await session.execute(
            DONE,
            {
                "id": job.inbox_id,
                "now": now,
                "status": "parked" if outcome.parked else "done",
                "error": outcome.parked,
                "forget": heard.masked.secret,
            },
        )
        if ticket or owner == "human":
            await self._bell.ring(session, DESK, str(job.conversation))
        return await let_go(session, job.conversation)

    async def notice(self, session: AsyncSession, job: Job, pause: timedelta, *, tell: bool) -> None:
        """Put the event off; where it has waited too long, tell the person once that it is kept."""
        await hold(session, job.conversation, job.fence)
        if tell and job.owner == "bot":
            notice = uuid5(TURNS, f"notice:{job.inbox_id}")
            row = _message(job, notice, "out", "system", wording.WAITING, self._clock())
            if (await session.execute(insert(Message).on_conflict_do_nothing().returning(Message.id), [row])).first():
                payload = {"text": wording.WAITING, "buttons": [], "request_contact": False}
                await session.execute(insert(Outbound), [_outbound(job, notice, payload, "system", job.owner_version)])
        await let_go(session, job.conversation, pause)

    async def _keep(
        self,
        session: AsyncSession,
        job: Job,
        heard: Heard,
        outcome: Outcome,
        offered: list[dict[str, Any]],
        now: datetime,
    ) -> tuple[str, int]:
        whatsapp = job.channel == "whatsapp"
        used = heard.choice is not None
        conversation = await session.execute(
            KEEP,
            {
                "id": job.conversation,
                "state": outcome.answer.state if outcome.answer else job.state,
                "offered": offered if offered or used else job.offered,
                "now": now,
                "window": now + WINDOW if whatsapp else job.window_until,
                "unreachable": None if heard.event.reachable else "diblokir oleh peserta",
            },
        )
        row = conversation.one()
        return row.owner, row.owner_version

    def _said(self, job: Job, heard: Heard, turn_id: UUID, now: datetime) -> dict[str, Any]:
        raw = heard.event.text
        keep_raw = bool(raw) and not heard.masked.secret and raw != heard.masked.text
        return _message(job, uuid4(), "in", "participant", heard.masked.text or _picture(heard), job.received_at) | {
            "kind": heard.event.kind.value,
            "sealed_text": self._seal.close(raw) if keep_raw else None,
            "inbox_id": job.inbox_id,
            "turn_id": turn_id,
        }

    async def _ticket(
        self, session: AsyncSession, job: Job, outcome: Outcome, turn_id: UUID, now: datetime
    ) -> OpenedTicket | None:
        proposals = [proposal for proposal in outcome.proposals if proposal["kind"] == "ticket"]
        ticket = None
        for proposal in proposals:
            ticket = await open_or_join(session, job, turn_id, proposal, outcome.findings, now)
        if ticket is None and (outcome.hands_over or outcome.parked):
            ticket = await open_or_join(session, job, turn_id, _bare_case(outcome), outcome.findings, now)
        if ticket is None and outcome.name == "joined":
            there = await open_ticket(session, job.conversation)
            ticket = OpenedTicket(there.id, there.number, there.promised_at) if there else None
        return ticket

    def _turn(self, job: Job, outcome: Outcome, turn_id: UUID, took_ms: float, now: datetime) -> dict[str, Any]:
        understood = outcome.answer.understanding if outcome.answer else {}
        intent = understood.get("intent") or {}
        return {
            "id": turn_id,
            "inbox_id": job.inbox_id,
            "conversation_id": job.conversation,
            "channel": job.channel,
            "participant_id": outcome.binding.participant_id if outcome.binding else job.participant_id,
            "intent": intent.get("name"),
            "confidence": intent.get("confidence"),
            "ranking": understood.get("ranking") or [],
            "also": understood.get("also") or [],
            "entities": understood.get("entities") or [],
            "platform": _platform(outcome),
            "findings": outcome.findings,
            "proposals": outcome.proposals,
            "outcome": "fallback" if outcome.parked else outcome.name,
            "model": understood.get("model"),
            "took_ms": took_ms,
            "created_at": now,
        }

    async def _name_platform(self, session: AsyncSession, job: Job, outcome: Outcome) -> None:
        """A platform told in a later message belongs to the complaint it completes."""
        slots = _slots(outcome)
        understood = outcome.answer.understanding if outcome.answer else {}
        if (understood.get("intent") or {}).get("name") != "inform" or not slots.get("platform"):
            return
        await session.execute(
            text(
                "UPDATE turns SET platform = :platform WHERE platform IS NULL AND id = ("
                "SELECT id FROM turns WHERE conversation_id = :conversation AND intent = :intent "
                "ORDER BY created_at DESC LIMIT 1)"
            ),
            {
                "platform": slots["platform"],
                "conversation": job.conversation,
                "intent": slots.get("complaint_intent"),
            },
        )

    async def _hand_over(
        self,
        session: AsyncSession,
        job: Job,
        outcome: Outcome,
        ticket: OpenedTicket | None,
        version: int,
        now: datetime,
    ) -> int:
        reason = next(proposal["reason"] for proposal in outcome.proposals if proposal["kind"] == "hand_over")
        conversation = await session.scalar(
            select(Conversation).where(Conversation.id == job.conversation).with_for_update()
        )
        if conversation is None or conversation.owner == "human":
            return version
        conversation.owner = "human"
        conversation.owner_version = version + 1
        session.add(
            HandOver(
                conversation_id=job.conversation,
                ticket_id=ticket.id if ticket else None,
                from_owner="bot",
                to_owner="human",
                version=version + 1,
                reason=reason,
                at=now,
            )
        )
        await session.flush()
        return version + 1

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

    async def _speak(
        self,
        session: AsyncSession,
        job: Job,
        said: str,
        outcome: Outcome,
        offered: list[dict[str, Any]],
        author: str,
        version: int,
        turn_id: UUID,
        now: datetime,
        *,
        late: bool,
    ) -> None:
        message = uuid5(turn_id, "reply")
        buttons = [{"title": button["title"]} for button in offered]
        row = _message(job, message, "note" if late else "out", author, said, now)
        kind = "joined" if outcome.name == "joined" else "text"
        await session.execute(insert(Message), [row | {"buttons": buttons, "turn_id": turn_id, "kind": kind}])
        if late:
            return
        payload = {
            "text": said,
            "buttons": [{"title": button["title"], "token": button["token"]} for button in offered],
            "request_contact": outcome.request_contact and job.channel == "telegram",
        }
        await session.execute(insert(Outbound), [_outbound(job, message, payload, author, version)])


def _message(job: Job, message: UUID, direction: str, author: str, said: str, at: datetime) -> dict[str, Any]:
    return {
        "id": message,
        "conversation_id": job.conversation,
        "direction": direction,
        "author": author,
        "text": said,
        "created_at": at,
    }


def _outbound(job: Job, message: UUID, payload: dict[str, Any], author: str, version: int) -> dict[str, Any]:
    return {
        "id": uuid5(message, "outbox"),
        "conversation_id": job.conversation,
        "message_id": message,
        "channel": job.channel,
        "payload": payload,
        "author": author,
        "owner_version": version,
    }


def _with_token(button: dict[str, Any]) -> dict[str, Any]:
    return {"title": button["title"], "choice": button["choice"], "token": secrets.token_urlsafe(12)}


def _fill(said: str, ticket: OpenedTicket | None) -> str:
    if ticket is None:
        return said
    return said.replace("{ticket}", ticket.number).replace("{promise}", spoken_moment(ticket.promised_at))


def _picture(heard: Heard) -> str:
    return f"[{heard.event.kind.value}]" if heard.event.kind is not Kind.TEXT else "[kosong]"


def _slots(outcome: Outcome) -> dict[str, Any]:
    slots = outcome.answer.state.get("slots") if outcome.answer else None
    return slots if isinstance(slots, dict) else {}


def _platform(outcome: Outcome) -> str | None:
    named = next((proposal.get("platform") for proposal in outcome.proposals if proposal.get("platform")), None)
    return named or _slots(outcome).get("platform")


def _bare_case(outcome: Outcome) -> dict[str, Any]:
    """The case of a hand-over that proposes no ticket of its own, or of an event that could not be handled."""
    return {
        "intent": "talk_to_human",
        "queue": HAND_OVER_QUEUE,
        "priority": "normal",
        "reason": outcome.parked or "Peserta meminta petugas.",
        "summary": outcome.parked or "Peserta meminta petugas.",
    }
