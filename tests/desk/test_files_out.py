"""An agent sends a picture or a PDF: kept once, never what only pretends to be one."""

import io
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select

from records.database import Database
from records.models import Media, Message, Outbound
from tests.desk.conftest import A_SEAL, Browse, Browser
from tests.desk.making import Scene


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, "PNG")
    return kept.getvalue()


async def press(browser: Browser, number: str, content: bytes, key: str, text: str = "Ini contohnya, Kak") -> str:
    fields = {"csrf": browser.csrf, "key": key, "text": text}
    answer = await browser.client.post(
        f"/tiket/{number}/berkas", data=fields, files={"file": ("ktp saya.png", content)}, follow_redirects=True
    )
    return answer.text


async def test_a_picture_is_kept_sealed_and_waits_to_be_looked_through(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari, key, content = await browse(scene, "sari"), str(uuid4()), picture()
    number = scene.tickets["yanto"].number
    for _ in range(2):
        assert "Setelah diperiksa, berkas terkirim sendiri" in await press(sari, number, content, key)
    async with database.read() as session:
        media = (await session.scalars(select(Media).where(Media.message_id.is_not(None)))).one()
        message = await session.get_one(Message, media.message_id)
        assert (message.direction, message.kind, message.text) == ("out", "photo", "Ini contohnya, Kak")
        assert (media.status, media.named) == ("unscanned", None)
        sealed = await session.scalar(select(Media.sealed_content).where(Media.id == media.id))
        assert sealed is not None
        assert content not in sealed
        assert A_SEAL.open_file(sealed) == content
        assert await session.scalar(select(func.count()).where(Outbound.message_id == message.id)) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><script>alert(1)</script>", "Berkas ini jenis lain"),
        (b"MZ\x90\x00 program", "Berkas ini jenis lain"),
        (b"%PDF-1.7" + bytes(10_000_001), "Berkas terlalu besar"),
        (b"\x89PNG\r\n\x1a\n" + bytes(5_000_001), "Berkas terlalu besar"),
        (b"", "Pilih dulu berkasnya"),
    ],
    ids=["page", "program", "large pdf", "large picture", "nothing"],
)
async def test_what_is_not_a_picture_or_a_pdf_or_too_large_is_refused_in_words_and_keeps_the_caption(
    browse: Browse, scene: Scene, database: Database, content: bytes, said: str
) -> None:
    sari = await browse(scene, "sari")
    shown = await press(sari, scene.tickets["yanto"].number, content, str(uuid4()), "Keterangan penting")
    assert said in shown
    assert "Keterangan penting" in shown
    async with database.read() as session:
        assert await session.scalar(select(func.count(Media.id)).where(Media.message_id.is_not(None))) == 0


async def test_a_caption_with_an_open_place_is_not_sent(browse: Browse, scene: Scene, database: Database) -> None:
    sari = await browse(scene, "sari")
    shown = await press(sari, scene.tickets["yanto"].number, picture(), str(uuid4()), "Halo {nama}, ini contohnya")
    assert "Masih ada yang harus diisi sebelum dikirim: {nama}." in shown
    async with database.read() as session:
        assert await session.scalar(select(func.count(Media.id)).where(Media.message_id.is_not(None))) == 0


async def test_who_does_not_hold_the_case_sends_nothing(browse: Browse, scene: Scene, database: Database) -> None:
    joko = await browse(scene, "joko")
    assert "tidak (lagi) Anda pegang" in await press(joko, scene.tickets["yanto"].number, picture(), str(uuid4()))
    async with database.read() as session:
        assert await session.scalar(select(func.count(Media.id)).where(Media.message_id.is_not(None))) == 0


async def test_a_body_beyond_any_file_is_refused_before_it_is_read(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    fields = {"csrf": sari.csrf, "key": str(uuid4())}
    answer = await sari.client.post(
        f"/tiket/{scene.tickets['yanto'].number}/berkas", data=fields, files={"file": ("a", bytes(12_000_000))}
    )
    assert answer.status_code == 413
