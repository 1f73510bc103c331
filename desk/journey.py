"""One message's way, from the provider's door to the receipt: what happened when, how long it took, and who did it.

Times are told by the house's clock. What runs on real time (claims, commits) is moved by how far the two are apart now.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from desk.refusals import NoSuchCase
from records.database import ReadSession
from records.models import ChannelIdentity, Conversation, Inbound, Lane, Message, Outbound, Receipt, Staff, Ticket, Turn

ORDER_UNIT = 1_000_000
DATED = frozenset({"telegram", "whatsapp"})
"""Channels whose order key begins with the second at which the person sent it."""
WELL, WAIT, ILL, STILL = "baik", "menunggu", "buruk", "diam"
RANKS = ("sent", "refused", "delivered", "read")
"""Two receipts of one second are told in the order they must have happened."""
TEMPO = {"sent": WELL, "delivered": WELL, "read": WELL, "refused": ILL, "unknown": ILL, "withheld": ILL}


@dataclass(frozen=True)
class Step:
    """One thing that happened, or is awaited."""

    name: str
    """A key of the wording."""
    at: datetime | None
    """By the house's clock; None: not yet."""
    tone: str = WELL
    detail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """One message to the person, and its steps."""

    outbound: Outbound
    message: Message
    steps: tuple[Step, ...]
    settled_by: str | None = None


@dataclass(frozen=True)
class Journey:
    """Everything about one message, with the answers it led to."""

    conversation: Conversation | None
    identity: ChannelIdentity | None
    ticket: Ticket | None
    inbound: Inbound | None
    heard: Message | None
    turn: Turn | None
    steps: tuple[Step, ...] = ()
    sent: tuple[Sent, ...] = field(default=())

    @property
    def object(self) -> str:
        """What an audit entry calls it."""
        return f"inbox:{self.inbound.id}" if self.inbound else f"outbox:{self.sent[0].outbound.id}"


async def of_inbound(session: ReadSession, inbox_id: int, shift: timedelta) -> Journey:
    """Return the way of an event and of its answers; raises NoSuchCase."""
    inbound = await session.get(Inbound, inbox_id)
    if inbound is None:
        raise NoSuchCase
    heard = await session.scalar(select(Message).where(Message.inbox_id == inbox_id))
    turn = await session.scalar(select(Turn).where(Turn.inbox_id == inbox_id))
    lane = await session.get(Lane, inbound.conversation_id) if inbound.conversation_id else None
    answers = (
        await session.execute(
            select(Outbound, Message)
            .join(Message, Message.id == Outbound.message_id)
            .where(Message.turn_id == turn.id)
            .order_by(Outbound.position)
        )
    ).all() if turn else []  # fmt: skip
    sent = tuple([await _sent(session, outbound, message, shift) for outbound, message in answers])
    return await _whole(
        session, inbound.conversation_id, inbound, heard, turn, _inbound(inbound, turn, lane, shift), sent
    )


async def of_outbound(session: ReadSession, outbox_id: UUID, shift: timedelta) -> Journey:
    """Return the way of a message to a person, with what caused it; raises NoSuchCase."""
    outbound = await session.get(Outbound, outbox_id)
    message = await session.get(Message, outbound.message_id) if outbound else None
    if outbound is None or message is None:
        raise NoSuchCase
    turn = await session.get(Turn, message.turn_id) if message.turn_id else None
    if turn is not None:
        whole = await of_inbound(session, turn.inbox_id, shift)
        if any(it.outbound.id == outbox_id for it in whole.sent):
            return whole
    sent = (await _sent(session, outbound, message, shift),)
    return await _whole(session, outbound.conversation_id, None, None, None, (), sent)


async def _whole(
    session: ReadSession,
    conversation_id: UUID | None,
    inbound: Inbound | None,
    heard: Message | None,
    turn: Turn | None,
    steps: tuple[Step, ...],
    sent: tuple[Sent, ...],
) -> Journey:
    chat = await session.get(Conversation, conversation_id) if conversation_id else None
    person = await session.get(ChannelIdentity, chat.identity_id) if chat and chat.identity_id else None
    latest = select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(Ticket.opened_at.desc()).limit(1)
    ticket = await session.scalar(latest) if conversation_id else None
    return Journey(chat, person, ticket, inbound, heard, turn, steps, sent)


