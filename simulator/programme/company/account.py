"""Accounts and waves: who is not bound yet, who shares a telephone, who is blocked, who waits or was not selected."""

from datetime import date

from simulator.programme.book import Book, Person
from simulator.programme.named import WAVE_4, Named
from simulator.programme.payouts import account


def _surti(book: Book, person: Person) -> None:
    book.card(person, WAVE_4)


def _slamet(book: Book, person: Person) -> None:
    book.card(person, WAVE_4)


def _nurul(book: Book, person: Person) -> None:
    book.card(person, WAVE_4)


def _doni(book: Book, person: Person) -> None:
    """Have nothing but a blocked account."""


def _eka(book: Book, person: Person) -> None:
    book.applied(person, 5, "joined")


def _fajar(book: Book, person: Person) -> None:
    for wave in (3, 4):
        book.applied(person, wave, "not_selected", reason="kuota gelombang terpenuhi")


def _citra(book: Book, person: Person) -> None:
    book.card(person, WAVE_4)
    reason = "NIK tidak sesuai dengan data mitra"
    account(book, person, "ovo", "failed", WAVE_4.replace(day=19), reason=reason, nik_matches=False)


CAST = (
    (
        Named(
            *("surti", "Surti Handayani", True, date(1984, 2, 17), 4),
            "Penerima gelombang 4, belum tertaut. Teleponnya dipakai berdua dengan suaminya, Slamet, peserta juga.",
            ("saldo saya masih utuh ga ya", "batas waktu beli saya sampai kapan"),
            bound=False,
        ),
        _surti,
    ),
    (
        Named(
            *("slamet", "Slamet Handoyo", False, date(1981, 6, 3), 4),
            "Penerima gelombang 4, belum tertaut. Memakai telepon istrinya, Surti: satu nomor, dua peserta.",
            ("saya slamet, suaminya surti, kartu saya aktif belum ya",),
            bound=False,
            phone_of="surti",
        ),
        _slamet,
    ),
    (
        Named(
            *("nurul", "Nurul Aini", True, date(1997, 10, 8), 4),
            "Penerima gelombang 4 yang belum tertaut; nomornya hanya milik dia.",
            ("kartu prakerja saya udah aktif belum", "nomor kartunya liat di mana"),
            bound=False,
        ),
        _nurul,
    ),
    (
        Named(
            *("doni", "Doni Setiadi", False, date(1990, 1, 11), None),
            "Akunnya diblokir.",
            ("akun saya kok ga bisa dibuka, katanya diblokir",),
            account_status="blocked",
        ),
        _doni,
    ),
    (
        Named(
            *("eka", "Eka Wahyuningsih", True, date(1999, 4, 2), None),
            "Bergabung di gelombang 5 yang ditutup 23 Agustus; hasilnya belum diumumkan.",
            ("gelombang 5 saya lolos ga ya", "pengumumannya kapan"),
        ),
        _eka,
    ),
    (
        Named(
            *("fajar", "Fajar Nugraha", False, date(1995, 12, 19), None),
            "Ikut gelombang 3 dan 4, dua kali tidak lolos.",
            ("gagal terus dari gelombang 3, kenapa ya", "gelombang selanjutnya kapan"),
        ),
        _fajar,
    ),
    (
        Named(
            *("citra", "Citra Anggita", True, date(1993, 9, 27), 4),
            "Akun OVO-nya gagal tersambung: NIK berbeda dengan data OVO.",
            ("nyambungin ovo kok ditolak, katanya nik beda",),
        ),
        _citra,
    ),
)
