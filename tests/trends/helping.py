"""A helped public for the figures of the service: what people wrote and what became of it, told row by row."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Conversation, Inbound, Message, Outbound, Ticket, Turn


@dataclass
class Town:
    """People, by the name of their chat."""

    chats: dict[str, UUID] = field(default_factory=dict)

    async def chat(self, session: AsyncSession, who: str, channel: str, at: datetime) -> UUID:
        """Return somebody's chat on a channel; the first time it is opened."""
        if (key := f"{who} {channel}") not in self.chats:
            made = Conversation(channel=channel, external_id=key, opened_at=at)
            session.add(made)
            await session.flush()
            self.chats[key] = made.id
        return self.chats[key]

    async def says(
        self,
        session: AsyncSession,
        who: str,
        at: datetime,
        intent: str | None = "payment_failed",
        *,
        channel: str = "telegram",
        participant: str | None = None,
        outcome: str = "answered",
        seconds: int | None = 3,
        platform: str | None = None,
        text: str = "saya gak bisa bayar",
    ) -> UUID:
        """Somebody writes, and the bot does something; its words leave so many seconds later (None: never)."""
        chat = await self.chat(session, who, channel, at)
        told = {"channel": channel, "external_id": str(uuid4()), "conversation_id": chat, "kind": "text"}
        inbound = Inbound(**told, order_key=1, received_at=at, status="done")
        session.add(inbound)
        await session.flush()
        turn = Turn(
            **{"id": uuid4(), "inbox_id": inbound.id, "conversation_id": chat, "channel": channel, "intent": intent},
            **{"participant_id": participant, "platform": platform, "outcome": outcome, "took_ms": 9.0},
            created_at=at,
        )
        said = {"conversation_id": chat, "created_at": at}
        reply = Message(**said, direction="out", author="bot", text="Kak, …", turn_id=turn.id)
        session.add_all(
            [turn, Message(**said, direction="in", author="participant", text=text, inbox_id=inbound.id), reply]
        )
        await session.flush()
        sent = {"status": "sent", "sent_at": at + timedelta(seconds=seconds)} if seconds is not None else {}
        session.add(
            Outbound(
                **{"conversation_id": chat, "message_id": reply.id, "channel": channel, "payload": {"text": ""}},
                **{"author": "bot", "owner_version": 0, **sent},
            )
        )
        await session.flush()
        return turn.id

    async def case(
        self,
        session: AsyncSession,
        who: str,
        opened: datetime,
        *,
        answered: datetime | None = None,
        resolved: datetime | None = None,
        promised: datetime | None = None,
        intent: str = "paid_no_code",
        priority: str = "normal",
        platform: str | None = None,
        channel: str = "telegram",
    ) -> Ticket:
        """Somebody's case, as far as it has come."""
        turn = await self.says(session, who, opened, intent, channel=channel, outcome="handed_over", platform=platform)
        ticket = Ticket(
            **{"conversation_id": await self.chat(session, who, channel, opened), "channel": channel},
            **{"intent": intent, "platform": platform, "priority": priority, "queue": "PMO_TRANSACTION"},
            **{"summary": "Sudah bayar, kode belum ada.", "reason": "x", "opened_by_turn": turn, "opened_at": opened},
            promised_at=promised or opened + timedelta(hours=12),
            first_reply_at=answered,
            resolved_at=resolved,
            status="resolved" if resolved else "open",
        )
        session.add(ticket)
        await session.flush()
        return ticket
