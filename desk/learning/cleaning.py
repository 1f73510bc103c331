"""Whether words may be taught: nobody's numbers, names or addresses, short enough, and not what judges the model."""

import re
from collections.abc import Iterable

from desk.learning.known_lines import KnownLines, Line, bare
from desk.learning.meanings import name_of
from desk.learning.refusals import NotLearnable
from records.masking import mask
from records.masking.people import everyday

SHORTEST, LONGEST = 3, 300
PLACEHOLDER = re.compile(r"\[[A-Z]+\d*\]")
LONG_NUMBER = re.compile(r"\d(?:[\s.,/\-]?\d){6,}")
CODE = re.compile(r"\b(?=\w*\d\w*\d)(?=\w*[a-z])\w{6,}\b|\b[a-z]{2,}[/\-]\d[\w/\-]{3,}", re.IGNORECASE)
SHORT_CODE = re.compile(r"\b\d{4,8}\b(?!\s*(?:rb|ribu|rupiah|jt|juta))")
SECRET_NEAR = re.compile(r"\b(?:otp|pin|kode|sandi|password|verifikasi)\b", re.IGNORECASE)
LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|id|go\.id|net|org)\b/\S", re.IGNORECASE)
TITLED = re.compile(r"\b(?:[Bb]apak|[Pp]ak|[Bb]u|[Ii]bu|[Mm]as|[Mm]bak|[Kk]ak|[Bb]ang|[Ss]dri?)\.?\s+([A-Z][a-z]{2,})")
COMMON_NAME = 3
KINDS = {
    "NIK": "NIK",
    "KK": "nomor KK",
    "TELEPON": "nomor telepon",
    "EMAIL": "alamat e-mail",
    "REKENING": "nomor rekening",
    "KARTU": "nomor kartu",
    "NOMOR16": "nomor 16 angka",
    "KODE": "kode",
    "OTP": "OTP",
    "SANDI": "kata sandi",
    "NAMA": "nama orang",
    "ALAMAT": "alamat rumah",
    "LAHIR": "tanggal lahir",
}


def clean(text: str, names: Iterable[str] = ()) -> str:
    """Return the words on one line, as they may be taught; raises NotLearnable and says what to change."""
    words = " ".join(text.replace("\0", "").split()).removeprefix("- ").strip()
    if not SHORTEST <= len(words) <= LONGEST or not any(letter.isalpha() for letter in PLACEHOLDER.sub("", words)):
        raise NotLearnable(f"Contoh harus berupa kalimat {SHORTEST} sampai {LONGEST} huruf. Pendekkan dulu.")
    if found := personal(words, names):
        raise NotLearnable(f"Masih ada {', '.join(found)}. Ganti dengan kata lain atau hapus, lalu terima lagi.")
    return words


def personal(words: str, names: Iterable[str] = ()) -> list[str]:
    """Return what in these words may be somebody's, in words staff can act on; nothing where they are clean."""
    said = PLACEHOLDER.sub(" ", words)
    found = [KINDS.get(kind, kind.lower()) for kind in mask(said).kinds]
    if LONG_NUMBER.search(said) and not found:
        found.append("nomor panjang")
    if CODE.search(said) or (SHORT_CODE.search(said) and SECRET_NEAR.search(said)):
        found.append("kode atau nomor tagihan")
    if LINK.search(said):
        found.append("tautan")
    if "@" in said:
        found.append("alamat e-mail atau akun")
    found += [f"nama “{name}”" for name in _names_in(said, names)]
    return list(dict.fromkeys(found))


def check_new(words: str, intent: str, lines: KnownLines) -> None:
    """See to it that a line is neither taught already nor kept apart to judge the model; raises NotLearnable."""
    there = lines.same(words)
    if there is None:
        return
    if there.apart:
        raise NotLearnable(
            "Kalimat ini dipakai untuk menguji model, jadi tidak boleh diajarkan. Tulis dengan kata lain."
        )
    raise NotLearnable(taught_already(there, intent))


def taught_already(there: Line, intent: str) -> str:
    """Return what is said of a line that the training text holds."""
    if there.intent == intent:
        return f"Sudah ada di teks latih sebagai {name_of(intent)}; tidak perlu dua kali. Tolak saja sebagai kembar."
    return (
        f"Sudah ada di teks latih sebagai {name_of(there.intent)}. Satu kalimat tidak boleh dua maksud; ubah katanya."
    )


def _names_in(said: str, names: Iterable[str]) -> list[str]:
    words = set(bare(said).split())
    theirs = {part for name in names for part in bare(name).split() if len(part) >= COMMON_NAME}
    found = sorted(part for part in theirs & words if part not in everyday())
    titled = [it for it in TITLED.findall(said) if it.lower() not in everyday()]
    return list(dict.fromkeys([*found, *titled]))