def _inbound(inbound: Inbound, turn: Turn | None, lane: Lane | None, shift: timedelta) -> tuple[Step, ...]:
    steps = []
    said_at = _said_at(inbound)
    if said_at:
        steps.append(Step("said", said_at, STILL))
    steps.append(Step("received", inbound.received_at))
    steps.append(Step("stored", inbound.stored_at + shift))
    if inbound.attempts:
        error = (inbound.error,) if inbound.error else ()
        steps.append(Step("tried", None, ILL, (f"{inbound.attempts} kali", *error)))
    if turn is not None:
        model = (f"model {turn.model}",) if turn.model else ()
        steps.append(Step("turn", turn.created_at, WELL, (f"{turn.took_ms:.0f} ms", *model)))
    if inbound.status == "pending":
        held = lane and lane.held_until and lane.held_by
        steps.append(Step("held" if held else "pending", None, WAIT, (str(held),) if held else ()))
    elif inbound.status in ("parked", "ignored"):
        steps.append(Step(inbound.status, inbound.done_at, ILL if inbound.status == "parked" else STILL, _why(inbound)))
    return tuple(steps)


async def _sent(session: ReadSession, outbound: Outbound, message: Message, shift: timedelta) -> Sent:
    found = await session.scalars(select(Receipt).where(Receipt.outbox_id == outbound.id))
    receipts = sorted(found, key=lambda it: (it.at, RANKS.index(it.status)))
    steps = [Step("written", outbound.created_at + shift)]
    if outbound.claimed_at:
        by = (outbound.held_by,) if outbound.held_by else ()
        tries = (f"percobaan ke-{outbound.attempts}",) if outbound.attempts > 1 else ()
        steps.append(Step("claimed", outbound.claimed_at + shift, WELL, (*by, *tries)))
    if outbound.repeats:
        steps.append(Step("repeated", None, ILL, (f"{outbound.repeats} kali",)))
    if outbound.sent_at:
        steps.append(Step("sent", outbound.sent_at, WELL, _provider_id(outbound)))
    steps += [_receipt(it) for it in receipts]
    if outbound.status in ("due", "sending", "waiting", "unknown", "refused", "withheld"):
        error = (outbound.error,) if outbound.error else ()
        tone = ILL if outbound.status in ("unknown", "refused", "withheld") else WAIT
        if not (outbound.status == "refused" and receipts):
            steps.append(Step(outbound.status, outbound.status_at, tone, error))
    if outbound.asked_again_at:
        steps.append(Step("asked_again", outbound.asked_again_at + shift, WAIT))
    who = await session.get(Staff, outbound.settled_by) if outbound.settled_by else None
    if outbound.settled_at:
        steps.append(Step("settled", outbound.settled_at + shift, STILL, (who.name,) if who else ()))
    return Sent(outbound, message, tuple(steps), who.name if who else None)


def _receipt(it: Receipt) -> Step:
    code = (str(it.code),) if it.code else ()
    late = ("dari percobaan sebelumnya",) if it.superseded else ()
    return Step(
        f"receipt_{it.status}", it.at, STILL if it.superseded else TEMPO[it.status], (*code, *_said(it.error), *late)
    )


def _said(words: str | None) -> tuple[str, ...]:
    return (words,) if words else ()


def _why(inbound: Inbound) -> tuple[str, ...]:
    return (inbound.error,) if inbound.error else ()


def _provider_id(outbound: Outbound) -> tuple[str, ...]:
    """A WhatsApp id holds the person's number: its end is enough to recognise it by."""
    known = outbound.provider_message_id
    return (f"id penyedia …{known[-8:]}" if len(known) > 12 else f"id penyedia {known}",) if known else ()


def _said_at(inbound: Inbound) -> datetime | None:
    seconds = inbound.order_key // ORDER_UNIT
    if inbound.channel not in DATED or not 1_000_000_000 < seconds < 10_000_000_000:
        return None
    return datetime.fromtimestamp(seconds, UTC)
