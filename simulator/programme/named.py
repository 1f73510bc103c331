"""The nine participants everybody knows, for demonstrations and tests, and the stranger; the others are in company/.

Their courses are their own: no invented course shares a title with them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from simulator.programme import identifiers
from simulator.programme.book import Book, Person
from simulator.programme.catalogue import Offer
from simulator.programme.moment import wib
from simulator.programme.payouts import account, incentive
from simulator.programme.purchasing import buy

WAVE_2, LATE_2 = wib(2020, 4, 27, 12), wib(2020, 5, 20, 12)
LATE_3, WAVE_4 = wib(2020, 7, 10, 12), wib(2020, 8, 14, 12)
DAY = timedelta(days=1)
BOUND_AT = wib(2020, 8, 15, 9)
STRANGER = 99_999_999


@dataclass(frozen=True)
class Named:
    """Who a named participant is and what the phone page offers them to say first."""

    key: str
    name: str
    woman: bool
    born: date
    wave: int | None
    story: str
    first_messages: tuple[str, ...]
    declared: datetime | None = None
    """When declared a recipient, if later than the rest of the wave."""
    bound: bool = True
    phone_of: str | None = None
    """Who owns the telephone they share."""
    account_status: str = "verified"


CAST = (
    Named(
        *("siti", "Siti Rahmawati", True, date(1994, 3, 12), 4),
        "Penerima gelombang 4, kartu aktif, saldo utuh. Tiga hari tidak menemukan Desain Grafis Dasar di Sisnaker.",
        (
            "Mohon penjelasanya Bapak/Ibu dari @KemnakerRI sudah 3 hari ini saya tidak bisa memilih paket pelatihan "
            "kartu prakerja, keteranganya selalu paket kursus tidak ditemukan. Apakah memang saat ini sedang gangguan "
            "atau bagaimana?",
            "di sisnaker, kelas Desain Grafis Dasar",
            "batas beli pelatihan pertama saya kapan ya",
        ),
    ),
    Named(
        *("budi", "Budi Santoso", False, date(1991, 7, 2), 4),
        "Penerima gelombang 4, saldo cukup. Gagal membayar di Tokopedia kemarin, 23 Agustus.",
        (
            "@PrakerjaId min kok saya gak bisa melakukan pembayaran via kartu prakerja untuk kursus yang saya minati "
            "ya? Tolong pencerahannya. Thanks",
            "di tokopedia, Digital Marketing UMKM Naik Kelas",
            "saldo saya masih ada berapa?",
        ),
    ),
    Named(
        *("dewi", "Dewi Lestari", True, date(1989, 11, 25), 2),
        "Membeli paket bundling di Tokopedia 15 Juni 2020, sudah selesai, insentif berjalan seperti biasa.",
        ("saya beli paket bundling bulan juni, insentif saya ilang dong?", "insentif berikutnya cair kapan"),
        declared=LATE_2,
    ),
    Named(
        *("rina", "Rina Marlina", True, date(1996, 1, 30), 4),
        "Membayar Rp300.000 di Tokopedia, kode belum terbit, kelas mulai besok pagi pukul 09.00 WIB.",
        ("saldo kepotong 300rb tp kode vouchernya ga ada", "di tokopedia kak, kelasnya besok pagi"),
    ),
    Named(
        *("agus", "Agus Pratama", False, date(1993, 5, 17), 4),
        "Sudah membayar, kode terbit dan terlihat di dasbor.",
        ("kode redeem saya di mana ya, udah bayar di pintaria", "cara tukar kodenya gimana"),
    ),
    Named(
        *("yanto", "Yanto Wibowo", False, date(1987, 9, 9), 4),
        "Tiga hari tidak bisa membeli di Bukalapak, OTP juga tidak masuk. Marah.",
        ("BOT GOBLOK udah 3 hari ga bisa beli, otp jg ga masuk, mana adminnya!!", "di bukalapak, servis ac"),
    ),
    Named(
        *("maya", "Maya Putri", True, date(1992, 12, 5), 2),
        "Pelatihan selesai; insentif kedua gagal dicairkan ke BNI.",
        ("insentif gagal dicairkan bni", "boleh ganti ke ovo ga"),
    ),
    Named(
        *("joko", "Joko Susilo", False, date(1990, 4, 21), 4),
        "Bukalapak bilang sudah dibayar; program tidak mengenal faktur itu.",
        ("di bukalapak statusnya udah dibayar tp kelasnya ga muncul", "pesanan saya gimana statusnya"),
    ),
    Named(
        *("lina", "Lina Kusuma", True, date(1995, 8, 14), 3),
        "Kepesertaan dicabut 10 Agustus 2020 karena tidak membeli dalam 30 hari.",
        ("kok kartu saya dicabut, saya kemarin gangguan terus", "bisa dipulihkan ga kepesertaan saya"),
        declared=LATE_3,
    ),
)
STRANGER_MESSAGES = (
    "ruangguru masih bisa buat beli prakerja ga",
    "saldo kepotong tapi kode ga ada, invoice TOKPED-XB9C89BXBJL7X",
    "3,55 juta itu cash semua?",
)


def add_named(book: Book) -> dict[str, Person]:
    """Write the nine and bind them on both channels."""
    cast = {who.key: enrol(book, who) for who in CAST}
    for write in (_siti, _budi, _dewi, _rina, _agus, _yanto, _maya, _joko, _lina):
        write(book, cast[write.__name__[1:]])
    return cast


def enrol(book: Book, who: Named, phone: str | None = None) -> Person:
    """Register a named person, say which wave took them, and bind them on both channels unless they are not yet."""
    person = book.participant(
        who.name,
        woman=who.woman,
        born=who.born,
        email=f"{who.key}@peserta.example",
        registered_at=wib(2020, 4, 12, 9),
        recipient_wave=who.wave,
        account_status=who.account_status,
        **(_on_one_telephone(book, who, phone) if phone else {}),
    )
    if who.wave:
        reason = "penetapan susulan setelah verifikasi data" if who.declared else ""
        book.applied(person, who.wave, "selected", decided=who.declared, reason=reason)
    for channel in ("telegram", "whatsapp") if who.bound else ():
        book.bind(person, channel, BOUND_AT)
    return person


def _on_one_telephone(book: Book, who: Named, phone: str) -> dict[str, str]:
    """Give two on one telephone NIKs that end differently, so that they can be told apart."""
    number = len(book.tables["participants"]) + 1
    return {"phone": phone, "nik": identifiers.nik(number, who.born, who.woman, before=1)}


def describe(who: Named, person: Person, owner: Person) -> dict[str, Any]:
    """Describe a named person for the phone page; the telephone is its owner's."""
    return {
        **{"key": who.key, "name": who.name, "participant_id": person.participant_id, "story": who.story},
        **_accounts(who.phone_of or who.key, owner.name, owner.number),
        "first_messages": who.first_messages,
    }


