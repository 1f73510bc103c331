"""The doors of the web chat: a page, a name for whoever comes, messages in, and news out by long poll.

A message is acknowledged once it is committed, and a repeated one is harmless, because the page gives every message an
id. News is fetched by a request that waits: unlike a stream it survives proxies that buffer and lines that die without
a word, every answer is whole, and what the page has got is told by its next question.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import wording
from bot.channels import pulled
from bot.feed import Feed, Seen, Wanted
from bot.media.kept import Files
from bot.media.reasons import TOO_LARGE, Refuse
from bot.media.uploads import Uploads
from bot.posting import Posting, problem
from bot.receipts_of_pages import Receipts
from bot.sending import Refused as NotThere
from bot.visitors import COOKIE, Visitor, Visitors, give, new_visitor
from bot.waiting import Place, Waiting
from bot.web_gate import Gate, from_our_page
from bot.web_pages import HEADERS, POWERLESS, SMALL, Pages, embedded
from bot.webhooks import TooLarge, body_of

log = logging.getLogger("bot.web")

AWAY = (SQLAlchemyError, OSError, TimeoutError)
AWAY_SECONDS = 5
LONGEST_WAIT = 25.0
LOOK_AGAIN = 10.0
"""For what no bell rings for."""
SOON = 1.0
"""While a message of theirs is in hand: its end rings only where there is an answer."""
QUESTION_LIMIT = 4096
FILE_LIMIT = 5_000_000
MOST_IDS = 40


@dataclass(frozen=True)
class Question:
    """What a page asks: what it has, what it has shown, how long it would wait."""

    wanted: Wanted
    wait: float = 0.0
    chat: str | None = None
    """The chat whose numbers these are; another by now where a one-time link was opened meanwhile."""
    got: int = 0
    read: int = 0


@dataclass
class WebDoors:
    """The web chat."""

    posting: Posting
    feed: Feed
    receipts: Receipts
    visitors: Visitors
    waiting: Waiting
    pages: Pages
    uploads: Uploads | None = None
    files: Files | None = None
    gate: Gate = field(default_factory=Gate)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/chat", self.page, middleware=[SMALL]),
            Route("/webchat/visitor", self.begin, methods=["POST"]),
            Route("/webchat/messages", self.post, methods=["POST"]),
            Route("/webchat/messages", self.fetch, methods=["GET"], middleware=[SMALL]),
            Route("/webchat/files/{key}", self.file, methods=["POST"]),
            Route("/webchat/files/{id:uuid}", self.hand_out, methods=["GET"]),
            Route("/webchat/poll", self.poll, methods=["POST"], middleware=[SMALL]),
            *self.pages.routes(),
        ]

    async def page(self, request: Request) -> Response:
        """Show the chat page, naming the visitor if they are new; a database that is away does not hide the page."""
        answer = self.pages.chat(request)
        try:
            await self.visitors.name(request, answer, framed=embedded(request))
        except AWAY:
            log.warning("page shown without a name: database away")
        return answer

    async def begin(self, request: Request) -> Response:
        """Name a visitor who is nobody yet, or whose chat ended; in the body where the page has to keep it itself."""
        if not from_our_page(request):
            return problem(403, wording.WEB_FOREIGN)
        asked = _flags(await body_of(request, QUESTION_LIMIT))
        framed = asked.get("embedded") is True
        name = new_visitor()
        if asked.get("keep") is True or (framed and request.url.scheme != "https"):
            return JSONResponse({"visitor": name}, headers=HEADERS)
        answer = JSONResponse({}, headers=HEADERS)
        give(request, answer, COOKIE, name, framed=framed)
        return answer

    async def post(self, request: Request) -> Response:
        """Take a visitor's message."""
        if not from_our_page(request):
            return problem(403, wording.WEB_FOREIGN)
        try:
            visitor = await self.visitors.who(request)
        except AWAY:
            return problem(503, wording.WEB_NOT_STORED, again=AWAY_SECONDS)
        if visitor is None:
            return problem(401, wording.WEB_NOBODY)
        if seconds := self.gate.post(request, visitor.name, new=visitor.new):
            return problem(429, wording.WEB_TOO_FAST, again=seconds)
        return await self.posting.take(request, pulled.WEB, visitor.name, visitor.chat)

    async def file(self, request: Request) -> Response:
        """Keep a file for the message that will name it; the same key again changes nothing."""
        if not from_our_page(request):
            return problem(403, wording.WEB_FOREIGN)
        try:
            visitor = await self.visitors.who(request)
            if visitor is None or self.uploads is None:
                return problem(401, wording.WEB_NOBODY)
            if seconds := self.gate.file(request, visitor.name):
                return problem(429, wording.WEB_TOO_FAST, again=seconds)
            content = await body_of(request, FILE_LIMIT)
            await self.uploads.hold(visitor.name, request.path_params["key"][:64], content)
        except TooLarge:
            return problem(413, wording.WEB_FILE_TOO_LARGE)
        except Refuse as refused:
            return problem(413 if refused.reason == TOO_LARGE else 415, wording.WEB_FILE_REFUSED)
        except AWAY:
            return problem(503, wording.WEB_NOT_STORED, again=AWAY_SECONDS)
        return JSONResponse({}, 202, headers=HEADERS)

    async def hand_out(self, request: Request) -> Response:
        """Give a visitor a file that was sent to them: a picture to be shown, anything else as a download."""
        try:
            visitor = await self.visitors.who(request)
            if visitor is None or self.files is None:
                return problem(401, wording.WEB_NOBODY)
            if seconds := self.gate.look(request, visitor.name):
                return problem(429, wording.WEB_TOO_FAST, again=seconds)
            file = await self.files.for_visitor(visitor.name, request.path_params["id"])
        except NotThere:
            return problem(404, wording.WEB_NO_FILE)
        except AWAY:
            return problem(503, wording.WEB_AWAY, again=AWAY_SECONDS)
        how = "inline" if file.type.startswith("image/") else "attachment"
        named = {"Content-Disposition": f'{how}; filename="{file.name}"', "Cache-Control": "private, max-age=3600"}
        return Response(file.content, media_type=file.type, headers=HEADERS | POWERLESS | named)

    async def fetch(self, request: Request) -> Response:
        """Return what was said since `after`, at once: for those who look now and then."""
        after = request.query_params.get("after")
        wanted = Wanted(int(after) if after is not None and after.isdecimal() and len(after) < 10 else None)
        return await self._answer(request, Question(wanted))

    async def poll(self, request: Request) -> Response:
        """Note what the page has shown, and return what is new, waiting for it where it wants to."""
        if not from_our_page(request):
            return problem(403, wording.WEB_FOREIGN)
        try:
            question = question_of(await body_of(request, QUESTION_LIMIT))
        except (ValueError, TypeError, AttributeError, TooLarge):
            return problem(400, wording.WEB_UNREADABLE)
        return await self._answer(request, question)

    async def _answer(self, request: Request, question: Question) -> Response:
        try:
            visitor = await self.visitors.who(request)
            if visitor is None:
                ended = {"ended": wording.WEB_ENDED} if await self.visitors.ended(request) else {"new": True}
                return JSONResponse({"messages": [], **ended}, headers=HEADERS)
            if seconds := self.gate.look(request, visitor.name):
                return problem(429, wording.WEB_TOO_FAST, again=seconds)
            return await self._news(request, visitor, question)
        except AWAY as trouble:
            log.warning("news not looked up: %s", type(trouble).__name__)
            return problem(503, wording.WEB_AWAY, again=AWAY_SECONDS)

    async def _news(self, request: Request, visitor: Visitor, question: Question) -> Response:
        seen = await self.feed.look(pulled.WEB, visitor.name, question.wanted)
        if seen.conversation and question.chat == visitor.chat and (question.got or question.read):
            await self.receipts.take(seen.conversation, got=question.got, read=question.read)
        if question.wait <= 0 or seen.conversation is None or seen.news_for(question.wanted):
            return _told(visitor, seen, question.wanted)
        with self.waiting.place(pulled.WEB, visitor.name) as place:
            if place is None:
                return _told(visitor, seen, question.wanted, crowded=True)
            return await self._wait(request, visitor, question, place)

    async def _wait(self, request: Request, visitor: Visitor, question: Question, place: Place) -> Response:
        """Look until there is news or the page would rather hear that there is none."""
        gone = asyncio.create_task(_gone(request))
        until = time.monotonic() + question.wait
        try:
            while True:
                seen = await self.feed.look(pulled.WEB, visitor.name, question.wanted)
                left = until - time.monotonic()
                typing = place.typing
                if typing or seen.news_for(question.wanted) or left <= 0 or place.over or gone.done():
                    return _told(visitor, seen, question.wanted, typing=typing)
                await place.rest(min(left, SOON if question.wanted.ids else LOOK_AGAIN))
        finally:
            gone.cancel()


