"""Certificates and incentives: on their way, too late, or waiting for one condition."""

from datetime import date, datetime, timedelta

from simulator.programme.book import Book, Person
from simulator.programme.moment import wib
from simulator.programme.named import WAVE_2, Named, own_course
from simulator.programme.payouts import account, incentive
from simulator.programme.purchasing import buy

PAID_AFTER = timedelta(days=3)


def _finished(book: Book, person: Person, title: str, platform: str, starts: datetime, **seen: datetime) -> None:
    """Let a person of an early wave finish a class of three days, bought in May."""
    (offer,) = own_course(*(book, title, "Kuliner", "webinar"), (platform, 400_000, starts))
    book.card(person, WAVE_2)
    buy(book, person, offer, "completed", wib(2020, 5, 20, 13, 5), **seen)


def _fitri(book: Book, person: Person) -> None:
    _finished(book, person, "Katering Diet Harian", "pintaria", wib(2020, 8, 15, 15))


def _hendra(book: Book, person: Person) -> None:
    _finished(book, person, "Olahan Ikan Asap", "maubelajarapa", wib(2020, 7, 31, 9))


def _galih(book: Book, person: Person) -> None:
    seen = {"certificate_at": wib(2020, 6, 22, 9), "rated_at": wib(2020, 6, 23, 20)}
    _finished(book, person, "Jamu Siap Saji", "tokopedia", wib(2020, 6, 10, 9), **seen)
    account(book, person, "ovo", "unlinked", wib(2020, 8, 2, 8))
    _first_month(book, person, "ovo")
    for sequence in (2, 3, 4):
        incentive(book, person, "job_search", sequence, "conditions_not_met", reason="rekening belum tersambung")


def _rudi(book: Book, person: Person) -> None:
    _finished(
        *(book, person, "Bakso dan Mi Rumahan", "bukalapak", wib(2020, 7, 13, 9)), certificate_at=wib(2020, 7, 24, 9)
    )
    account(book, person, "gopay", "linked", wib(2020, 7, 26, 8))
    for sequence in (1, 2, 3, 4):
        incentive(book, person, "job_search", sequence, "conditions_not_met", reason="ulasan belum ada")


def _sari(book: Book, person: Person) -> None:
    _waiting_since(book, person, "Selai Buah Tropis", wib(2020, 8, 3, 9))


def _endang(book: Book, person: Person) -> None:
    _waiting_since(book, person, "Keripik Sayur Renyah", wib(2020, 8, 20, 9))


def _waiting_since(book: Book, person: Person, title: str, second: datetime) -> None:
    """Meet every condition; the second month is processed since its schedule."""
    seen = {"certificate_at": wib(2020, 6, 12, 9), "rated_at": wib(2020, 6, 13, 20)}
    _finished(book, person, title, "pijarmahir", wib(2020, 6, 1, 9), **seen)
    account(book, person, "linkaja", "linked", wib(2020, 6, 15, 8))
    _first_month(book, person, "linkaja")
    incentive(book, person, "job_search", 2, "processing", scheduled_for=second, partner_id="linkaja")
    for sequence in (3, 4):
        at = second + timedelta(days=30 * (sequence - 2))
        incentive(book, person, "job_search", sequence, "scheduled", scheduled_for=at, partner_id="linkaja")


def _first_month(book: Book, person: Person, partner_id: str) -> None:
    at = wib(2020, 7, 6, 9)
    incentive(book, person, "job_search", 1, "paid", scheduled_for=at, paid_at=at + PAID_AFTER, partner_id=partner_id)


CAST = (
    (
        Named(
            *("fitri", "Fitri Ramadhani", True, date(1996, 2, 21), 2),
            "Kelasnya selesai 18 Agustus; sertifikatnya masih dalam tujuh hari kerja.",
            ("sertifikatku kok blm keluar, kelasnya kelar hampir seminggu lalu",),
        ),
        _fitri,
    ),
    (
        Named(
            *("hendra", "Hendra Gunadi", False, date(1983, 4, 15), 2),
            "Kelasnya selesai 3 Agustus; tujuh hari kerja untuk sertifikatnya sudah lewat.",
            ("tiga minggu kelas beres sertifikat tetep kosong di dasbor",),
        ),
        _hendra,
    ),
    (
        Named(
            *("galih", "Galih Wicaksono", False, date(1994, 9, 12), 2),
            "Insentif pertama cair; yang kedua menunggu, karena OVO-nya diputus.",
            ("insentif bulan kedua saya ga turun turun",),
        ),
        _galih,
    ),
    (
        Named(
            *("rudi", "Rudi Haryanto", False, date(1989, 1, 26), 2),
            "Sertifikat ada, ulasan belum; insentifnya belum dijadwalkan.",
            ("insentif saya belum ada jadwalnya, kurang apa ya",),
        ),
        _rudi,
    ),
    (
        Named(
            *("sari", "Sari Puspitasari", True, date(1991, 12, 8), 2),
            "Semua syarat terpenuhi; insentif kedua dijadwalkan 3 Agustus dan belum cair.",
            ("jadwal insentif kedua udah lewat lama, uangnya blm masuk",),
        ),
        _sari,
    ),
    (
        Named(
            *("endang", "Endang Lestariningsih", True, date(1987, 7, 19), 2),
            "Insentif kedua dijadwalkan 20 Agustus, masih dalam lima hari kerja.",
            ("insentif ke dua kok masih diproses ya",),
        ),
        _endang,
    ),
)
