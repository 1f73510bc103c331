"""The desk's web app, put together from what it is given; nothing is opened before it starts."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from desk.assets import Assets
from desk.door import NotAllowed, SignInFirst, StaleForm, admit
from desk.ears import Ears
from desk.headers import SafeHeaders
from desk.learning.present_model import PresentModel
from desk.office import Office
from desk.pages import (
    account,
    acts,
    alarms,
    answering,
    attachments,
    audit,
    broadcast_acts,
    broadcasts,
    bulk,
    canned,
    case_work,
    coming,
    conversation,
    deliveries,
    files_out,
    incidents,
    learning,
    lists_out,
    marking,
    notices,
    outside,
    people,
    permits,
    personal_data,
    presence,
    queue,
    rechecks,
    reports,
    search,
    second_step,
    sending_again,
    sources,
    stream,
    suspicions,
    tags,
    teams,
    telegram_account,
    trends,
    views,
    working_hours,
    workload,
)
from desk.paper import page, render
from desk.passwords import Passwords
from desk.politeness import Politeness
from desk.rechecking import Rechecking
from desk.refusals import NeedsPermit, Refusal
from desk.search.trail import Trail
from desk.sign_in.attempts import Attempts
from desk.sign_in.oidc import Oidc
from desk.staff_group.group import Group
from desk.teller import telling
from records.bell import Bell
from records.clock import Clock, system_clock
from records.database import Database
from records.sealed import Seal

LARGEST_FORM = 100_000


def create_app(
    *,
    database: Database,
    clock: Clock,
    bell: Bell,
    seal: Seal,
    setup_code: str | None = None,
    session_life: timedelta = timedelta(hours=12),
    secure_cookies: bool = False,
    passwords: Passwords | None = None,
    real_clock: Clock = system_clock,
    heartbeat: timedelta = timedelta(seconds=15),
    whatsapp_templates: str = "",
    broadcasts_a_minute: int = 1200,
    templates_a_day: int = 1000,
    second_factor: str = "off",
    oidc: Oidc | None = None,
    staff_group: Group | None = None,
    rechecking: Rechecking | None = None,
    present_model: PresentModel | None = None,
    report_folder: Path | None = None,
) -> FastAPI:
    """Return the app; whoever gives the database closes it."""
    office = Office(
        database=database,
        clock=clock,
        bell=bell,
        ears=Ears(bell),
        trail=Trail(database, clock),
        seal=seal,
        setup_code=setup_code,
        real_clock=real_clock,
        session_life=session_life,
        secure_cookies=secure_cookies,
        heartbeat=heartbeat,
        whatsapp_templates=whatsapp_templates,
        broadcasts_a_minute=broadcasts_a_minute,
        templates_a_day=templates_a_day,
        staff_group=staff_group,
        passwords=passwords or Passwords(),
        attempts=Attempts(database, seal, real_clock),
        second_factor=second_factor,
        oidc=oidc,
        rechecking=rechecking,
        report_folder=report_folder,
        politeness=Politeness(real_clock),
    )
    app = FastAPI(
        title="Meja Bantuan",
        lifespan=_open,
        dependencies=[Depends(admit)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=LARGEST_FORM,
    )
    app.state.office = office
    app.state.learning = learning.Room(present_model)
    app.add_middleware(SafeHeaders)
    app.mount("/aset", Assets(), name="static")
    for room in (
        coming,
        second_step,
        outside,
        account,
        queue,
        bulk,
        lists_out,
        broadcasts,
        broadcast_acts,
        views,
        conversation,
        rechecks,
        answering,
        canned,
        sending_again,
        attachments,
        acts,
        case_work,
        notices,
        presence,
        tags,
        files_out,
        search,
        stream,
        incidents,
        suspicions,
        trends,
        reports,
        sources,
        alarms,
        personal_data,
        people,
        teams,
        working_hours,
        workload,
        audit,
        telegram_account,
        permits,
        deliveries,
        learning,
        marking,
    ):
        app.include_router(room.router)
    _say_what_went_wrong(app)
    return app


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    office: Office = app.state.office
    async with office.ears.open(), telling(office), aclosing(office.trail):
        yield


def _say_what_went_wrong(app: FastAPI) -> None:
    @app.exception_handler(SignInFirst)
    async def sign_in_first(request: Request, _: SignInFirst) -> Response:
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": "/masuk"})
        onward = f"?lanjut={quote(_address(request), safe='')}" if request.method == "GET" else ""
        return RedirectResponse(f"/masuk{onward}", status_code=303)

    @app.exception_handler(NotAllowed)
    async def not_allowed(request: Request, _: NotAllowed) -> Response:
        return _problem(request, 403, "Bukan untuk peran Anda", "Halaman ini tidak dibuka untuk peran Anda.")

    @app.exception_handler(StaleForm)
    async def stale_form(request: Request, _: StaleForm) -> Response:
        said = "Formulir ini sudah kedaluwarsa. Kembali, muat ulang halamannya, lalu kirim lagi."
        return _problem(request, 403, "Formulir kedaluwarsa", said)

    @app.exception_handler(NeedsPermit)
    async def needs_permit(request: Request, refusal: NeedsPermit) -> Response:
        looked_at = _address(request) if request.method == "GET" and "hx-request" not in request.headers else ""
        ask = permits.permit_address(refusal.conversation_id, looked_at)
        if "hx-request" in request.headers:
            return Response(status_code=403, headers={"HX-Redirect": ask})
        return RedirectResponse(ask, status_code=303)

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return _problem(request, refusal.status, "Tidak bisa dilakukan", str(refusal))

    @app.exception_handler(RequestValidationError)
    async def not_understood(request: Request, _: RequestValidationError) -> Response:
        # what was sent is not said back: it may be a password
        said = "Ada isian yang kurang, terlalu panjang, atau tidak dikenal. Kembali, periksa, lalu coba lagi."
        return _problem(request, 422, "Isian tidak dipahami", said)

    @app.exception_handler(HTTPException)
    async def wrong_address(request: Request, problem: HTTPException) -> Response:
        return _problem(request, problem.status_code, "Tidak ditemukan", "Halaman ini tidak ada.")

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    async def no_database(request: Request, _: Exception) -> Response:
        said = "Basis data sedang tidak menjawab. Coba muat ulang sebentar lagi; yang sudah tersimpan tetap aman."
        return _problem(request, 503, "Sebentar, ya", said)


def _problem(request: Request, status: int, heading: str, said: str) -> Response:
    if "hx-request" in request.headers:
        return HTMLResponse(render(request, "news.html", news=None, problem=said, live=True), status)
    return page(request, "problem.html", status, heading=heading, said=said)


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
