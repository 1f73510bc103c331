"""A small programme to look into: the named people of the rehearsal as facts, and a registry that answers from them.

A source named in `away` could not be asked, whatever it knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checks.incidents import OpenIncident
from checks.tickets import TicketFact
from registry.facts import (
    Card,
    Course,
    Incentive,
    LedgerEntry,
    Offer,
    Organisation,
    Participant,
    PaymentStatus,
    PayoutAccount,
    Policy,
    Purchase,
    Quota,
    RedeemStatus,
    Wave,
    WaveApplication,
)
from registry.interface import Absent, Answer, CouldNotAsk, Known

NOW = datetime(2020, 8, 24, 3, 0, tzinfo=UTC)
FIFTH_OF_SEPTEMBER = datetime(2020, 9, 5, 3, 0, tzinfo=UTC)
SOURCE = "tabel program"
WIB_HOURS = timedelta(hours=7)


def wib(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment of Jakarta in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - WIB_HOURS


INCIDENT = OpenIncident(
    id="INC-2020-08-20",
    components=("purchase", "catalogue"),
    platforms=(
        "tokopedia",
        "bukalapak",
        "pintaria",
        "sekolahmu",
        "pijarmahir",
        "maubelajarapa",
        "sisnaker",
        "ruangguru",
    ),
    partners=(),
    started_at=wib(2020, 8, 20),
    estimated_end_at=wib(2020, 8, 31, 23, 59),
    ended_at=None,
    status="confirmed",
    public_message=(
        "Sedang ada penyesuaian dan integrasi sistem sesuai Permenko 11/2020, ditargetkan lancar akhir Agustus 2020. "
        "Tidak semua kendala berasal dari penyesuaian ini; ikuti langkah di platform yang dipilih dan coba lagi "
        "beberapa saat lagi."
    ),
    source="Pernyataan PMO, 22–23 Agu 2020",
    as_of=wib(2020, 8, 23, 12),
)

NAMES = {
    "tokopedia": "Tokopedia",
    "bukalapak": "Bukalapak",
    "pintaria": "Pintaria",
    "sekolahmu": "Sekolah.mu",
    "pijarmahir": "Pijar Mahir",
    "maubelajarapa": "MauBelajarApa",
    "sisnaker": "Sisnaker",
    "ruangguru": "Ruangguru",
}


def role(name: str, kind: str, until: date | None = None, note: str | None = None) -> Organisation:
    """Return a dated role of an organisation."""
    return Organisation(name, NAMES.get(name, name), kind, date(2020, 4, 11), until, note, "artikel")


ROLES = [role(it, "platform") for it in NAMES if it != "ruangguru"]
RUANGGURU = [
    role("ruangguru", "platform", date(2020, 9, 4), "sejak gelombang 4 dibuka, menurut Ruangguru"),
    Organisation("ruangguru", "Skill Academy", "institution", date(2020, 4, 11), None, None, "artikel"),
]


def participant(key: str, name: str) -> Participant:
    """Return a verified participant."""
    return Participant(key, name, "+62840•••••78", f"{key[0]}***@p***.example", "verified", True, True, True, True, 4)


def card(
    balance: int = 1_000_000, status: str = "active", due: datetime = wib(2020, 9, 12, 23, 59), **more: Any
) -> Card:
    """Return a card."""
    given = {"recipient_since": date(2020, 8, 13), "revoked_at": None, "reason": None, "open_holds": 0, **more}
    return Card(last4="1234", status=status, first_purchase_due=due, available_balance=balance, **given)


def purchase(state: str, course: str, platform: str, created: datetime, **more: Any) -> Purchase:
    """Return a purchase in a state."""
    given: dict[str, Any] = {
        **{"id": f"B-{course[:4]}-{created:%d}", "course_code": f"K-{course[:6]}", "institution_name": "Balai Karya"},
        **{"is_bundle": False, "amount": 300_000, "invoice_code": "TOKPED-XB9C89BXBJL7X", "failure_reason": None},
        **{"redeem_code_last4": None, "paid_at": None, "code_issued_at": None, "redeemed_at": None},
        **{"class_starts_at": None, "completed_at": None},
        **more,
    }
    return Purchase(
        platform_id=platform,
        platform_name=NAMES[platform],
        course_title=course,
        state=state,
        created_at=created,
        **given,
    )


def incentive(sequence: int, status: str, when: date, **more: Any) -> Incentive:
    """Return a job-search incentive."""
    given = {"paid_at": None, "reason": None, **more}
    return Incentive("job_search", sequence, 600_000, status, when, **given)


DESIGN = Course(
    "K-DG", "Desain Grafis Dasar", "Balai Karya", "self_paced", "active", False, None,
    (Offer("sisnaker", "Sisnaker", 400_000, "S1", None, None), Offer("pintaria", "Pintaria", 400_000, "S", None, None)),
)  # fmt: skip
MARKETING = Course(
    "K-Digita", "Digital Marketing UMKM Naik Kelas", "Balai Karya", "webinar", "active", False, None,
    (Offer("tokopedia", "Tokopedia", 350_000, "S3", wib(2020, 9, 2, 13), 20),),
)  # fmt: skip


@dataclass
class Programme:
    """Facts by person, and the registry's questions over them."""

    people: dict[str, Participant] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    bought: dict[str, tuple[Purchase, ...]] = field(default_factory=dict)
    ledgers: dict[str, tuple[LedgerEntry, ...]] = field(default_factory=dict)
    paid: dict[str, PaymentStatus] = field(default_factory=dict)
    codes: dict[str, RedeemStatus] = field(default_factory=dict)
    incentives_of: dict[str, tuple[Incentive, ...]] = field(default_factory=dict)
    accounts: dict[str, PayoutAccount] = field(default_factory=dict)
    waves_of: dict[str, tuple[WaveApplication, ...]] = field(default_factory=dict)
    known_waves: dict[int, Wave] = field(default_factory=dict)
    catalogue: tuple[Course, ...] = (DESIGN, MARKETING)
    away: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def _answer(self, question: str, value: Any) -> Answer[Any]:
        self.asked.append(question)
        if question in self.away or "everything" in self.away:
            return CouldNotAsk(SOURCE, "tidak menjawab", 1800.0)
        return Known(value, SOURCE, NOW, 2.0) if value else Absent(SOURCE, NOW, 2.0)

    async def participant(self, participant_id: str) -> Answer[Participant]:
        return self._answer("participant", self.people.get(participant_id))

    async def participants_by_phone(self, phone: str) -> Answer[tuple[str, ...]]:
        raise AssertionError("actions never look anybody up by phone")

    async def participants_by_phone_hash(self, phone_hash: str) -> Answer[tuple[str, ...]]:
        raise AssertionError("actions never look anybody up by phone")

    async def participants_by_nik_last4(self, participant_ids: Sequence[str], last4: str) -> Answer[tuple[str, ...]]:
        raise AssertionError("actions never look anybody up by NIK")

    async def wave_applications(self, participant_id: str) -> Answer[tuple[WaveApplication, ...]]:
        return self._answer("wave_applications", self.waves_of.get(participant_id))

    async def wave(self, number: int) -> Answer[Wave]:
        return self._answer("wave", self.known_waves.get(number))

    async def waves(self, on: date) -> Answer[tuple[Wave, ...]]:
        return self._answer("waves", tuple(self.known_waves[number] for number in sorted(self.known_waves)[::-1]))

    async def card(self, participant_id: str) -> Answer[Card]:
        return self._answer("card", self.cards.get(participant_id))

    async def ledger(self, participant_id: str) -> Answer[tuple[LedgerEntry, ...]]:
        return self._answer("ledger", self.ledgers.get(participant_id))

    async def purchases(self, participant_id: str) -> Answer[tuple[Purchase, ...]]:
        return self._answer("purchases", self.bought.get(participant_id))

    async def payment_status(self, invoice_code: str) -> Answer[PaymentStatus]:
        return self._answer("payment_status", self.paid.get(invoice_code))

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        return self._answer("redeem_status", self.codes.get(code))

    async def quota(self, course_code: str, schedule_code: str) -> Answer[Quota]:
        return self._answer("quota", None)

    async def courses(
        self, title: str, *, platform_id: str | None = None, limit: int = 5
    ) -> Answer[tuple[Course, ...]]:
        words = title.lower().split()
        found = tuple(it for it in self.catalogue if all(word in it.title.lower() for word in words))
        here = tuple(it for it in found if platform_id in (None, *(offer.platform_id for offer in it.offers)))
        return self._answer("courses", here)

    async def organisations(self, role: str, on: date) -> Answer[tuple[Organisation, ...]]:
        still = [it for it in RUANGGURU if it.role == role and (it.valid_to is None or on < it.valid_to)]
        return self._answer("organisations", tuple(ROLES + still))

    async def organisation_roles(self, organisation_id: str) -> Answer[tuple[Organisation, ...]]:
        every = [*ROLES, *RUANGGURU]
        return self._answer("organisation_roles", tuple(it for it in every if it.id == organisation_id))

    async def payment_partners(self, on: date) -> Answer[tuple[Organisation, ...]]:
        return self._answer("payment_partners", ())

    async def incentives(self, participant_id: str) -> Answer[tuple[Incentive, ...]]:
        return self._answer("incentives", self.incentives_of.get(participant_id))

    async def payout_account(self, participant_id: str) -> Answer[PayoutAccount]:
        return self._answer("payout_account", self.accounts.get(participant_id))

    async def policy(self, key: str, on: date) -> Answer[Policy]:
        values = {"training_amount": "1000000", "incentive_amount": "600000", "incentive_count": "4"}
        values |= {"survey_amount": "50000", "survey_count": "3"}
        value = values.get(key)
        return self._answer(
            "policy", value and Policy(key, value, date(2020, 4, 11), None, "artikel", date(2020, 4, 11))
        )


