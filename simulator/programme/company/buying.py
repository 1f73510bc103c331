"""Orders and codes: used by somebody, meant for one institution, expired, called off; and thirty days that end soon."""

from datetime import date, timedelta

from simulator.programme.book import Book, Person
from simulator.programme.moment import wib
from simulator.programme.named import WAVE_4, Named, own_course
from simulator.programme.purchasing import buy

DECLARED_26_JULY, DECLARED_22_JULY = wib(2020, 7, 26, 12), wib(2020, 7, 22, 12)
NOT_FOUND, NO_OTP = "paket kursus tidak ditemukan", "OTP tidak dimasukkan sampai batas waktu"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _hana(book: Book, person: Person) -> None:
    (offer,) = own_course(*(book, "Merangkai Buket Bunga", "Kerajinan", "self_paced"), ("pijarmahir", 250_000, None))
    book.card(person, WAVE_4)
    buy(book, person, offer, "redeemed", wib(2020, 8, 20, 9, 12), redeemed_at=wib(2020, 8, 22, 14, 10))


def _tono(book: Book, person: Person) -> None:
    (offer,) = own_course(*(book, "Reparasi Jam Tangan", "Teknik", "self_paced"), ("bukalapak", 275_000, None))
    book.card(person, WAVE_4)
    buy(book, person, offer, "code_issued", wib(2020, 8, 21, 15, 30))


def _wati(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Mendongeng untuk Anak", "Layanan", "webinar"), ("maubelajarapa", 225_000, wib(2020, 9, 3, 9))
    )
    book.card(person, WAVE_4)
    at = wib(2020, 8, 24, 6, 50)
    buy(book, person, offer, "expired", at, closed_at=at + HOUR, failure_reason=NO_OTP)


def _putri(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Sulam Pita Bernilai Jual", "Kerajinan", "webinar"), ("sekolahmu", 325_000, wib(2020, 9, 1, 9))
    )
    book.card(person, WAVE_4)
    buy(book, person, offer, "awaiting_payment", wib(2020, 8, 22, 19, 5))


def _bayu(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Memandu Pendakian Gunung", "Layanan", "offline"), ("tokopedia", 500_000, wib(2020, 8, 22, 7))
    )
    book.card(person, WAVE_4)
    at = wib(2020, 8, 15, 10, 20)
    called_off = "kelas dibatalkan lembaga pelatihan"
    buy(book, person, offer, "cancelling", at, code_issued_at=at + 20 * MINUTE, failure_reason=called_off)


def _dian(book: Book, person: Person) -> None:
    offer, _ = own_course(
        *(book, "Videografi Acara Pernikahan", "Desain", "webinar"),
        *(("sekolahmu", 550_000, wib(2020, 9, 5, 9)), ("maubelajarapa", 550_000, wib(2020, 9, 5, 9))),
    )
    book.card(person, DECLARED_26_JULY)
    for day in (21, 22, 23):
        at = wib(2020, 8, day, 20, 40)
        buy(book, person, offer, "failed", at, closed_at=at + MINUTE, failure_reason=NOT_FOUND)


def _heri(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Pangkas Rambut Pria", "Kecantikan", "offline"), ("bukalapak", 450_000, wib(2020, 9, 4, 9))
    )
    revoked = wib(2020, 8, 22, 9)
    reason = "tidak membeli pelatihan pertama dalam 30 hari"
    book.card(person, DECLARED_22_JULY, "revoked", revoked_at=revoked, reason=reason)
    book.ledger(person, [("forfeit", 1_000_000, None, revoked)], note=reason)
    for day in (20, 21):
        at = wib(2020, 8, day, 21, 15)
        buy(book, person, offer, "failed", at, closed_at=at + MINUTE, failure_reason=NOT_FOUND)


CAST = (
    (
        Named(
            *("hana", "Hana Permatasari", True, date(1998, 5, 6), 4),
            "Kode redeem-nya tercatat sudah ditukar 22 Agustus; ia merasa belum pernah memakainya.",
            ("dibilang kodenya udah kepake, padahal blm aku tuker", "kelas merangkai bunga, di pijar mahir"),
        ),
        _hana,
    ),
    (
        Named(
            *("tono", "Tono Hartanto", False, date(1986, 8, 23), 4),
            "Kodenya masih utuh, tetapi dimasukkannya di halaman lembaga lain.",
            ("kode redeemnya ditolak mulu, katanya bukan punya lembaga ini",),
        ),
        _tono,
    ),
    (
        Named(
            *("wati", "Wati Suryaningsih", True, date(1991, 3, 30), 4),
            "OTP pembayarannya tidak datang sejak pagi; pesanannya kedaluwarsa tanpa terpotong.",
            ("dari pagi sms otp bayarnya ga nyampe", "nomornya masih yang dulu kok"),
        ),
        _wati,
    ),
    (
        Named(
            *("putri", "Putri Amalia", True, date(1997, 7, 14), 4),
            "Pesanannya menunggu pembayaran sejak 22 Agustus, lewat dari batasnya.",
            ("pesenan saya kok masih nunggu bayar terus dari sabtu",),
        ),
        _putri,
    ),
    (
        Named(
            *("bayu", "Bayu Saputro", False, date(1988, 11, 4), 4),
            "Kelasnya dibatalkan lembaga, saldonya belum kembali.",
            ("kelas mendaki saya dibatalin sama lembaganya, duitnya ga balik",),
        ),
        _bayu,
    ),
    (
        Named(
            *("dian", "Dian Kurniasih", True, date(1992, 6, 9), 3),
            "Batas beli pertamanya besok, 25 Agustus, dan tiga malam gagal membeli di Sekolah.mu.",
            ("besok hari terakhir saya tapi beli kelas gagal terus", "di sekolahmu, videografi"),
            declared=DECLARED_26_JULY,
        ),
        _dian,
    ),
    (
        Named(
            *("heri", "Heri Kuswanto", False, date(1985, 10, 1), 3),
            "Dicabut 22 Agustus; dua malam sebelum batasnya ia gagal membeli selama kendala sistem.",
            ("kepesertaan saya dicabut padahal sistemnya yang error",),
            declared=DECLARED_22_JULY,
        ),
        _heri,
    ),
)
