"""The door of one-time links into the web chat.

Opening a link shows a page with a button and nothing else: messengers fetch links before people do. Only pressing it
uses the link up and binds this browser's chat. A link that is expired, used, unknown or no link at all looks the same,
before the button and after it.
"""

import asyncio
import hashlib
import logging
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import wording
from bot.channels import pulled
from bot.identity.changes import Bound, use
from bot.identity.keys import IdentityKeys, token_hash
from bot.identity.limits import Failure, count, locked
from bot.identity.words import LINK_PATH
from bot.visitors import Visitors, new_visitor
from bot.web_pages import HEADERS, PAGES
from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation, Message, Outbound

log = logging.getLogger("bot.web_links")

REFUSED = 404
LONGEST_TOKEN = 200


class LinkDoors:
    """Shows and uses one-time links."""

    def __init__(
        self, database: Database, keys: IdentityKeys, visitors: Visitors, clock: Clock, said: asyncio.Event
    ) -> None:
        self._database, self._keys, self._visitors = database, keys, visitors
        self._clock, self._said = clock, said

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = LINK_PATH + "{token:path}"
        return [Route(path, self.show, methods=["GET"]), Route(path, self.open, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the button; whether the link works is not looked at yet."""
        answer = FileResponse(PAGES / "link.html", headers=HEADERS)
        await self._visitors.name(request, answer)
        return answer

    async def open(self, request: Request) -> Response:
        """Use the link up and bind this browser's chat."""
        visitor = await self._visitors.of(request)
        if visitor is None or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            # without the cookie of the page with the button, somebody else's page sent this
            return _refused()
        key = secrets.token_urlsafe(24)
        try:
            opened = await self._open(visitor, token_hash(request.path_params["token"][:LONGEST_TOKEN]), key)
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            log.warning("link not opened: %s", type(problem).__name__)
            return HTMLResponse("Sedang ada gangguan. Coba buka tautannya lagi sebentar lagi.", 503, HEADERS)
        if opened is None:
            return _refused()
        self._said.set()
        answer = RedirectResponse("/chat", 303, HEADERS)
        self._visitors.give(request, answer, opened, key)
        return answer

    async def _open(self, visitor: str, hashed: str, key: str) -> str | None:
        """Return the visitor who is bound now, or None."""
        subject = self._keys.subject("identity", f"{pulled.WEB}:{visitor}")
        now = self._clock()
        async with self._database.write() as session:
            closed = await locked(session, subject)
            link = None if closed else await use(session, hashed)
            owner = await session.get(ChannelIdentity, link.identity_id) if link else None
            if link is None or owner is None or owner.participant_id is None:
                await count(session, Failure("link", pulled.WEB, subject, self._keys.subject("link", hashed)), now)
                return None
            visitor = await _own_chat(session, visitor, owner.participant_id)
            bound = Bound(owner.participant_id, "link", owner.phone_hash, owner.id)
            chat = await _bind(session, visitor, bound, hashlib.sha256(key.encode()).hexdigest(), now)
            await _tell(session, chat, wording.LINK_USED_WEB, now)
            await _tell(session, link.conversation_id, wording.LINK_USED_HERE, now)
        return visitor


async def _own_chat(session: AsyncSession, visitor: str, participant: str) -> str:
    """Return the visitor, or a new one where this chat has shown somebody else's data."""
    before = await session.scalar(
        select(ChannelIdentity).where(ChannelIdentity.channel == pulled.WEB, ChannelIdentity.external_id == visitor)
    )
    shown_to_another = before is not None and before.session_hash and before.participant_id != participant
    return new_visitor() if shown_to_another else visitor


async def _bind(session: AsyncSession, visitor: str, bound: Bound, session_hash: str, now: datetime) -> UUID:
    """Bind the visitor, whose chat from now on only this browser sees; returns their conversation."""
    values = {**bound.values(now), "session_hash": session_hash, "declined_at": None}
    made = {"id": uuid4(), "channel": pulled.WEB, "external_id": visitor, "display_name": pulled.WEB_VISITOR}
    identity = await session.scalar(
        insert(ChannelIdentity)
        .values({**made, **values})
        .on_conflict_do_update(index_elements=["channel", "external_id"], set_=values)
        .returning(ChannelIdentity.id)
    )
    chat = {"id": uuid4(), "channel": pulled.WEB, "external_id": visitor, "identity_id": identity, "opened_at": now}
    # what was said before may have been somebody else's
    again: dict[str, Any] = {"dialogue_state": {}, "offered": []}
    conversation: UUID = (
        await session.scalars(
            insert(Conversation)
            .values(chat)
            .on_conflict_do_update(index_elements=["channel", "external_id"], set_=again)
            .returning(Conversation.id)
        )
    ).one()
    return conversation


async def _tell(session: AsyncSession, conversation: UUID, words: str, now: datetime) -> None:
    """Say something in a chat, whoever holds it."""
    chat = (await session.execute(select(Conversation).where(Conversation.id == conversation))).scalar_one()
    message = uuid4()
    said = {
        "id": message,
        "conversation_id": conversation,
        "direction": "out",
        "author": "system",
        "text": words,
        "created_at": now,
    }
    await session.execute(insert(Message).values(said))
    sent = {
        "conversation_id": conversation,
        "message_id": message,
        "channel": chat.channel,
        "payload": {"text": words, "buttons": [], "request_contact": False},
        "author": "system",
        "owner_version": chat.owner_version,
    }
    await session.execute(insert(Outbound).values({"id": uuid4(), **sent}))


def _refused() -> Response:
    return FileResponse(PAGES / "link_refused.html", REFUSED, headers=HEADERS)
