"""The one place where the simulator is put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from simulator.chats import ChatBook
from simulator.clock import Clock, RehearsalClock, real_clock
from simulator.control.acts import Stage
from simulator.control.api import control_api
from simulator.control.groups import group_api
from simulator.control.sms import sms_api
from simulator.control.talk import Talk
from simulator.faults import FaultBoard
from simulator.front import ShortWay
from simulator.journal import Journal
from simulator.media import MediaStore
from simulator.page.routes import page_routes
from simulator.people import People
from simulator.programme.api import ProgrammeApi
from simulator.programme.buying import Till
from simulator.programme.truth import TruthFile
from simulator.settings import SimulatorSettings
from simulator.telegram.server import TelegramServer
from simulator.whatsapp.server import WhatsAppServer
from simulator.wire import Post, Poster

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Simulator:
    """All the parts, for the application and for tests."""

    journal: Journal
    chats: ChatBook
    board: FaultBoard
    stage: Stage
    programme: ProgrammeApi
    app: FastAPI
    media: MediaStore


def build(settings: SimulatorSettings, *, post: Post | None = None, clock: Clock | None = None) -> Simulator:
    """Put the simulator together.

    Args:
        settings: what the environment says.
        post: how webhooks are sent; over the network unless a test says otherwise.
        clock: rehearsed time; from the shared clock file unless a test says otherwise.
    """
    poster = post or Poster()
    now = clock or (RehearsalClock(settings.clock_file) if settings.clock_file else real_clock)
    journal = Journal(settings.data / "journal.jsonl")
    chats, board, media = ChatBook(journal), FaultBoard(), MediaStore()
    telegram = TelegramServer(settings, journal, chats, now, board, media, poster)
    whatsapp = WhatsAppServer(settings, journal, chats, now, board, media, poster)
    stage = Stage(People(settings.data / "people.json"), telegram, whatsapp)
    known = TruthFile(settings.data, journal)
    programme = ProgrammeApi(settings, known, Till(known, now), board)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        journal.open()
        telegram.state.settle()
        telegram.delivery.start_all()
        whatsapp.sender.start_all()
        yield
        await telegram.delivery.close()
        await whatsapp.sender.close()
        if isinstance(poster, Poster):
            poster.close()
        journal.close()

    app = FastAPI(title="Simulator", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        ShortWay,
        rooms={
            "/telegram/": telegram.edge,
            "/whatsapp/": whatsapp.edge,
            "/programme/": programme.edge,
            "/control/talk": Talk(stage, chats),
        },
    )
    app.include_router(control_api(settings, stage, chats, board, journal, poster))
    app.include_router(group_api(stage))
    app.include_router(sms_api(programme.till))
    app.include_router(page_routes(stage, chats, media))
    app.mount("/static", StaticFiles(directory=HERE / "page" / "static"))
    return Simulator(journal, chats, board, stage, programme, app, media)
