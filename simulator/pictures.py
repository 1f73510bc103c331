"""Pictures people send, drawn here so that none is anybody's: a failing page, a receipt, a photograph with a place."""

import io
import zlib
from struct import pack

from PIL import Image, ImageDraw, ImageFont

INK, FAINT, BLUE, RED, PAPER = "#1d2733", "#66717d", "#1467b8", "#b3261e", "#ffffff"
PHONE = (720, 1440)


def error_page() -> bytes:
    """Draw the screenshot of a shop that says that a class cannot be found."""
    image = Image.new("RGB", PHONE, PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 720, 56), fill="#0d1b2a")
    _say(pen, (28, 14), "10.02", 24, "#ffffff")
    _say(pen, (560, 14), "4G   81%", 24, "#ffffff")
    pen.rectangle((0, 56, 720, 150), fill=BLUE)
    _say(pen, (32, 84), "Kelas Rekaan · Prakerja", 32, "#ffffff")
    pen.rounded_rectangle((32, 190, 688, 262), 16, fill="#eef2f6")
    _say(pen, (56, 210), "desain grafis untuk pemula", 28, INK)
    pen.ellipse((290, 420, 430, 560), outline=RED, width=10)
    _say(pen, (345, 450), "!", 72, RED)
    _say(pen, (96, 620), "Paket kursus tidak ditemukan", 38, INK)
    for row, words in enumerate(("Kelas yang kamu cari tidak tersedia", "untuk saldo Prakerja saat ini.")):
        _say(pen, (104, 690 + 44 * row), words, 28, FAINT)
    _say(pen, (104, 810), "Kode galat: PKT-4041", 26, FAINT)
    _say(pen, (104, 850), "24 Agustus 2020 10.02.17 WIB", 26, FAINT)
    pen.rounded_rectangle((104, 930, 616, 1010), 40, fill=BLUE)
    _say(pen, (272, 950), "Coba lagi", 32, "#ffffff")
    return _encoded(image, "PNG")


def receipt() -> bytes:
    """Draw the photograph of a payment receipt, a little crooked on a table."""
    paper = Image.new("RGB", (560, 780), "#fbfaf6")
    pen = ImageDraw.Draw(paper)
    _say(pen, (40, 36), "BUKTI PEMBAYARAN", 34, INK)
    pen.line((40, 96, 520, 96), fill=FAINT, width=2)
    lines = (
        *("Platform    Kelas Rekaan", "Pesanan     INV/20200823/0071", "Kelas       Excel untuk kerja"),
        *("Harga       Rp 300.000", "Dibayar     Saldo Prakerja", "Waktu       23-08-2020 19.41"),
        "Status      BERHASIL",
    )
    for row, words in enumerate(lines):
        _say(pen, (40, 130 + 56 * row), words, 26, INK)
    pen.line((40, 540, 520, 540), fill=FAINT, width=2)
    _say(pen, (40, 570), "Kode voucher: (kosong)", 28, RED)
    _say(pen, (40, 660), "Simpan bukti ini.", 24, FAINT)
    table = Image.new("RGB", (900, 1100), "#7a5b43")
    table.paste(paper.rotate(3, expand=True, fillcolor="#7a5b43"), (150, 120))
    return _encoded(table, "JPEG", quality=88)


def with_place() -> bytes:
    """Return the receipt as a telephone's camera writes it: lying on its side, with place, maker and a note inside."""
    image = Image.open(io.BytesIO(receipt()))
    note = Image.Exif()
    note[0x0112], note[0x010F], note[0x0110] = 6, "Kamera Rekaan", "KR-1"
    place = note.get_ifd(0x8825)
    place |= {1: "S", 2: (6.0, 10.0, 31.44), 3: "E", 4: (106.0, 49.0, 38.28)}
    note[0x8825] = place
    turned = image.rotate(90, expand=True)
    return _encoded(turned, "JPEG", quality=88, exif=note, comment=b"catatan rahasia kamera")


def sticker() -> bytes:
    """Draw a sticker: a round face, nothing behind it."""
    image = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((56, 56, 456, 456), fill="#f2c94c")
    pen.ellipse((160, 190, 200, 240), fill=INK)
    pen.ellipse((312, 190, 352, 240), fill=INK)
    pen.arc((176, 290, 336, 400), 190, 350, fill=INK, width=14)
    return _encoded(image, "WEBP")


def plain(width: int, height: int) -> bytes:
    """Draw a plain blue PNG."""
    return _encoded(Image.new("RGB", (width, height), "#5b8db8"), "PNG")


def bomb(side: int = 30_000) -> bytes:
    """Return a PNG of about a hundred kilobytes that is 900 million pixels when it is opened."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def _say(pen: ImageDraw.ImageDraw, place: tuple[int, int], words: str, size: int, colour: str) -> None:
    pen.text(place, words, fill=colour, font=ImageFont.load_default(size))


def _encoded(image: Image.Image, kind: str, **how: object) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **how)
    return body.getvalue()
