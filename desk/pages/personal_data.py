"""Requests about personal data: what waits and until when, one person's page with show, correct and erase, receipts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from desk import personal_data
from desk.door import signed_in
from desk.office import Office, office_of
from desk.paper import page, render
from desk.raw_words import good_reason, open_raw
from desk.refusals import NoSuchCase, Refusal
from desk.wording import DATA_ERASED, DATA_ERASED_WHAT
from records.masking import mask
from records.privacy.correcting import Correction, correct
from records.privacy.person import NobodyThere, Subject, subject_of
from records.privacy.requests import Asked, ask_to_delete, conclude, file_request, show_request
from records.privacy.showing import as_json, as_zip, counts_of, everything_held, files_held, readable

router = APIRouter(prefix="/data-pribadi")
TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Form(max_length=300)]
NEWS = {"dihapus": "Permintaan hapus dicatat. Datanya dihapus begitu pesan terakhir ke peserta terkirim atau ditolak."}
DOWNLOADS = {"json": "application/json; charset=utf-8", "zip": "application/zip"}


@router.get("")
async def privacy_page(request: Request, office: TheOffice) -> Response:
    """Show what waits, and the receipts."""
    async with office.database.read() as session:
        waiting = await personal_data.waiting_tickets(session)
        receipts = await personal_data.latest_requests(session)
    return page(request, "personal_data.html", waiting=waiting, receipts=receipts)


@router.get("/tanda-terima/{receipt_number}")
async def privacy_receipt(request: Request, office: TheOffice, receipt_number: str) -> Response:
    """Show one receipt."""
    async with office.database.read() as session:
        receipt = await personal_data.receipt(session, receipt_number)
    return page(request, "personal_data_receipt.html", receipt=receipt)


@router.get("/{conversation_id}")
async def privacy_case(request: Request, office: TheOffice, conversation_id: UUID, kabar: str = "") -> Response:
    """Show one person: how much is held, what may be done, what was done."""
    return await _show(request, office, conversation_id, news=NEWS.get(kabar))


@router.post("/{conversation_id}/tunjukkan")
async def privacy_show(
    request: Request, office: TheOffice, conversation_id: UUID, reason: Word = "", form: Word = "page"
) -> Response:
    """Show everything held about the person, as a page, JSON or ZIP, with a receipt."""
    try:
        words = good_reason(reason)
    except Refusal as refusal:
        return await _show(request, office, conversation_id, status=refusal.status, problem=str(refusal))
    now = office.clock()
    async with office.database.write() as session:
        subject = await _subject(session, conversation_id)
        held = await everything_held(session, subject, office.seal)
        files = await files_held(session, subject, office.seal) if form == "zip" else {}
        asked = await _asked(request, office, "show", conversation_id, words)
        receipt = await show_request(session, asked, counts_of(held), now)
    shown = page(request, "personal_data_held.html", held=readable(held), receipt=receipt, subject=subject)
    if form not in DOWNLOADS:
        return shown
    number = receipt.number
    alone = render(request, "personal_data_alone.html", held=readable(held), receipt=receipt)
    body = (
        as_zip(held, alone, number=number, at=now, files=files)
        if form == "zip"
        else as_json(held, number=number, at=now).encode()
    )
    headers = {"Content-Disposition": f'attachment; filename="{number}.{form}"', "Cache-Control": "no-store"}
    return Response(body, media_type=DOWNLOADS[form], headers=headers)


@router.post("/{conversation_id}/betulkan")
async def privacy_correct(
    request: Request,
    office: TheOffice,
    conversation_id: UUID,
    reason: Word = "",
    unbind: Annotated[bool, Form()] = False,
    display_name: Word = "",
    platform: Word = "",
    course: Word = "",
) -> Response:
    """Correct what is held, with a receipt; empty fields stay as they are."""
    now = office.clock()
    try:
        words = good_reason(reason)
        async with office.database.read() as session:
            ticket = await personal_data.ticket_of(session, conversation_id)
        correction = Correction(
            unbind, display_name or None, ticket.id if ticket else None, platform or None, course or None
        )
        if correction.empty:
            raise personal_data.NothingToCorrect
        async with office.database.write() as session:
            counts = await correct(session, await _subject(session, conversation_id), correction)
            asked = await _asked(request, office, "correct", conversation_id, words)
            receipt = await file_request(session, asked, what=correction.what, now=now)
            await conclude(session, receipt, counts, now)
    except Refusal as refusal:
        return await _show(request, office, conversation_id, status=refusal.status, problem=str(refusal))
    return RedirectResponse(f"/data-pribadi/tanda-terima/{receipt.number}", status_code=303)


@router.post("/{conversation_id}/hapus")
async def privacy_delete(
    request: Request, office: TheOffice, conversation_id: UUID, reason: Word = "", confirm: Word = ""
) -> Response:
    """File the deletion: the last message goes out first, then the bot erases."""
    try:
        words = good_reason(reason)
        if confirm.strip().upper() != personal_data.CONFIRMED:
            raise personal_data.NotConfirmed
        asked = await _asked(request, office, "delete", conversation_id, words)
        async with office.database.write() as session:
            subject = await _subject(session, conversation_id)
            if subject.erased:
                raise personal_data.ErasedAlready
            await ask_to_delete(
                session, office.bell, asked, what=DATA_ERASED_WHAT, farewell=DATA_ERASED, now=office.clock()
            )
    except Refusal as refusal:
        return await _show(request, office, conversation_id, status=refusal.status, problem=str(refusal))
    return RedirectResponse(f"/data-pribadi/{conversation_id}?kabar=dihapus", status_code=303)


@router.post("/pesan/{message_id}/asli")
async def raw_words(request: Request, office: TheOffice, message_id: UUID, reason: Word = "") -> Response:
    """Show one message as it was typed, for a reason that is written down."""
    async with office.database.write() as session:
        message, raw = await open_raw(
            session, office.seal, message_id, reason=reason, person=signed_in(request), at=office.clock()
        )
    return page(request, "raw_words.html", message=message, raw=raw)


async def _show(
    request: Request,
    office: Office,
    conversation_id: UUID,
    *,
    status: int = 200,
    news: str | None = None,
    problem: str | None = None,
) -> Response:
    async with office.database.read() as session:
        subject = await _subject(session, conversation_id)
        counts = counts_of(await everything_held(session, subject, None))
        ticket = await personal_data.ticket_of(session, conversation_id)
        receipts = await personal_data.latest_requests(session, conversation_id)
    shown = {"subject": subject, "counts": counts, "ticket": ticket, "receipts": receipts}
    return page(request, "personal_data_case.html", status, news=news, problem=problem, **shown)


async def _subject(session: AsyncSession, conversation_id: UUID) -> Subject:
    try:
        return await subject_of(session, conversation_id)
    except NobodyThere as nobody:
        raise NoSuchCase from nobody


async def _asked(request: Request, office: Office, kind: str, conversation_id: UUID, words: str) -> Asked:
    async with office.database.read() as session:
        ticket = await personal_data.ticket_of(session, conversation_id)
    by = signed_in(request).username
    return Asked(kind, conversation_id, by, mask(words).text, ticket.id if ticket else None)
