"""Cells of the programme's CSV files: each reader turns a text into a value or says in Indonesian what is wrong.

A reason never repeats the text itself: a shifted row would put a NIK anywhere.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime

type Reader = Callable[..., object]
"""Reads a cell; where its column says so, given the cell of another column as well."""

TEXT_LIMIT = 2_000
WHOLE_LIMIT = 2_000_000_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+[1-9]\d{7,14}")


class Refused(Exception):
    """A cell that cannot be read: why, and what to do about it."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


def text(cell: str) -> str:
    """Read a text."""
    if len(cell) > TEXT_LIMIT or "\x00" in cell:
        raise Refused(f"teks lebih dari {TEXT_LIMIT} karakter atau memuat karakter kosong (NUL)", "rapikan isinya")
    return cell


def truth(cell: str) -> bool:
    """Read true or false."""
    if cell not in ("true", "false"):
        raise Refused("bukan true atau false", "tulis true atau false, huruf kecil")
    return cell == "true"


def moment(cell: str) -> datetime:
    """Read a time with its offset."""
    try:
        read = datetime.fromisoformat(cell)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise Refused("bukan waktu ISO 8601 dengan zona", "tulis seperti 2020-08-24T10:00:00+07:00")
    return read


def day(cell: str) -> date:
    """Read a date."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Refused("bukan tanggal", "tulis seperti 2020-08-24") from None


def listing(cell: str) -> str:
    """Read a list joined by bars, as JSON."""
    return json.dumps([part for part in text(cell).split("|") if part])


def phone(cell: str) -> str:
    """Read a phone number in E.164."""
    if not _PHONE.fullmatch(cell):
        raise Refused("bukan nomor telepon E.164", "tulis dengan kode negara tanpa spasi: +62 lalu nomornya")
    return cell


def email(cell: str) -> str:
    """Read an e-mail address."""
    if not _EMAIL.fullmatch(cell):
        raise Refused("bukan alamat email", "tulis seperti nama@domain")
    return text(cell)


def whole(least: int = 0) -> Callable[[str], int]:
    """Return a reader of whole numbers not below `least`."""

    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdigit()) or len(cell) > 10 or not least <= int(cell) <= WHOLE_LIMIT:
            raise Refused(f"bukan bilangan bulat mulai {least}", "tulis angka saja, tanpa titik, koma, tanda atau Rp")
        return int(cell)

    return read


def digits(count: int) -> Callable[[str], str]:
    """Return a reader of exactly so many digits."""

    def read(cell: str) -> str:
        if not (cell.isascii() and cell.isdigit() and len(cell) == count):
            raise Refused(f"bukan {count} digit", f"tulis tepat {count} digit, nol di depan ikut ditulis")
        return cell

    return read


def code_hash(cell: str) -> str:
    """Read a SHA-256 in hex."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", cell):
        raise Refused("bukan SHA-256 (64 digit heksadesimal)", "serahkan hash dari kode, bukan kodenya")
    return cell


def one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    """Return a reader of one word of a closed list."""
    known = frozenset(words)

    def read(cell: str) -> str:
        if cell not in known:
            raise Refused("bukan nilai yang dikenal", "pilih salah satu: " + ", ".join(words))
        return cell

    return read