def question_of(body: bytes) -> Question:
    """Return what a page asks; raises ValueError, TypeError or AttributeError where it cannot be read."""
    asked = orjson.loads(body or b"{}")
    after, before = asked.get("after"), asked.get("before")
    ids = [str(client_id)[:64] for client_id in asked.get("ids") or []][:MOST_IDS]
    wanted = Wanted(None if after is None else _number(after), _number(before) or None, ids)
    wait = min(LONGEST_WAIT, max(0.0, float(asked.get("wait") or 0)))
    chat = asked.get("chat")
    return Question(wanted, wait, chat and str(chat), _number(asked.get("got")), _number(asked.get("read")))


def _number(value: object) -> int:
    return max(0, min(2**31 - 1, int(str(value or 0))))


def _flags(body: bytes) -> dict[str, object]:
    try:
        asked = orjson.loads(body or b"{}")
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _told(visitor: Visitor, seen: Seen, wanted: Wanted, *, typing: bool = False, crowded: bool = False) -> Response:
    if wanted.after is not None and not (typing or seen.news_for(wanted)):
        headers = HEADERS | ({"Retry-After": str(AWAY_SECONDS)} if crowded else {})
        return Response(status_code=204, headers=headers)
    told: dict[str, object] = {"chat": visitor.chat, "messages": seen.messages}
    if seen.states:
        told["states"] = dict(seen.states)
    if seen.messages:
        told["offered"] = seen.offered
    if typing:
        told["typing"] = True
    if visitor.new:
        told["quiet"] = True
    if (wanted.after or 0) > seen.last:
        # the page has more than we do: an older copy of the records is in use, or the chat was erased
        told["reset"] = True
    return JSONResponse(told, headers=HEADERS)


async def _gone(request: Request) -> None:
    """Return when whoever asked has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
