"""Files at the desk: shown small, handed out powerless, every look audited, and nothing of a sender's runs."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from desk.headers import POWERLESS
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, Inbound, Media, Message
from simulator import pictures
from tests.desk.conftest import A_SEAL, Browse
from tests.desk.making import Scene

PICTURE, PREVIEW = pictures.error_page(), pictures.receipt()
PREVIEWS = re.compile(r'src="(/lampiran/[^"]+/pratinjau\?lihat=[^"]+)"')
XSS = ['"><img src=x onerror=alert(1)>.jpg', "<script>alert(1)</script>", "../../etc/passwd", "\u202egnp.exe"]


@dataclass
class Sent:
    """A file Siti sent."""

    id: UUID
    page: str


@pytest.fixture
def send(database: Database, scene: Scene, clock: Clock) -> Any:
    """Have Siti send a file that fared as told."""

    async def send(**values: Any) -> Sent:
        chat, ticket = scene.conversations["siti"], scene.tickets["siti"]
        kept = values.get("status", "kept") == "kept"
        content = A_SEAL.close_file(values.pop("content", PICTURE)) if kept else None
        preview = A_SEAL.close_file(PREVIEW) if kept and values.get("type", "image/png").startswith("image/") else None
        async with database.write() as session:
            inbound = Inbound(
                channel="telegram", external_id=str(uuid4()), conversation_id=chat.id, kind="photo", order_key=1,
                received_at=clock(), status="done",
            )  # fmt: skip
            session.add(inbound)
            await session.flush()
            message = Message(
                conversation_id=chat.id, direction="in", author="participant", text="[photo]", kind="photo",
                inbox_id=inbound.id, created_at=clock(),
            )  # fmt: skip
            file = Media(
                **{
                    "conversation_id": chat.id, "inbox_id": inbound.id, "ticket_id": ticket.id, "channel": "telegram",
                    "kind": "photo", "received_at": clock(), "status": "kept", "type": "image/png" if kept else None,
                    "size": len(PICTURE), "width": 720, "height": 1440, "sealed_content": content,
                    "sealed_preview": preview, "give_up_at": clock() + timedelta(days=7), **values,
                }
            )  # fmt: skip
            session.add_all([message, file])
        return Sent(file.id, f"/percakapan/{chat.id}")

    return send


async def audited(database: Database) -> dict[str, int]:
    async with database.read() as session:
        rows = await session.execute(
            select(AuditEntry.action, func.count()).where(AuditEntry.action.like("attachment%")).group_by("action")
        )
        return {name: int(value) for name, value in rows}


async def test_a_screenshot_stands_in_the_thread_and_with_the_case(browse: Browse, scene: Scene, send: Any) -> None:
    sent = await send()
    page = unescape((await (await browse(scene, "sari")).get(sent.page)).text)
    assert page.count(f'src="/lampiran/{sent.id}/pratinjau') == 2
    assert "Lampiran (1)" in page
    assert "[photo]" not in page


async def test_the_preview_is_given_only_to_a_page_that_was_opened(
    browse: Browse, scene: Scene, send: Any, database: Database
) -> None:
    sent = await send()
    sari, joko = await browse(scene, "sari"), await browse(scene, "joko")
    address = unescape(PREVIEWS.findall((await sari.get(sent.page)).text)[0])
    shown = await sari.get(address)
    assert (shown.status_code, shown.content) == (200, PREVIEW)
    assert shown.headers["content-type"] == "image/jpeg"
    assert (await joko.get(address)).status_code == 403
    assert (await sari.get(address.split("?")[0])).status_code == 403
    assert await audited(database) == {}


@pytest.mark.parametrize(("way", "audit"), [("/unduh", "attachment_downloaded"), ("", "attachment_opened")])
async def test_every_look_at_an_original_is_audited(
    browse: Browse, scene: Scene, send: Any, database: Database, way: str, audit: str
) -> None:
    sent = await send()
    assert (await (await browse(scene, "sari")).get(f"/lampiran/{sent.id}{way}")).status_code == 200
    assert await audited(database) == {audit: 1}
    async with database.read() as session:
        entry = (await session.scalars(select(AuditEntry).where(AuditEntry.action == audit))).one()
    assert (entry.actor, entry.object) == ("sari", f"media:{sent.id}")


async def test_a_download_has_no_power_and_a_name_of_ours(browse: Browse, scene: Scene, send: Any) -> None:
    sent = await send(type="application/pdf", content=b"%PDF-1.4 x", kind="document", named="../evil.html")
    answer = await (await browse(scene, "sari")).get(f"/lampiran/{sent.id}/unduh")
    assert answer.content == b"%PDF-1.4 x"
    headers = answer.headers
    assert headers["content-disposition"] == f'attachment; filename="lampiran-{str(sent.id)[:8]}.pdf"'
    assert headers["content-security-policy"] == POWERLESS["Content-Security-Policy"]
    assert "sandbox" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "application/pdf"


async def test_a_document_is_never_shown_in_a_page(browse: Browse, scene: Scene, send: Any) -> None:
    sent = await send(type="application/pdf", content=b"%PDF-1.4 x", kind="document")
    sari = await browse(scene, "sari")
    for address in (sent.page, f"/lampiran/{sent.id}"):
        page = (await sari.get(address)).text
        assert not re.findall(r"<(?:img|iframe|embed|object|audio)[^>]*lampiran", page)
        assert f"/lampiran/{sent.id}/unduh" in page
    assert (await sari.get(f"/lampiran/{sent.id}/suara")).status_code == 404


async def test_a_voice_note_can_be_heard(browse: Browse, scene: Scene, send: Any, database: Database) -> None:
    sent = await send(type="audio/ogg", content=b"OggS....", kind="voice")
    sari = await browse(scene, "sari")
    page = await sari.get(sent.page)
    assert f'<audio controls preload="none" src="/lampiran/{sent.id}/suara"' in page.text
    assert "media-src 'self'" in page.headers["content-security-policy"]
    assert (await sari.get(f"/lampiran/{sent.id}/suara")).content == b"OggS...."
    assert await audited(database) == {"attachment_heard": 1}


@pytest.mark.parametrize("named", XSS)
async def test_the_senders_file_name_is_inert(browse: Browse, scene: Scene, send: Any, named: str) -> None:
    sent = await send(named=named, type="application/pdf", kind="document", content=b"%PDF-")
    sari = await browse(scene, "sari")
    for address in (sent.page, f"/lampiran/{sent.id}"):
        page = (await sari.get(address)).text
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page.replace("&gt;", "").replace("&#34;", "")
        assert f"<bdi>{named}</bdi>" in unescape(page)


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        ("waiting", None, "sedang diambil"),
        ("waiting", "away", "belum bisa diambil (kanal tidak menjawab)"),
        ("unscanned", "scanner_away", "baru boleh dilihat setelah diperiksa (pemindai virus tidak menjawab)"),
        ("refused", "infected", "tidak disimpan: pemindai virus menolaknya"),
        ("refused", "pixels", "tidak disimpan: gambarnya berukuran berlebihan"),
        ("lost", "not_there", "tidak bisa diambil (kanal tidak menyimpannya lagi)"),
        ("gone", None, "masa simpannya selesai"),
    ],
)
async def test_what_is_not_there_says_why_and_shows_nothing(
    browse: Browse, scene: Scene, send: Any, status: str, reason: str | None, said: str
) -> None:
    sent = await send(status=status, reason=reason)
    sari = await browse(scene, "sari")
    page = unescape((await sari.get(sent.page)).text)
    assert said in page
    assert f"/lampiran/{sent.id}/pratinjau" not in page
    for way in ("", "/unduh", "/suara"):
        assert (await sari.get(f"/lampiran/{sent.id}{way}")).status_code == 404


async def test_what_waits_for_the_scanner_is_given_to_nobody(
    browse: Browse, scene: Scene, send: Any, database: Database
) -> None:
    sent = await send()
    sari = await browse(scene, "sari")
    address = unescape(PREVIEWS.findall((await sari.get(sent.page)).text)[0])
    async with database.write() as session:
        await session.execute(text("UPDATE media SET status = 'unscanned'"))
    for way in (address, f"/lampiran/{sent.id}", f"/lampiran/{sent.id}/unduh"):
        assert (await sari.get(way)).status_code == 404


async def test_a_lost_file_is_asked_for_again_by_a_button(
    browse: Browse, scene: Scene, send: Any, database: Database, clock: Clock
) -> None:
    sent = await send(status="lost", reason="not_there", give_up_at=clock() - timedelta(days=1))
    sari = await browse(scene, "sari")
    await sari.get(sent.page)
    answer = await sari.post(f"/lampiran/{sent.id}/ambil-lagi")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{sent.page}?kabar=diambil-lagi")
    async with database.read() as session:
        row = (await session.execute(text("SELECT status, give_up_at > now() AS lives FROM media"))).one()
    assert tuple(row) == ("waiting", True)
    assert await audited(database) == {"attachment_again": 1}
    sent = await send(status="refused", reason="infected")
    assert (await sari.post(f"/lampiran/{sent.id}/ambil-lagi")).status_code == 404


async def test_who_only_reads_figures_sees_that_there_is_a_file_and_no_more(
    browse: Browse, scene: Scene, send: Any
) -> None:
    sent = await send()
    rudi = await (await browse(scene, "rudi")).permitted(scene.conversations["siti"])
    page = (await rudi.get(sent.page)).text
    assert "hanya petugas" in page
    assert str(sent.id) not in page
    assert (await rudi.get(f"/lampiran/{sent.id}/unduh")).status_code == 403


async def test_a_person_who_asks_for_their_data_is_given_their_files(browse: Browse, scene: Scene, send: Any) -> None:
    sent = await send(ticket_id=None)
    ani = await browse(scene, "ani")
    await ani.get(f"/data-pribadi/{scene.conversations['siti'].id}")
    address = f"/data-pribadi/{scene.conversations['siti'].id}/tunjukkan"
    answer = await ani.post(address, reason="Diminta lewat tiket.", form="zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.read(f"lampiran/{sent.id}.png") == PICTURE


async def test_an_upload_without_its_message_is_nobodys(
    browse: Browse, scene: Scene, send: Any, database: Database
) -> None:
    sent = await send()
    async with database.write() as session:
        await session.execute(text("UPDATE media SET conversation_id = NULL"))
    assert (await (await browse(scene, "sari")).get(f"/lampiran/{sent.id}/unduh")).status_code == 404