@dataclass
class DeskRecords:
    """Incidents, reports and tickets."""

    known_incidents: tuple[OpenIncident, ...] = (INCIDENT,)
    report_count: int = 0
    own_tickets: tuple[TicketFact, ...] = ()
    away: bool = False

    def _answer(self, value: Any, now: datetime) -> Answer[Any]:
        return CouldNotAsk("catatan", "OperationalError", 5.0) if self.away else Known(value, "catatan", now, 1.0)

    async def incidents(self, now: datetime) -> Answer[tuple[OpenIncident, ...]]:
        return self._answer(self.known_incidents, now)

    async def reports(self, now: datetime) -> Answer[int]:
        return self._answer(self.report_count, now)

    async def tickets(
        self, conversation_id: str | None, participant_id: str | None, now: datetime
    ) -> Answer[tuple[TicketFact, ...]]:
        return self._answer(self.own_tickets, now)


def cast() -> Programme:
    """Return the programme with the named people in it."""
    names = {
        **{"siti": "Siti Rahmawati", "budi": "Budi Santoso", "dewi": "Dewi Lestari", "rina": "Rina Marlina"},
        **{"agus": "Agus Pratama", "yanto": "Yanto Wibowo", "maya": "Maya Putri", "joko": "Joko Susilo"},
        **{"lina": "Lina Kusuma"},
    }
    programme = Programme(people={key: participant(key, name) for key, name in names.items()})
    programme.cards = {key: card() for key in names}
    programme.cards["rina"] = card(700_000)
    programme.cards["lina"] = card(
        0, "revoked", wib(2020, 8, 21, 23, 59), revoked_at=wib(2020, 8, 22), reason="tidak membeli dalam 30 hari"
    )
    programme.bought = {
        "budi": (_budi_attempt(),),
        "dewi": (
            purchase(
                *("completed", "Paket Usaha Kuliner Rumahan", "tokopedia", wib(2020, 6, 15, 10)),
                **{"is_bundle": True, "paid_at": wib(2020, 6, 15, 10), "completed_at": wib(2020, 6, 23, 17)},
                **{"certificate_at": wib(2020, 6, 30), "rated_at": wib(2020, 7, 1)},
            ),
        ),
        "rina": (
            purchase(
                *("paid_without_code", "Bahasa Inggris Percakapan Kerja", "tokopedia", wib(2020, 8, 23, 8)),
                **{"paid_at": wib(2020, 8, 23, 8, 5), "class_starts_at": wib(2020, 8, 25, 9)},
            ),
        ),
        "agus": (
            purchase(
                *("code_issued", "Excel Laporan Keuangan", "pintaria", wib(2020, 8, 18, 16)),
                **{
                    "redeem_code_last4": "K7QZ",
                    "code_issued_at": wib(2020, 8, 18, 17),
                    "paid_at": wib(2020, 8, 18, 16),
                },
                **{"class_starts_at": wib(2020, 8, 29, 9), "invoice_code": "PNTRIA-AAAABBBBCCCC"},
            ),
        ),
        "joko": (
            purchase(
                *("awaiting_payment", "Foto Produk Pakai Ponsel", "bukalapak", wib(2020, 8, 22, 14)),
                **{"platform_status": "paid", "invoice_code": "BLAPAK-Q1Q2Q3Q4Q5Q6"},
            ),
        ),
    }
    programme.paid = {
        "TOKPED-XB9C89BXBJL7X": PaymentStatus("TOKPED-XB9C89BXBJL7X", 300_000, "SUCCESS", wib(2020, 8, 23, 8)),
        "PNTRIA-AAAABBBBCCCC": PaymentStatus("PNTRIA-AAAABBBBCCCC", 450_000, "SUCCESS", wib(2020, 8, 18, 16)),
    }
    programme.incentives_of = {
        "dewi": (
            incentive(1, "paid", date(2020, 7, 10), paid_at=wib(2020, 7, 13)),
            incentive(2, "paid", date(2020, 8, 10), paid_at=wib(2020, 8, 13)),
            incentive(3, "scheduled", date(2020, 9, 10)),
        ),
        "maya": (incentive(1, "failed", date(2020, 8, 17), reason="rekening tidak aktif menurut BNI"),),
    }
    programme.accounts = {
        "dewi": PayoutAccount("ovo", "OVO", "5678", True, "premium", "linked", None),
        "maya": PayoutAccount("bni", "BNI", "1122", True, "none", "failed", "rekening tidak aktif menurut BNI"),
    }
    return programme


def _budi_attempt() -> Purchase:
    return purchase(
        *("failed", "Digital Marketing UMKM Naik Kelas", "tokopedia", wib(2020, 8, 23, 20)),
        **{"failure_reason": "API token tidak valid", "invoice_code": None},
    )
