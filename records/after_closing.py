"""What a closed case leaves open: how the help was found, and that it was no help yet. Both sides of the wall use it.

The desk offers it with the closing message, the bot hears it; the offer names the case and how often it was reopened,
so that an old button says nothing about a later end.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from records.models import Ticket
from records.promises import Promised

AFTER_CLOSING = "after_closing"
REOPEN, RATE, WHY = "reopen", "rate", "why"
REOPENABLE = timedelta(days=7)
LOW = 2
NOT_YET = "Belum beres"
CLOSING = "closing"
"""The kind of the message that offers all this."""
SCORES = {5: "5 Bagus", 4: "4", 3: "3 Cukup", 2: "2", 1: "1 Jelek"}

LEADS = text(
    """
    WITH leads AS (
        SELECT s.id FROM staff s JOIN team_members m ON m.staff_id = s.id
        WHERE s.active AND s.role = 'lead' AND m.team_id = :team
    )
    INSERT INTO staff_notices (id, staff_id, kind, conversation_id, ticket_id, said, at)
    SELECT gen_random_uuid(), s.id, :kind, :conversation, :ticket, :said, :at
    FROM staff s WHERE s.id IN (SELECT id FROM leads)
       OR (NOT EXISTS (SELECT FROM leads) AND s.active AND s.role = 'admin')
    """
)


@dataclass(frozen=True)
class Offer:
    """One thing that was offered with a closing message."""

    ticket: UUID
    times: int
    """How often the case had been reopened."""
    asked: str
    score: int = 0

    def choice(self) -> dict[str, Any]:
        """Return it as a button carries it."""
        slots = {"ticket": str(self.ticket), "times": self.times, "asked": self.asked, "score": self.score}
        return {"intent": AFTER_CLOSING, "slots": slots}


def offer_of(choice: dict[str, Any] | None) -> Offer | None:
    """Return what a button of a closing message offers; None for every other button."""
    if not choice or choice.get("intent") != AFTER_CLOSING:
        return None
    slots = choice["slots"]
    return Offer(UUID(slots["ticket"]), slots["times"], slots["asked"], slots["score"])


def offers(ticket: UUID, times: int) -> list[dict[str, Any]]:
    """Return everything that is offered with a closing message: [{"title", "choice"}]."""
    scores = [{"title": title, "choice": Offer(ticket, times, RATE, it).choice()} for it, title in SCORES.items()]
    return [not_yet(ticket, times), *scores]


def not_yet(ticket: UUID, times: int) -> dict[str, Any]:
    """Return the button that reopens the case."""
    return {"title": NOT_YET, "choice": Offer(ticket, times, REOPEN).choice()}


def with_tokens(buttons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return buttons as a conversation remembers them."""
    return [{**button, "token": secrets.token_urlsafe(12)} for button in buttons]


def reopened(ticket: Ticket, made: Promised, said_at: datetime) -> dict[str, Any]:
    """Return what changes of a case that its participant opens again: a new promise, the old holder remembered."""
    return {
        "status": "open",
        "staff_id": None,
        "previous_staff_id": ticket.staff_id,
        "resolved_at": None,
        "resolution": None,
        "first_reply_at": None,
        "promised_at": made.answer_by,
        "resolve_by": made.resolve_by,
        "warned_at": None,
        "broken_at": None,
        "waiting_since": said_at,
        "reopened": ticket.reopened + 1,
    }


async def tell_leads(session: AsyncSession, ticket: Ticket, kind: str, said: str, at: datetime) -> None:
    """Leave news for the leads of the case's team; where there are none, for the administrators."""
    given = {"team": ticket.team_id, "kind": kind, "conversation": ticket.conversation_id, "ticket": ticket.id}
    await session.execute(LEADS, {**given, "said": said, "at": at})
