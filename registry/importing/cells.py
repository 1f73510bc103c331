"""Cells of the programme's tables: each reader turns a text into what the database takes, or says what is wrong.

A reader reads one cell; where that is quicker, many at once, as long as every one of them is plainly right. A reason
never repeats the text itself: a shifted row would put a NIK anywhere.
"""

import json
import re
from collections.abc import Callable, Sequence

from registry.identifiers import phone_number

type Many = Callable[[Sequence[str]], Sequence[str] | None]

TEXT_LIMIT = 2_000
WHOLE_LIMIT = 2_000_000_000
TRUTHS = {"true": "true", "false": "false", "benar": "true", "salah": "false"}
"""As we write them and as Excel in English and Indonesian does."""
_PLAIN_TRUTHS = frozenset(("true", "false"))
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+[1-9]\d{7,14}")
_PHONES = re.compile(r"(?:\+(?!620)[1-9]\d{7,14}\n)*")
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_FORMULA_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")


class Refused(Exception):
    """A cell that cannot be read: why, and what to do about it."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


class Reader:
    """Reads a cell; where its column says so, given the cell of another column as well."""

    def __init__(self, one: Callable[..., str], many: Many | None = None) -> None:
        self.one = one
        self._many = many

    def all(self, cells: Sequence[str]) -> Sequence[str]:
        """Read many cells; raises Refused for the first that cannot be read."""
        read = self._many(cells) if self._many and cells else None
        return [self.one(cell) for cell in cells] if read is None else read

    def then(self, change: Callable[[str], str]) -> "Reader":
        """Return a reader whose value is changed before it is kept."""
        return Reader(lambda cell: change(self.one(cell)), lambda cells: [change(read) for read in self.all(cells)])


def _text(cell: str) -> str:
    if len(cell) > TEXT_LIMIT or "\x00" in cell:
        raise Refused(f"teks lebih dari {TEXT_LIMIT} karakter atau memuat karakter kosong (NUL)", "rapikan isinya")
    if _FORMULA_ERROR.fullmatch(cell):
        raise Refused("sel berisi galat rumus Excel", "perbaiki rumusnya atau isi nilainya")
    return cell


def _texts(cells: Sequence[str]) -> Sequence[str] | None:
    together = "".join(cells)
    plain = "\x00" not in together and "#" not in together
    return cells if plain and max(map(len, cells)) <= TEXT_LIMIT else None


def _truth(cell: str) -> str:
    if cell.lower() not in TRUTHS:
        raise Refused("bukan true atau false", "tulis true atau false")
    return TRUTHS[cell.lower()]


def _phone(cell: str) -> str:
    _not_shortened(cell)
    number = phone_number(cell)
    if not cell.startswith(("+", "0", "62")) or not _PHONE.fullmatch(number):
        advice = "awali dengan +62, 62 atau 0; di Excel beri kolomnya format Teks agar nol di depan tidak hilang"
        raise Refused("bukan nomor telepon (E.164, atau 62…, 08…)", advice)
    return number


def _email(cell: str) -> str:
    if not _EMAIL.fullmatch(cell):
        raise Refused("bukan alamat email", "tulis seperti nama@domain")
    return _text(cell)


def _code_hash(cell: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", cell):
        raise Refused("bukan SHA-256 (64 digit heksadesimal)", "serahkan hash dari kode, bukan kodenya")
    return cell


def whole(least: int = 0) -> Reader:
    """Return a reader of whole numbers not below `least`."""

    def one(cell: str) -> str:
        if not (cell.isascii() and cell.isdigit()) or len(cell) > 10 or not least <= int(cell) <= WHOLE_LIMIT:
            raise Refused(f"bukan bilangan bulat mulai {least}", "tulis angka saja, tanpa titik, koma, tanda atau Rp")
        return str(int(cell))

    def many(cells: Sequence[str]) -> Sequence[str] | None:
        together = "".join(cells)
        plain = together.isascii() and together.isdigit() and max(map(len, cells)) < 10
        return cells if plain and (least == 0 or min(map(int, cells)) >= least) else None

    return Reader(one, many)


def digits(count: int) -> Reader:
    """Return a reader of exactly so many digits."""

    def one(cell: str) -> str:
        _not_shortened(cell)
        if not (cell.isascii() and cell.isdigit() and len(cell) == count):
            advice = f"tulis tepat {count} digit; di Excel beri kolomnya format Teks agar nol di depan tidak hilang"
            raise Refused(f"bukan {count} digit", advice)
        return cell

    def many(cells: Sequence[str]) -> Sequence[str] | None:
        together = "".join(cells)
        return cells if together.isascii() and together.isdigit() and set(map(len, cells)) == {count} else None

    return Reader(one, many)


def one_of(words: tuple[str, ...]) -> Reader:
    """Return a reader of one word of a closed list."""
    known = frozenset(words)

    def one(cell: str) -> str:
        if cell.lower() not in known:
            raise Refused("bukan nilai yang dikenal", "pilih salah satu: " + ", ".join(words))
        return cell.lower()

    return Reader(one, lambda cells: cells if known.issuperset(cells) else None)


def _not_shortened(cell: str) -> None:
    if _SHORTENED.fullmatch(cell):
        reason = "angka panjang yang sudah dipotong Excel, digit terakhirnya hilang"
        raise Refused(reason, "beri kolomnya format Teks dan isi ulang dari sumbernya")


text = Reader(_text, _texts)
truth = Reader(_truth, lambda cells: cells if _PLAIN_TRUTHS.issuperset(cells) else None)
listing = Reader(lambda cell: json.dumps([part for part in _text(cell).split("|") if part]))
phone = Reader(_phone, lambda cells: cells if _PHONES.fullmatch("\n".join(cells) + "\n") else None)
email = Reader(_email)
code_hash = Reader(_code_hash)
