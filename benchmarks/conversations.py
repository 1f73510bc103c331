"""What the simulated participants say: six lines each, every second one a complaint that has to be looked up.

All lines are invented. The complaints name their platform and course, so that the turn ends with the lookup and not
with a question for the missing part.
"""

from collections.abc import Iterator
from itertools import count, cycle, islice

WITHOUT_CHECK = (
    "halo min",
    "terima kasih banyak min",
    "assalamualaikum kak",
    "oke makasih kak",
    "selamat pagi admin",
    "makasih ya min",
    "permisi min",
    "terima kasih atas bantuannya",
)
WITH_CHECK = (
    "kode otp pembayaran di tokopedia ga masuk masuk min",
    "min insentif saya kok belum cair ya",
    "pembayaran saya di bukalapak gagal terus kak, kursus microsoft excel",
    "sertifikat pelatihan saya di pintaria belum keluar padahal sudah selesai, kursus digital marketing",
    "saldo kartu prakerja saya kok ga muncul ya kak",
    "keterangannya paket kursus tidak ditemukan terus di sisnaker, kelas desain grafis dasar",
    "min saya lupa password akun prakerja, ga bisa masuk",
    "kapan batas waktu beli pelatihan pertama saya min",
)
LINES_EACH = 6


def conversations(offset: int = 0) -> Iterator[list[tuple[str, bool]]]:
    """Yield conversations without end: (line, whether it needs a check), the two kinds in turn.

    Every second conversation begins with its complaint, so that at any moment half of what is said needs a check.
    """
    plain, checked = _from(WITHOUT_CHECK, offset), _from(WITH_CHECK, offset)
    for number in count(offset):
        pairs = [((next(plain), False), (next(checked), True)) for _ in range(LINES_EACH // 2)]
        yield [line for pair in pairs for line in (pair if number % 2 else reversed(pair))]


def _from(lines: tuple[str, ...], offset: int) -> Iterator[str]:
    return islice(cycle(lines), offset % len(lines), None)
