"""Money, waves, days and spans of time, as people write them.

Values: rupiah and wave as integers; durations in ISO 8601 ("P3D"); dates as far as the message tells them:
"2020-08-23", "--08-23" without a year, "---15" with a day alone, "-P1D" or "P1D" for so long before or after today. The
clock belongs to the actions: the same message always reads the same here.
"""

import re
from typing import Any, Iterator, Match, Tuple

Found = Tuple[str, Any, int, int]

NUMBERS = {
    word: value
    for value, word in enumerate(
        ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"]
    )
}
_WORDS = "|".join(sorted(NUMBERS, key=len, reverse=True))
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8,
    "sep": 9, "okt": 10, "nov": 11, "des": 12,
}  # fmt: skip

WAVE = re.compile(
    r"\b(?:gel(?:ombang|omb|\.)?|batch|wave)\s*(?:ke[\s-]*)?(?P<wave>\d{1,2}|belas|" + _WORDS + r"|[ivx]+)\b"
    r"|\bg\s?(?P<short>\d{1,2})\b"
)
AMOUNT = re.compile(
    r"(?:(?P<rp>\brp\.?\s*)|(?<![\w.,-]))"
    r"(?P<number>\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)*)(?:\s?(?P<unit>juta|jt|ribu|rebu|rb|k))?\b"
    r"|\b(?P<word>sejuta|seratus ribu|setengah juta)\b"
)
SPAN = re.compile(
    r"\b(?:(?P<many>\d{1,3}|" + _WORDS + r")\s*(?P<unit>menit|mnt|jam|hari|hri|hr|minggu|mggu|bulan|bln|tahun|thn)"
    r"|(?P<one>se)(?P<oneunit>jam|hari|minggu|bulan|tahun))(?:an)?\b(?P<ago>\s*(?:yang|yg)?\s*(?:lalu|kemarin|kmrn|kemaren))?"
)
_UNITS = {
    "menit": "T{}M", "mnt": "T{}M", "jam": "T{}H", "hari": "{}D", "hri": "{}D", "hr": "{}D", "minggu": "{}W",
    "mggu": "{}W", "bulan": "{}M", "bln": "{}M", "tahun": "{}Y", "thn": "{}Y",
}  # fmt: skip
RELATIVE = re.compile(
    r"\b(?P<word>kemarin\s+lusa|kemarin|kemaren|kmrn|kmren|semalam|semalem|tadi|hari\s+ini|besok|bsk|lusa)\b"
    r"|\bh\s?(?P<sign>[-+])\s?(?P<days>\d{1,2})\b"
)
_DAYS = {
    "kemarin lusa": "-P2D", "kemarin": "-P1D", "kemaren": "-P1D", "kmrn": "-P1D", "kmren": "-P1D", "semalam": "-P1D",
    "semalem": "-P1D", "tadi": "P0D", "hari ini": "P0D", "besok": "P1D", "bsk": "P1D", "lusa": "P2D",
}  # fmt: skip
CALENDAR = re.compile(
    r"\b(?P<d1>\d{1,2})[/-](?P<m1>\d{1,2})(?:[/-](?P<y1>20\d{2}|\d{2}))?\b"
    r"|\b(?P<d2>\d{1,2})\s+(?P<m2>jan|feb|mar|apr|mei|jun|jul|agu|ags|agt|sep|okt|nov|des)[a-z]*(?:\s+(?P<y2>20\d{2}))?\b"
    r"|\b(?:tanggal|tgl)\s*(?P<d3>\d{1,2})\b"
    r"(?!\s*[/-]\s*\d|\s+(?:jan|feb|mar|apr|mei|jun|jul|agu|ags|agt|sep|okt|nov|des))"
)


def waves(text: str) -> Iterator[Found]:
    """Yield the waves named in a lower-cased message."""
    for found in WAVE.finditer(text):
        said = found["wave"] or found["short"]
        number = int(said) if said.isdigit() else NUMBERS.get(said) or _ROMAN.get(said)
        if number:
            yield "wave", number, found.start(), found.end()


def amounts(text: str) -> Iterator[Found]:
    """Yield the sums of money named in a lower-cased message."""
    for found in AMOUNT.finditer(text):
        rupiah = _rupiah(found)
        if rupiah:
            yield "amount", rupiah, found.start(), found.end()


def spans(text: str) -> Iterator[Found]:
    """Yield how long something has lasted ("3 hari"), or when it was ("3 hari lalu")."""
    for found in SPAN.finditer(text):
        many = 1 if found["one"] else NUMBERS.get(found["many"]) or int(found["many"]) if found["many"] != "nol" else 0
        if not many:
            continue
        length = "P" + _UNITS[found["unit"] or found["oneunit"]].format(many)
        kind, value = ("date", f"-{length}") if found["ago"] else ("duration", length)
        yield kind, value, found.start(), found.end()


def dates(text: str) -> Iterator[Found]:
    """Yield the days named in a lower-cased message."""
    for found in RELATIVE.finditer(text):
        if found["word"]:
            yield "date", _DAYS[" ".join(found["word"].split())], found.start(), found.end()
        else:
            sign = "-" if found["sign"] == "-" else ""
            yield "date", f"{sign}P{int(found['days'])}D", found.start(), found.end()
    for found in CALENDAR.finditer(text):
        value = _calendar_day(found)
        if value:
            yield "date", value, found.start(), found.end()


def _rupiah(found: Match[str]) -> int:
    if found["word"]:
        return {"sejuta": 1_000_000, "seratus ribu": 100_000, "setengah juta": 500_000}[found["word"]]
    number, unit = found["number"], found["unit"]
    if unit:
        factor = 1_000_000 if unit in ("juta", "jt") else 1_000
        decimal = number.replace(",", ".") if factor == 1_000_000 else number.replace(".", "").replace(",", ".")
        return round(float(decimal) * factor) if decimal.count(".") <= 1 and " " not in decimal else 0
    digits = re.sub(r"[., ]", "", re.sub(r",\d{2}$", "", number))
    grouped = re.fullmatch(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:,\d{2})?", number)
    if len(digits) > 9:
        return 0
    return int(digits) if found["rp"] or grouped else 0


def _calendar_day(found: Match[str]) -> str:
    day = int(found["d1"] or found["d2"] or found["d3"])
    if found["d3"]:
        return f"---{day:02}" if 1 <= day <= 31 else ""
    month = int(found["m1"]) if found["m1"] else _MONTHS[found["m2"]]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return ""
    year = found["y1"] or found["y2"]
    if not year:
        return f"--{month:02}-{day:02}"
    return f"{2000 + int(year) % 100 if len(year) == 2 else int(year)}-{month:02}-{day:02}"
