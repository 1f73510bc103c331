"""The pieces scenes are made of: a conversation, a turn, the bot's words, a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from records.models import ChannelIdentity, Conversation, Inbound, Message, Outbound, Staff, Ticket, Turn


@dataclass
class Scene:
    """Who is there, and the cases on the desk."""

    staff: dict[str, Staff]
    conversations: dict[str, Conversation]
    tickets: dict[str, Ticket]


async def conversation(
    session: AsyncSession,
    scene: Scene,
    who: str,
    name: str | None,
    channel: str,
    at: datetime,
    *,
    bound: str | None = None,
    window_until: datetime | None = None,
) -> Conversation:
    """Open a conversation and remember it under the name of who writes."""
    identity = ChannelIdentity(
        channel=channel,
        external_id=f"{channel}-{who}",
        display_name=name,
        participant_id=bound,
        bound_by="rehearsal" if bound else None,
        bound_at=at if bound else None,
    )
    session.add(identity)
    await session.flush()
    chat = Conversation(
        channel=channel,
        external_id=f"{channel}-{who}",
        identity_id=identity.id,
        opened_at=at,
        last_inbound_at=at,
        window_until=window_until,
    )
    session.add(chat)
    await session.flush()
    scene.conversations[who] = chat
    return chat


async def turn(
    session: AsyncSession,
    chat: Conversation,
    text: str,
    at: datetime,
    *,
    intent: str | None,
    confidence: float | None,
    platform: str | None,
    findings: list[dict[str, Any]] | None = None,
    outcome: str = "answered",
    also: list[dict[str, Any]] | None = None,
) -> UUID:
    """The participant says something and the bot understands it."""
    inbound = Inbound(
        channel=chat.channel,
        external_id=str(uuid4()),
        conversation_id=chat.id,
        kind="text",
        order_key=1,
        received_at=at,
        status="done",
    )
    session.add(inbound)
    await session.flush()
    turn_id = uuid4()
    session.add(
        Message(
            conversation_id=chat.id,
            direction="in",
            author="participant",
            text=text,
            inbox_id=inbound.id,
            turn_id=turn_id,
            created_at=at,
        )
    )
    session.add(
        Turn(
            id=turn_id,
            inbox_id=inbound.id,
            conversation_id=chat.id,
            channel=chat.channel,
            intent=intent,
            confidence=confidence,
            ranking=[
                {"name": intent, "confidence": confidence},
                {"name": "system_outage", "confidence": 0.09},
                {"name": "purchase_requirements", "confidence": 0.04},
            ],
            also=also or [],
            platform=platform,
            findings=findings or [],
            outcome=outcome,
            model="model-scene",
            took_ms=21.0,
            created_at=at,
        )
    )
    await session.flush()
    return turn_id


async def bot_says(
    session: AsyncSession,
    chat: Conversation,
    text: str,
    at: datetime,
    *,
    buttons: list[str] | None = None,
    status: str = "sent",
) -> None:
    """The bot answers."""
    choices = [{"title": title, "token": title, "choice": {}} for title in buttons or []]
    said = Message(conversation_id=chat.id, direction="out", author="bot", text=text, buttons=choices, created_at=at)
    session.add(said)
    await session.flush()
    session.add(
        Outbound(
            conversation_id=chat.id,
            message_id=said.id,
            channel=chat.channel,
            payload={"text": text, "buttons": []},
            author="bot",
            owner_version=chat.owner_version,
            status=status,
            error="403 bot was blocked" if status == "refused" else None,
        )
    )
    await session.flush()


async def ticket(
    session: AsyncSession,
    scene: Scene,
    who: str,
    chat: Conversation,
    opened_by: UUID,
    *,
    opened: datetime,
    promised: datetime,
    **values: Any,
) -> None:
    """A case is opened."""
    case = Ticket(
        conversation_id=chat.id,
        opened_by_turn=opened_by,
        opened_at=opened,
        promised_at=promised,
        status="open",
        version=0,
        **values,
    )
    session.add(case)
    await session.flush()
    await session.refresh(case)
    scene.tickets[who] = case