def stranger() -> dict[str, Any]:
    """Describe the stranger for the phone page."""
    who = {"key": "tamu", "name": "Tamu", "participant_id": None, "story": "Orang yang tidak dikenal program."}
    return who | _accounts("tamu", "Tamu", STRANGER) | {"first_messages": STRANGER_MESSAGES}


def _accounts(key: str, name: str, number: int) -> dict[str, Any]:
    first, _, last = name.partition(" ")
    return {
        "telegram": {
            **{"id": identifiers.telegram_id(number), "first_name": first, "last_name": last or None},
            **{"username": f"{key}_gladi", "phone": identifiers.phone(number)},
        },
        "whatsapp": {
            **{"wa_id": identifiers.phone(number)[1:], "user_id": identifiers.whatsapp_user_id(number)},
            "profile_name": name,
        },
    }


def own_course(
    book: Book, title: str, category: str, kind: str, *places: tuple[str, int, datetime | None]
) -> list[Offer]:
    """Put a course of somebody's own on sale: platform, price and start of each offer."""
    institution = str(book.catalogue.institutions[len(book.catalogue.courses) % 100 + 1]["institution_id"])
    course_id = book.catalogue.course(title, institution, category=category, type=kind)
    return [book.catalogue.offer(course_id, platform, price, starts) for platform, price, starts in places]


def _siti(book: Book, person: Person) -> None:
    own_course(
        *(book, "Desain Grafis Dasar", "Desain", "self_paced"),
        *(("sisnaker", 400_000, None), ("pintaria", 400_000, None), ("tokopedia", 400_000, None)),
    )
    book.card(person, WAVE_4)


def _budi(book: Book, person: Person) -> None:
    offer, _ = own_course(
        *(book, "Digital Marketing UMKM Naik Kelas", "Pemasaran", "webinar"),
        *(("tokopedia", 350_000, wib(2020, 9, 2, 13)), ("pijarmahir", 350_000, wib(2020, 9, 2, 13))),
    )
    book.card(person, WAVE_4)
    at = wib(2020, 8, 23, 20, 14)
    buy(book, person, offer, "failed", at, closed_at=at + timedelta(minutes=2), failure_reason="API token tidak valid")


