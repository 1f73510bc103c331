"""The doors of channels whose reader fetches messages: web chat and console.

A visitor is a random name; they see their own conversation and nothing else. The console needs its token.
"""

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import wording
from bot.channels import pulled
from bot.feed import Feed, Wanted
from bot.inbox import Inbox
from bot.media.kept import Files
from bot.media.uploads import Uploads
from bot.posting import Posting, problem
from bot.receipts_of_pages import Receipts
from bot.settings import BotSettings
from bot.visitors import Visitors
from bot.waiting import Waiting
from bot.web_doors import WebDoors
from bot.web_pages import HEADERS, Pages
from records.bell import Bell
from records.clock import Clock
from records.database import Database


class PulledDoors:
    """Web chat and console."""

    def __init__(
        self,
        inbox: Inbox,
        database: Database,
        settings: BotSettings,
        visitors: Visitors,
        clock: Clock,
        bell: Bell,
        waiting: Waiting,
        uploads: Uploads | None = None,
        files: Files | None = None,
    ) -> None:
        self._posting, self._feed = Posting(inbox), Feed(database)
        receipts = Receipts(database, bell, clock)
        pages = Pages(settings.embed_origins)
        self._web = WebDoors(self._posting, self._feed, receipts, visitors, waiting, pages, uploads, files)
        self._console_token = settings.bot_console_token.get_secret_value()

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            *self._web.routes(),
            Route("/console/messages", self.console_post, methods=["POST"]),
            Route("/console/messages", self.console_fetch, methods=["GET"]),
        ]

    async def console_post(self, request: Request) -> Response:
        """Take a message from a terminal."""
        if not self._console(request):
            return problem(401, wording.CONSOLE_TOKEN_WRONG)
        return await self._posting.take(request, pulled.CONSOLE, _user(request))

    async def console_fetch(self, request: Request) -> Response:
        """Return what was said since `after`."""
        if not self._console(request):
            return problem(401, wording.CONSOLE_TOKEN_WRONG)
        after = request.query_params.get("after", "0")
        wanted = Wanted(int(after) if after.isdecimal() and len(after) < 10 else 0)
        seen = await self._feed.look(pulled.CONSOLE, _user(request), wanted)
        return JSONResponse({"messages": seen.messages}, headers=HEADERS)

    def _console(self, request: Request) -> bool:
        presented = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(presented.encode(), self._console_token.encode())


def _user(request: Request) -> str:
    return request.headers.get("X-Console-User", "konsol")
