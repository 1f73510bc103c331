"""What may be kept: typed by content, judged before it is decoded, written anew with nothing but its pixels."""

import io
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from struct import pack

import pytest
from PIL import Image

from bot.media import reasons
from bot.media.cleaning import DECODER, clean
from bot.media.reasons import Refuse
from records.content_type import type_of
from simulator import pictures
from simulator.media import SAMPLE_PDF, eicar

LIMITS = {"most_pixels": 40_000_000, "longest_side": 2000}


def picture(kind: str, size: tuple[int, int] = (300, 200), **how: object) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, "#c04040").save(body, kind, **how)
    return body.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (SAMPLE_PDF, "application/pdf"),
        (b"OggS" + bytes(60), "audio/ogg"),
        (b"ID3\x03" + bytes(60), "audio/mpeg"),
        (b"#!AMR\n" + bytes(60), "audio/amr"),
        (b"\0\0\0\x18ftypmp42" + bytes(60), "video/mp4"),
        (b"\0\0\0\x18ftyp3gp4" + bytes(60), "video/mp4"),
        (b"\0\0\0\x18ftypM4A " + bytes(60), "audio/mp4"),
        (b"<html><script>alert(1)</script>", None),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", None),
        (b"MZ" + bytes(60), None),
        (b"\x7fELF" + bytes(60), None),
        (b"PK\x03\x04" + bytes(60), None),
        (b"\0\0\0\x18ftypheic" + bytes(60), None),
        (b"  %PDF-1.4", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: str | None) -> None:
    assert type_of(content) == kind


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", eicar(), b"PK\x03\x04xl/", b""])
async def test_what_is_not_of_the_short_list_is_refused(content: bytes) -> None:
    with pytest.raises(Refuse) as refused:
        await clean(content, **LIMITS)
    assert refused.value.reason == reasons.TYPE


async def test_a_photograph_loses_place_maker_and_note_and_stands_upright() -> None:
    original = pictures.with_place()
    before = opened(original)
    assert before.getexif().get_ifd(0x8825)
    assert b"Kamera Rekaan" in original
    kept = await clean(original, **LIMITS)
    assert kept.preview is not None
    for content in (kept.content, kept.preview):
        after = opened(content)
        assert not after.getexif()
        assert not set(after.info) & {"exif", "comment", "icc_profile", "xmp", "photoshop"}
        for trace in (b"Exif", b"Kamera Rekaan", b"KR-1", b"catatan rahasia", b"GPS"):
            assert trace not in content
        assert after.height > after.width
    assert (kept.width, kept.height) == (before.height, before.width)


async def test_a_drawing_loses_its_text_chunks_and_profile() -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Author", "Siti Rahmawati 081234567890")
    note.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>rumah</x:xmpmeta>")
    original = picture("PNG", pnginfo=note, icc_profile=b"profil rahasia") + b"<script>setelah akhir</script>"
    kept = await clean(original, **LIMITS)
    assert kept.type == "image/png"
    assert not opened(kept.content).info
    for trace in (b"Siti", b"xmp", b"iCCP", b"tEXt", b"iTXt", b"script"):
        assert trace in original
        assert trace not in kept.content


async def test_what_was_hidden_behind_transparency_is_white() -> None:
    body = io.BytesIO()
    hidden = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    hidden.save(body, "PNG")
    kept = await clean(body.getvalue(), **LIMITS)
    assert opened(kept.content).getpixel((5, 5)) == (255, 255, 255)


async def test_a_large_picture_becomes_small_enough_and_its_preview_smaller() -> None:
    kept = await clean(picture("JPEG", (5000, 3000)), **LIMITS)
    assert (kept.width, kept.height) == (2000, 1200)
    assert kept.preview is not None
    assert max(opened(kept.preview).size) == 1200


@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
async def test_what_moves_is_kept_as_its_first_picture(kind: str) -> None:
    body = io.BytesIO()
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue", "green")]
    frames[0].save(body, kind, save_all=True, append_images=frames[1:])
    kept = await clean(body.getvalue(), **LIMITS)
    assert getattr(opened(kept.content), "n_frames", 1) == 1


@pytest.mark.parametrize("side", [30_000, 9_000])
async def test_a_bomb_is_refused_by_its_header_without_the_memory_it_asks_for(side: int) -> None:
    bomb = pictures.bomb(side)
    assert len(bomb) < 200_000
    with pytest.raises(Refuse) as refused:
        await clean(bomb, **LIMITS)
    assert refused.value.reason == reasons.PIXELS
    usual, _ = decoded(pictures.plain(90, 60))
    peak, answer = decoded(bomb)
    assert answer == b'{"refused": "pixels"}\n'
    # decoded they would be hundreds of megabytes
    assert peak < usual + 30_000_000


async def test_a_picture_of_as_many_pixels_as_may_be_is_decoded_within_the_limits() -> None:
    kept = await clean(picture("PNG", (8000, 5000)), **LIMITS)
    assert kept.width == 2000


def lying_png() -> bytes:
    """A small header over a body that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(1000)) + packer.flush()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    header = pack(">IIBBBBB", 50, 50, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to hundreds of megabytes."""
    packed = b"Comment\0\0" + zlib.compress(bytes(300_000_000), 9)
    chunk = pack(">I", len(packed)) + b"zTXt" + packed + pack(">I", zlib.crc32(b"zTXt" + packed))
    whole = picture("PNG")
    return whole[:33] + chunk + whole[33:]


@pytest.mark.parametrize("make", [lying_png, text_bomb])
def test_no_picture_makes_the_decoder_swell(make: Callable[[], bytes]) -> None:
    content = make()
    usual, _ = decoded(pictures.plain(90, 60))
    peak, answer = decoded(content)
    assert answer.startswith((b'{"refused": "broken"}', b'{"type"'))
    assert peak < usual + len(content) + 100_000_000


@pytest.mark.parametrize("length", [12, 40, 300, 2000, 20_000])
async def test_a_picture_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(Refuse) as refused:
        await clean(pictures.error_page()[:length], **LIMITS)
    assert refused.value.reason == reasons.BROKEN


async def test_noise_behind_a_good_beginning_is_refused() -> None:
    whole = bytearray(picture("JPEG", (900, 900)))
    for place in range(20, 300):
        whole[place] = (whole[place] * 7 + place) % 256
    with pytest.raises(Refuse) as refused:
        await clean(bytes(whole), **LIMITS)
    assert refused.value.reason == reasons.BROKEN


def decoded(content: bytes) -> tuple[int, bytes]:
    """Run the decoder alone; return the most memory it had, in bytes, and its answer."""
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        arguments = [sys.executable, "-I", str(DECODER), "40000000", "2000", "1200"]
        # a pipe of its own, for a limit of the decoder forbids it to write files
        reading, writing = os.pipe()
        process = subprocess.Popen(arguments, stdin=given, stdout=writing, env={})
        os.close(writing)
        with os.fdopen(reading, "rb") as out:
            said = out.read()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_maxrss * 1024, said
