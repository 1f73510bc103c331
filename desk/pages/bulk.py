"""Acts on many cases: shown before, done in the background, and told case by case afterwards."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from desk.acts.snooze import choices
from desk.acts.tags import offered
from desk.bulk.acts import ACTS, Act
from desk.bulk.preview import Preview, preview
from desk.bulk.results import read_bulk, receivers
from desk.bulk.starting import MOST, start, stop, well_given
from desk.door import signed_in
from desk.office import Office, office_of
from desk.pages.queue_asked import Asked
from desk.paper import page, render
from desk.parts import Part, part, send_changed
from desk.queue import reading, words
from desk.queue.reading import Question
from desk.refusals import NotWellSaid
from desk.wording import PRIORITIES

router = APIRouter(prefix="/antrean/banyak")
TheOffice = Annotated[Office, Depends(office_of)]
KEPT = "saring_"
"""Begins the names of the words that say which queue the cases were chosen from."""


@router.post("")
async def bulk_preview(request: Request, office: TheOffice) -> Response:
    """Show what an act would reach before it begins."""
    form = await request.form()
    brought = {name: str(value) for name, value in form.items()}
    numbers = [str(one) for one in form.getlist("pilih")]
    return await _preview(request, office, brought, numbers)


@router.post("/mulai")
async def bulk_start(request: Request, office: TheOffice) -> Response:
    """Begin the act in the background, once for this form."""
    brought = {name: str(value) for name, value in (await request.form()).items()}
    numbers = [one for one in brought.get("tiket", "").split(",") if one][: MOST + 1]
    act, now = _act(brought), office.clock()
    try:
        async with office.database.write() as session:
            given = await well_given(session, act, brought, now)
            what: dict[str, Any] = {"key": UUID(brought.get("key", "")), "act": act.key, "given": given}
            bulk = await start(session, **what, numbers=numbers, person=signed_in(request), at=now)
    except NotWellSaid as problem:
        return await _preview(request, office, brought, numbers, problem=str(problem))
    except ValueError:
        raise NotWellSaid("Formulir ini tidak lengkap. Kembali ke antrean dan pilih lagi.") from None
    return RedirectResponse(f"/antrean/banyak/{bulk}", status_code=303)


@router.get("/{bulk_id}")
async def bulk_page(request: Request, office: TheOffice, bulk_id: UUID) -> Response:
    """Show how far an act is and what became of each case."""
    made = await _progress(request, office, bulk_id)
    return page(request, "bulk.html", progress=made, bulk_id=bulk_id)


@router.get("/{bulk_id}/langsung")
async def bulk_live(request: Request, office: TheOffice, bulk_id: UUID, sidik: str = "") -> Response:
    """Show it again where it went on."""
    return send_changed(request, [await _progress(request, office, bulk_id)], [sidik])


@router.post("/{bulk_id}/hentikan")
async def bulk_stop(request: Request, office: TheOffice, bulk_id: UUID) -> Response:
    """End the act before its end."""
    async with office.database.write() as session:
        await stop(session, office.bell, bulk_id, person=signed_in(request), at=office.clock())
    return RedirectResponse(f"/antrean/banyak/{bulk_id}", status_code=303)


async def _preview(
    request: Request, office: Office, brought: Mapping[str, str], numbers: list[str], problem: str | None = None
) -> Response:
    act, person = _act(brought), signed_in(request)
    asked = Asked.of({name.removeprefix(KEPT): said for name, said in brought.items() if name.startswith(KEPT)})
    question = asked.by(person, office.clock())
    async with office.database.read() as session:
        question = await reading.named(session, question)
        if brought.get("semua") and "tiket" not in brought:
            numbers = await reading.all_numbers(session, question, MOST)
        lines = await reading.again(session, question, numbers[:MOST])
        total = (await reading.counts(session, question, [asked.tab]))[asked.tab] if brought.get("semua") else 0
        offers: dict[str, Any] = {"tags": await offered(session) if act.key == "tag" else []}
        offers["people"] = await receivers(session) if act.leads else []
    if not numbers:
        raise NotWellSaid("Belum ada tiket yang dipilih. Centang barisnya dulu, atau pilih semua.")
    shown = preview(act, numbers[:MOST], lines, person)
    given = {**_offers(act, shown, question), **offers, "brought": brought, "asked": asked, "total": total}
    status = 422 if problem else 200
    return page(request, "bulk_preview.html", status, **given, numbers=numbers[:MOST], problem=problem)


def _offers(act: Act, shown: Preview, question: Question) -> dict[str, Any]:
    return {
        "act": act,
        "preview": shown,
        "most": MOST,
        "say": words,
        "key": uuid4(),
        "priorities": PRIORITIES,
        "choices": choices(question.now),
    }


def _act(brought: Mapping[str, str]) -> Act:
    act = ACTS.get(brought.get("act", ""))
    if act is None:
        raise NotWellSaid("Pilih dulu tindakannya.")
    return act


async def _progress(request: Request, office: Office, bulk_id: UUID) -> Part:
    async with office.database.read() as session:
        bulk = await read_bulk(session, bulk_id, signed_in(request))
    return part("kemajuan", render(request, "bulk_progress.html", bulk=bulk, say=words))
