"""Cues in what people type: whole words, informal spellings made standard, not where they are denied or only supposed.

A cue is written in standard words; `…` stands for up to three others. "HP ga hilang" does not say "hilang", and
"kalau nomornya mati gimana" does not say "mati".
"""

import re
import unicodedata
from functools import lru_cache

SPELLINGS = {
    "tidak": "ga gak gk g nggak ngga enggak engga gag tdk tak kaga kagak tida ora teu ndak nda",
    "belum": "blm blom belom blum durung",
    "bukan": "bkn bukannya",
    "jangan": "jgn",
    "sudah": "udah udh sdh dah uda dh telah udahh",
    "masih": "msh masi",
    "tetap": "tetep ttp ttep",
    "orang": "org orng",
    "lain": "laen",
    "saya": "sy aku gue gw gua sya",
    "nomor": "no nmr nomer nmor number",
    "hp": "hape handphone ponsel telepon telpon telp tlp",
    "email": "imel emai e-mail surel gmail",
    "hilang": "ilang ngilang raib",
    "mati": "mokad",
    "dipakai": "dipake dipakek digunakan kepake kepakai",
    "pakai": "pake makai make",
    "bisa": "bs bsa",
    "kalau": "klo kalo klw jika bila apabila misal misalnya semisal misalkan andai seandainya",
    "benar": "bener bnr",
    "sesuai": "cocok",
    "sertifikat": "sertif sertipikat",
    "dapat": "dpt dapet",
    "diminta": "dimintai dimintain",
    "transfer": "tf trf ngetransfer mentransfer ditransfer",
    "tertipu": "ketipu",
    "telanjur": "terlanjur kadung keburu",
    "kembali": "balik kembali2",
    "kirim": "ngirim krim",
    "dikirim": "dikirimi dikirimin dikirimkan",
    "ganti": "gnti ngganti",
    "bagaimana": "gimana gmn gmna gimna",
    "yang": "yg",
    "karena": "krn karna gara2 gegara",
    "besok": "bsk besuk",
    "kuliah": "kulyah",
    "masuk": "login signin",
    "data": "dta",
    "isi": "ngisi mengisi",
    "diperbaiki": "dibenerin dibenarkan dibetulkan dibetulin dikoreksi diperbarui diupdate update",
    "submit": "disubmit nyubmit",
    "tes": "test tesnya",
    "ulasan": "review riview",
}
GLUED = {
    "gabisa": "tidak bisa",
    "gbs": "tidak bisa",
    "gakbisa": "tidak bisa",
    "gaada": "tidak ada",
    "gada": "tidak ada",
}
DENIES = frozenset({"tidak", "bukan", "belum", "tanpa", "jangan"})
SUPPOSES = frozenset({"kalau", "takut"})
BETWEEN = frozenset(
    {
        "pernah",
        "ada",
        "yang",
        "sampai",
        "jadi",
        "lagi",
        "juga",
        "sempat",
        "karena",
        "di",
        "oleh",
        "punya",
        "milik",
        "nama",
    }
)
"""Words that may stand between a denial and what it denies."""
GAP = "…"
MOST_BETWEEN = 3
TOKEN = re.compile(r"[^\W\d_]+|\d+|[.,;:!?\n]|…")
CLITIC = re.compile(r"(?<=\w{3})(?:nya|ku|mu|lah|kah)$")
BENEFACTIVE = re.compile(r"^(di\w{3,})in$")
STANDARD = {spelling: word for word, spellings in SPELLINGS.items() for spelling in spellings.split()} | GLUED


def mentions(text: str, *words: str) -> bool:
    """Whether any of these words or phrases stands in the text, whatever is said of them."""
    clauses = _clauses(text)
    return any(_ends(clause, at, _words(it)) for it in words for clause in clauses for at in range(len(clause)))


def asserts(text: str, *cues: str) -> bool:
    """Whether the text says any of these of what happened: neither denied nor only supposed."""
    return any(_asserted(clause, _words(cue)) for cue in cues for clause in _clauses(text))


def _asserted(clause: tuple[str, ...], cue: tuple[str, ...]) -> bool:
    for at in range(len(clause)):
        for end in _ends(clause, at, cue):
            inside = [word for word in clause[at:end] if word not in cue]
            denied = cue[0] not in DENIES and _denied(clause[:at])
            if not denied and not DENIES & set(inside) and not SUPPOSES & set(clause[:at]):
                return True
    return False


def _denied(before: tuple[str, ...]) -> bool:
    for word in reversed(before):
        if word not in BETWEEN:
            return word in DENIES
    return False


def _ends(clause: tuple[str, ...], at: int, cue: tuple[str, ...]) -> list[int]:
    """Return where a cue that begins here may end."""
    ends = [at]
    for position, word in enumerate(cue):
        if word == GAP:
            continue
        reach = MOST_BETWEEN if position and cue[position - 1] == GAP else 0
        ends = [
            end + skip + 1
            for end in ends
            for skip in range(reach + 1)
            if clause[end + skip : end + skip + 1] == (word,)
        ]
    return ends


@lru_cache(maxsize=2_000)
def _words(cue: str) -> tuple[str, ...]:
    return tuple(word for clause in _clauses(cue) for word in clause)


@lru_cache(maxsize=200)
def _clauses(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the standard words of a text, clause by clause."""
    clauses: list[list[str]] = [[]]
    plain = unicodedata.normalize("NFKC", text.replace(GAP, "\0")).lower().replace("\0", GAP)
    for piece in TOKEN.findall(plain):
        if piece in ".,;:!?\n":
            clauses.append([])
        else:
            clauses[-1] += _standard(piece).split()
    return tuple(tuple(clause) for clause in clauses if clause)


def _standard(typed: str) -> str:
    plain = re.sub(r"(.)\1{2,}", r"\1", typed)
    if plain in STANDARD:
        return STANDARD[plain]
    base = BENEFACTIVE.sub(r"\1kan", CLITIC.sub("", plain))
    return STANDARD.get(base, base)
