"""The live stream: what is new in an open conversation as it is, and a word when a page should look at itself again.

A browser has one stream for all its pages (`live.js`); it says what they want to hear, with the proof that this sign-in
opened each conversation. What is told, and whether it still may be, is decided by `desk.teller`.
"""

import asyncio
import hmac
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from desk.door import SESSION_COOKIE, signed_in
from desk.ears import Listener, Wish
from desk.looking import glance_token
from desk.office import Office, office_of
from desk.presence import at_desk
from desk.sessions import Person
from records.models import Message

router = APIRouter()
TheOffice = Annotated[Office, Depends(office_of)]
MOST = 20
"""Conversations one browser hears of."""
RETRY_MS = 1500
QUEUE_PAUSE = 1.0
"""Seconds between two words to a queue page."""


@router.get("/aliran")
async def stream(
    request: Request,
    office: TheOffice,
    percakapan: Annotated[list[str] | None, Query(max_length=MOST)] = None,
    antrean: bool = False,
) -> StreamingResponse:
    """Send events until the browser leaves, the sign-in ends or the desk closes."""
    person = signed_in(request)
    wish = Wish(frozenset(_opened(person, percakapan or [])), antrean or not percakapan)
    listener = Listener(wish, request, str(person.id), request.cookies.get(SESSION_COOKIE, ""))
    events = Stream(office, listener).events()
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _opened(person: Person, said: list[str]) -> list[str]:
    """Those conversations this sign-in opened, which was audited: their ids come with the proof of that."""
    pairs = [one.partition(".")[::2] for one in said]
    return [str(UUID(key)) for key, proof in pairs if _is_proof(person, key, proof)]


def _is_proof(person: Person, key: str, proof: str) -> bool:
    try:
        return hmac.compare_digest(proof.encode(), glance_token(person, UUID(key)).encode())
    except ValueError:
        return False


@dataclass
class Stream:
    """One stream."""

    office: Office
    listener: Listener
    said_at: float = float("-inf")
    seen_at: float = float("-inf")

    async def events(self) -> AsyncIterator[str]:
        """Yield what the browser is told."""
        async with self.office.ears.listening(self.listener) as listener:
            await self._begin()
            # after a restart of the desk they do not come back all at once
            yield f"retry: {secrets.randbelow(RETRY_MS) + RETRY_MS}\n: tersambung\n\n"
            # what came between the page and its stream
            listener.stale = True
            self._ask()
            while True:
                await self._be_seen()
                await listener.wait(self.office.heartbeat.total_seconds())
                events = listener.take()
                if listener.closed:
                    return
                if listener.turn:
                    listener.turn = listener.asked = listener.stale = False
                    self.said_at = time.monotonic()
                    events.append(("berubah", ""))
                elif listener.stale and not listener.asked:
                    self._ask()
                yield "".join(f"event: {name}\ndata: {data}\n\n" for name, data in events) or ": masih ada\n\n"

    async def _begin(self) -> None:
        if not self.listener.wish.conversations:
            return
        ids = [UUID(key) for key in self.listener.wish.conversations]
        last = select(Message.conversation_id, func.max(Message.position)).where(Message.conversation_id.in_(ids))
        async with self.office.ears.few, self.office.database.read() as session:
            rows = await session.execute(last.group_by(Message.conversation_id))
            self.listener.upto = {str(key): 0 for key in ids} | {str(key): position for key, position in rows}

    async def _be_seen(self) -> None:
        """Whoever has any page open is at the desk; said once a heartbeat, and no reason to end where it cannot be."""
        if time.monotonic() - self.seen_at < self.office.heartbeat.total_seconds():
            return
        self.seen_at = time.monotonic()
        with suppress(SQLAlchemyError):
            await at_desk(self.office, UUID(self.listener.who))

    def _ask(self) -> None:
        """Ask for a turn to tell the page that it should look again; a queue page once a second."""
        self.listener.asked = True
        wait = self.said_at + QUEUE_PAUSE - time.monotonic() if self.listener.wish.anything else 0.0
        if wait <= 0:
            self.office.ears.pace.ask(self.listener)
        else:
            asyncio.get_running_loop().call_later(wait, self._ask_if_open)

    def _ask_if_open(self) -> None:
        if not self.listener.closed:
            self.office.ears.pace.ask(self.listener)
