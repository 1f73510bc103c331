"""The phone page and its live stream; everything a person does there goes through the control API."""

from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.templating import Jinja2Templates

from simulator.chats import ChatBook
from simulator.control.acts import Channel, Stage
from simulator.control.groups import STAFF, USUAL_ID
from simulator.media import MediaStore
from simulator.page.switches import SWITCHES

TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
QUIET = 15.0


def page_routes(stage: Stage, chats: ChatBook, media: MediaStore) -> APIRouter:
    """Make the routes of the page."""
    routes = APIRouter()

    @routes.get("/")
    async def page(request: Request) -> Response:
        """Show the phone."""
        people = list(stage.people.all().values())
        shown = {"people": people, "switches": SWITCHES}
        return TEMPLATES.TemplateResponse(request, "phone.html", shown, headers=HEADERS)

    @routes.get("/grup")
    async def group(request: Request) -> Response:
        """Show the staff group as one of its members sees it."""
        return TEMPLATES.TemplateResponse(request, "group.html", {"staff": STAFF, "usual": USUAL_ID}, headers=HEADERS)

    @routes.get("/favicon.ico")
    async def icon() -> Response:
        """Have no icon."""
        return Response(status_code=204)

    @routes.get("/page/pictures/{name}")
    async def picture(name: str) -> Response:
        """Show a picture as a phone does: a sample of the sender's own, or one the bot sent."""
        found = media.shown(name)
        if found is None:
            return Response(status_code=404)
        return Response(found.content, media_type=found.mime, headers=HEADERS)

    @routes.get("/page/events/{channel}/{who}")
    async def events(channel: Channel, who: str) -> StreamingResponse:
        """Tell whenever a chat changed."""
        key = stage.chat_of(channel, who)
        return StreamingResponse(_changes(chats, channel, key), media_type="text/event-stream", headers=HEADERS)

    return routes


async def _changes(chats: ChatBook, channel: str, chat: str) -> AsyncIterator[str]:
    version = chats.version(channel, chat)
    yield f"data: {version}\n\n"
    while True:
        if await chats.wait(channel, chat, version, QUIET):
            version = chats.version(channel, chat)
            yield f"data: {version}\n\n"
        else:
            yield ": masih di sini\n\n"
