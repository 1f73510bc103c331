"""Redeem codes: whoever holds one can use it, so it is masked wherever it stands."""

import re
from collections.abc import Iterator

from records.masking.reading import Reading, Span

EDGE_BEFORE, EDGE_AFTER = r"(?<![a-z0-9-])", r"(?![a-z0-9]|-[a-z0-9])"
PRAT = re.compile(rf"{EDGE_BEFORE}prat(?:-|\s(?=[a-z]*\d))[a-z0-9]{{6}}{EDGE_AFTER}")
MIXED = r"(?=[a-z-]*\d)(?=[\d-]*[a-z])"
TWELVE = re.compile(rf"{EDGE_BEFORE}(?!err)(?=(?:[a-z]*\d){{3}})(?=(?:\d*[a-z]){{3}})[a-z0-9]{{12}}{EDGE_AFTER}")
NAMED = re.compile(
    r"(?<![^\W_])(?:kode\s+(?:pelatihan|kelas|penukaran|tukar|kupon)|(?:kode\s+)?(?:redeem|redem|redim|voucher|vocher|"
    r"vocer|voucer|vcr))(?:nya|ku)?(?:\s(?:nya|saya|sy|ku|pelatihan|kelas|prakerja|ini|itu|adalah|yaitu|kode|code|no|nomor))"
    rf"{{0,4}}\W{{0,4}}(?P<value>{MIXED}(?:[a-z0-9]{{8,20}}|[a-z0-9]{{3,6}}(?:-[a-z0-9]{{3,6}}){{1,4}})|\d{{8,15}}){EDGE_AFTER}"
)
A_DIGIT = re.compile(r"\d")
A_SUM = re.compile(r"\d+(?:rb|ribu|jt|juta|rupiah)")


def redeem_codes(reading: Reading) -> Iterator[Span]:
    """Yield redeem codes in either case."""
    if not (reading.has("prat", "red", "v") or A_DIGIT.search(reading.text)):
        return
    for pattern in (PRAT, TWELVE):
        for found in pattern.finditer(reading.text):
            yield Span(found.start(), found.end(), "KODE")
    for found in NAMED.finditer(reading.text):
        if not A_SUM.fullmatch(found["value"]):
            yield Span(found.start("value"), found.end("value"), "KODE")