def _dewi(book: Book, person: Person) -> None:
    course_id = book.catalogue.course(
        "Paket Usaha Kuliner Rumahan",
        "L001",
        category="Kuliner",
        is_bundle=True,
        sell_until=wib(2020, 6, 30, 23, 59, 59),
        status_note="penjualan paket bundling dihentikan sejak 30 Jun 2020",
    )
    offer = book.catalogue.offer(course_id, "tokopedia", 850_000, wib(2020, 6, 17, 9), quota=0, days=6)
    book.card(person, LATE_2)
    seen = {"certificate_at": wib(2020, 6, 30, 9), "rated_at": wib(2020, 7, 1, 19)}
    buy(book, person, offer, "completed", wib(2020, 6, 15, 10, 32), **seen)
    account(book, person, "ovo", "linked", wib(2020, 7, 2, 8))
    for sequence, at in enumerate((wib(2020, 7, 10, 9), wib(2020, 8, 10, 9)), 1):
        incentive(
            book, person, "job_search", sequence, "paid", scheduled_for=at, paid_at=at + 3 * DAY, partner_id="ovo"
        )
    for sequence, at in enumerate((wib(2020, 9, 10, 9), wib(2020, 10, 10, 9)), 3):
        incentive(book, person, "job_search", sequence, "scheduled", scheduled_for=at, partner_id="ovo")
    paid = wib(2020, 7, 27, 9)
    incentive(book, person, "survey", 1, "paid", scheduled_for=paid, paid_at=paid + 3 * DAY, partner_id="ovo")
    for sequence in (2, 3):
        incentive(book, person, "survey", sequence, "conditions_not_met", reason="survei belum diisi")


def _rina(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Bahasa Inggris Percakapan Kerja", "Bahasa", "webinar"), ("tokopedia", 300_000, wib(2020, 8, 25, 9))
    )
    book.card(person, WAVE_4)
    buy(book, person, offer, "paid_without_code", wib(2020, 8, 23, 8, 5))


def _agus(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Excel Laporan Keuangan", "Perkantoran", "webinar"), ("pintaria", 450_000, wib(2020, 8, 29, 9))
    )
    book.card(person, WAVE_4)
    buy(book, person, offer, "code_issued", wib(2020, 8, 18, 16, 40))


def _yanto(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Servis AC Rumah Tangga", "Teknik", "offline"), ("bukalapak", 600_000, wib(2020, 9, 7, 9))
    )
    book.card(person, WAVE_4)
    for day, state, reason in (
        (21, "failed", "paket kursus tidak ditemukan"),
        (22, "failed", "paket kursus tidak ditemukan"),
        (23, "expired", "OTP tidak dimasukkan sampai batas waktu"),
    ):
        at = wib(2020, 8, day, 19, 20)
        closed = at + timedelta(minutes=1 if state == "failed" else 60)
        buy(book, person, offer, state, at, closed_at=closed, failure_reason=reason)


def _maya(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Barista Kopi Nusantara", "Kuliner", "webinar"), ("sekolahmu", 750_000, wib(2020, 5, 22, 9))
    )
    book.card(person, WAVE_2)
    seen = {"certificate_at": wib(2020, 6, 4, 9), "rated_at": wib(2020, 6, 5, 20)}
    buy(book, person, offer, "completed", wib(2020, 5, 14, 11), **seen)
    reason = "rekening tidak aktif menurut BNI"
    account(book, person, "bni", "failed", wib(2020, 8, 20, 11), reason=reason)
    first, second = wib(2020, 7, 15, 9), wib(2020, 8, 17, 9)
    incentive(book, person, "job_search", 1, "paid", scheduled_for=first, paid_at=first + 3 * DAY, partner_id="bni")
    incentive(book, person, "job_search", 2, "failed", scheduled_for=second, partner_id="bni", reason=reason)
    for sequence, at in enumerate((wib(2020, 9, 17, 9), wib(2020, 10, 17, 9)), 3):
        incentive(book, person, "job_search", sequence, "scheduled", scheduled_for=at, partner_id="bni")
    for sequence in (1, 2, 3):
        incentive(book, person, "survey", sequence, "conditions_not_met", reason="survei belum diisi")


def _joko(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Foto Produk Pakai Ponsel", "Pemasaran", "webinar"), ("bukalapak", 350_000, wib(2020, 8, 31, 13))
    )
    book.card(person, WAVE_4)
    # the authorisation timed out: the platform counts it as paid, the programme has no such payment
    buy(book, person, offer, "awaiting_payment", wib(2020, 8, 22, 14, 10), platform_status="paid")


def _lina(book: Book, person: Person) -> None:
    (offer,) = own_course(
        *(book, "Menjahit Busana Kerja", "Kerajinan", "offline"), ("pijarmahir", 500_000, wib(2020, 8, 20, 9))
    )
    revoked = wib(2020, 8, 10, 9)
    reason = "tidak membeli pelatihan pertama dalam 30 hari"
    book.card(person, LATE_3, "revoked", revoked_at=revoked, reason=reason)
    book.ledger(person, [("forfeit", 1_000_000, None, revoked)], note=reason)
    at = wib(2020, 8, 8, 20, 3)
    buy(book, person, offer, "failed", at, closed_at=at + timedelta(minutes=1), failure_reason="kuota pelatihan penuh")
