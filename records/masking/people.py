"""Names, addresses and birth dates that are introduced as such: "nama saya …", "alamat saya jl …", "lahir 12-03-1990".

Nothing is guessed: without the introducing words a name is a word like any other, and a complaint ("nama saya salah di
sertifikat") stays whole because an everyday word ends a name.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from records.masking.reading import TAKEN, Reading, Span

INTRODUCED = re.compile(
    r"(?<![^\W_])(?:nama\s+(?:lengkap|panggilan|asli|ibu(?:\s+kandung)?)(?:\s+(?:saya|aku|sy|gue|gw|ku))?|"
    r"nama\s+(?:saya|aku|sy|gue|gw|ku)|namaku|namanya|nama(?=\s*[:=])|atas\s+nama|a/n|a\.n\.?|an\.|bernama|"
    r"perkenalkan,?\s+(?:nama\s+)?saya|panggil\s+(?:saya|aku)(?:\s+saja)?)"
    r"(?:\s*[:=,]\s*|\s+(?:adalah|yaitu|itu|ialah)\s+|\s+)(?:(?:bapak|bpk|pak|ibu|bu|kak|sdr|sdri)\.?\s+)?"
)
ONE_NAME = re.compile(rf"[^\W\d_{TAKEN}][^\W\d_{TAKEN}'’]{{1,24}}")
BETWEEN_NAMES = re.compile(r" {1,2}")
AFTER_INITIAL = re.compile(r"\.? ?")
INITIAL = 3
MOST_NAMES = 5
LOWERCASE_NEEDS = re.compile(
    r"\s*(?:$|[,;.\n:()/&]|dan\b|dari\b|nik\b|ktp\b|no\b|umur\b|alamat\b|asal\b|nomor\b|hp\b|wa\b)"
)

STREET = (
    r"(?:jl|jln|jalan|gg|gang|komplek|kompleks|perum|perumahan|blok|dusun|dsn|"
    r"desa|ds|kampung|kp|rt|rw|kel|kelurahan|kec|kecamatan)"
)
ADDRESS = re.compile(
    rf"(?<![^\W_])(?:alamat|rumah|tinggal|domisili)(?:\s?(?:nya|saya|sy|aku|gue|gw|ku|rumah|ktp|lengkap|di|tinggal|sesuai))*"
    rf"\s*[:=,]?\s*(?P<where>{STREET}(?:\.\s?|\s)[^\n?!;{TAKEN}]{{2,120}})"
)
ON_A_STREET = re.compile(
    rf"(?<![^\W_])(?:jl|jln)\.?\s?[^\W\d_][^\n?!;,{TAKEN}]{{1,50}}?(?:no|nomor|rt|blok)\.?\s?\w{{1,5}}"
    rf"(?:[\s,]{{1,2}}(?:rt|rw|kel|kec|blok)\.?\s?[\w/]{{1,20}}){{0,5}}"
)
HOUSE = re.compile(r"\d|^(?:jl|jln|komplek|kompleks|perum|perumahan)(?![^\W_])")
COMPLAINS = re.compile(
    r"[,.]?\s(?:kok|tapi|tp|kenapa|knp|mau|bisa|ga|gak|ngga|nggak|tidak|tdk|belum|blm|salah|tolong|mohon|gimana|ditolak)(?![^\W_])"
)
BORN = re.compile(
    r"(?<![^\W_])(?:(?:tgl|tanggal|tempat\s+tanggal)\s+lahir|lahir(?:nya)?|ttl|tgllahir|kelahiran|dob|ultah)"
    r"(?:\s?(?:nya|saya|sy|aku|anak|suami|istri|ibu|di|pada|tanggal|tgl|adalah|itu))*\W{0,3}"
    r"(?:[^\W\d_]{3,20}(?:\s[^\W\d_]{3,20})?\s?[,/]?\s)?"
    r"(?P<when>\d{1,2}[\s./\-]{1,3}(?:\d{1,2}|[a-z]{3,9})[\s./\-]{1,3}(?:19|20)?\d\d(?!\d)|"
    r"(?:19|20)\d\d-\d\d-\d\d|(?<!\d)\d{8}(?!\d))"
)


@cache
def everyday() -> frozenset[str]:
    """Return the words that are no names: what participants usually write."""
    return frozenset((Path(__file__).parent / "everyday.txt").read_text().split())


def names(reading: Reading) -> Iterator[Span]:
    """Yield names behind words that introduce them."""
    if not reading.has("nama", "a/n", "a.n", "an.", "perkenalkan", "panggil"):
        return
    for found in INTRODUCED.finditer(reading.text):
        colon, loose = found[0].rstrip().endswith((":", "=")), found[0].startswith("namanya")
        if end := _end_of_name(reading, found.end(), colon=colon, loose=loose):
            yield Span(found.end(), end, "NAMA")


def _end_of_name(reading: Reading, start: int, *, colon: bool, loose: bool) -> int | None:
    at, end, count, capital = start, start, 0, False
    while count < MOST_NAMES and (word := ONE_NAME.match(reading.text, at)):
        if word[0] in everyday():
            break
        written = reading.original[word.start() : word.end()]
        capital = capital or (written[0].isupper() and not written.isupper())
        end, count = word.end(), count + 1
        gap = (AFTER_INITIAL if len(word[0]) <= INITIAL else BETWEEN_NAMES).match(reading.text, end)
        if gap is None:
            break
        at = gap.end()
    # small letters are a name only where the sentence ends or goes on to the next of such data
    sure = capital or colon or (not loose and (count > 1 or LOWERCASE_NEEDS.match(reading.text, end)))
    return end if count and sure else None


def homes(reading: Reading) -> Iterator[Span]:
    """Yield addresses."""
    if not reading.has("alamat", "rumah", "tinggal", "domisili", "jl"):
        return
    for found in ADDRESS.finditer(reading.text):
        where = found["where"]
        complains = COMPLAINS.search(where)
        where = where[: complains.start()] if complains else where
        if HOUSE.search(where):
            yield Span(found.start("where"), found.start("where") + len(where.rstrip(" .,")), "ALAMAT")
    for found in ON_A_STREET.finditer(reading.text):
        if HOUSE.search(found[0]):
            yield Span(found.start(), found.end(), "ALAMAT")


def births(reading: Reading) -> Iterator[Span]:
    """Yield birth dates; any other date stays."""
    if not reading.has("lahir", "ttl", "dob", "ultah"):
        return
    for found in BORN.finditer(reading.text):
        yield Span(found.start("when"), found.end("when"), "LAHIR")
