"""What moves the programme's truth: a platform buys (send-otp, authorize), voids, an institution commits a code.

For the simulated platforms and institutions; the help desk only looks. Where the documents name no error code, the one
here is this simulator's own (docs/programme-csv.md).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import Clock
from simulator.programme.identifiers import CODE_LETTERS, redeem_code
from simulator.programme.partners import PLATFORMS
from simulator.programme.refused import Body, Refused, text, whole
from simulator.programme.truth import Record, Truth, TruthFile

EDUCATIONS = ("sd", "smp", "sma", "diploma", "sarjana")
MOST_TRIES = 3


@dataclass
class Pending:
    """A payment that waits for the OTP sent by SMS."""

    participant: Record
    offer: Record
    otp: str
    tries: int = 0
    invoice: str | None = None
    """Set once it is paid: the same call again gets the same reply."""


class Till:
    """Takes payments of simulated platforms.

    Args:
        truth: where a payment is written down.
        now: rehearsed time: whether a class has begun, and when something was paid.
    """

    def __init__(self, truth: TruthFile, now: Clock) -> None:
        self._truth, self._now = truth, now
        self.pending: dict[str, Pending] = {}

    def send_otp(self, truth: Truth, body: Body) -> dict[str, Any]:
        """Check that this person may buy this, and send them an OTP."""
        participant = truth.participants.get(text(body, "prakerja_id"))
        if participant is None:
            raise Refused("ERRPLT40041", "Peserta tidak ditemukan.")
        text(body, "user_platform_id")
        offer = truth.offers.get((text(body, "course_code"), text(body, "schedule_code")))
        if offer is None:
            raise Refused("ERRPLT40037", "Jadwal tidak ditemukan untuk kursus ini.")
        self._allow(truth, participant, offer, whole(body, "amount"))
        token = secrets.token_urlsafe(24)
        self.pending[token] = Pending(participant, offer, f"{secrets.randbelow(10**6):06d}")
        return {"payment_token": token}

    def authorize(self, truth: Truth, body: Body, authorization: str) -> dict[str, Any]:
        """Take the payment whose OTP is right; the same invoice again is the same payment."""
        kind, _, token = authorization.partition(" ")
        waiting = self.pending.get(token)
        if kind != "Payment" or waiting is None:
            raise Refused("ERRPLT40045", "Token pembayaran tidak dikenal.")
        invoice = text(body, "invoice_code")
        text(body, "invoice_url")
        if waiting.invoice is None:
            self._right_otp(token, waiting, text(body, "otp"))
            if invoice in truth.by_invoice:
                raise Refused("ERRPLT40047", "Kode invoice sudah digunakan.")
            self._truth.keep(self._payment(truth, waiting, invoice))
            waiting.invoice = invoice
        elif waiting.invoice != invoice:
            raise Refused("ERRPLT40045", "Token pembayaran tidak dikenal.")
        row = truth.by_invoice[invoice]
        said = {name: row[name] for name in ("invoice_code", "transaction_code", "status", "prakerja_name")}
        return said | {"amount": int(row["amount"])}

    def void(self, truth: Truth, body: Body) -> None:
        """Cancel a payment."""
        row = truth.by_invoice.get(text(body, "invoice_code"))
        if row is None or row["transaction_code"] != text(body, "transaction_code"):
            raise Refused("ERRVOD40001", "Kode transaksi tidak ditemukan.")
        if row["status"] == "VOID":
            raise Refused("ERRPLT40028", "Transaksi sudah dibatalkan sebelumnya")
        if row["redeem_at"]:
            raise Refused("ERRVOD40002", "Kode redeem sudah digunakan")
        self._truth.keep(row | {"status": "VOID"})

    def commit(self, truth: Truth, body: Body, status: Callable[[Truth, Body], dict[str, Any]]) -> dict[str, Any]:
        """Declare a code used."""
        told = status(truth, body)
        if told["redeem_at"]:
            raise Refused("ERRRDM40006", "Kode redeem sudah digunakan")
        self._truth.keep(truth.by_code[told["redeem_code"]] | {"redeem_at": self._now().isoformat()})
        return status(truth, body)

    def _allow(self, truth: Truth, participant: Record, offer: Record, amount: int) -> None:
        course = truth.courses[offer["course_id"]]
        if offer["starts_at"] and datetime.fromisoformat(offer["starts_at"]) <= self._now():
            raise Refused("ERRPLT40038", "Jadwal sudah dimulai.")
        if truth.seats(offer) <= 0:
            raise Refused("ERRPLT40039", "Kuota jadwal sudah penuh.")
        if amount != int(offer["price"]):
            raise Refused("ERRPLT40042", "Jumlah tidak sesuai harga.")
        if course["min_age"] and self._now().year - int(participant["birth_year"]) < int(course["min_age"]):
            raise Refused("ERRPLT40043", "Umur peserta tidak sesuai.")
        wanted = course["min_education"]
        if wanted and EDUCATIONS.index(participant["education"]) < EDUCATIONS.index(wanted):
            raise Refused("ERRPLT40044", "Pendidikan peserta tidak sesuai.")

    def _right_otp(self, token: str, waiting: Pending, otp: str) -> None:
        waiting.tries += 1
        if secrets.compare_digest(otp.encode(), waiting.otp.encode()):
            return
        if waiting.tries >= MOST_TRIES:
            del self.pending[token]
        raise Refused("ERRPLT40046", "Kode OTP salah.")

    def _payment(self, truth: Truth, waiting: Pending, invoice: str) -> Record:
        offer, names = waiting.offer, {prefix: name for name, _, prefix in PLATFORMS.values()}
        return {
            **{"invoice_code": invoice, "transaction_code": f"TRX{_letters(12)}", "amount": offer["price"]},
            **{
                "status": "SUCCESS",
                "created_at": self._now().isoformat(),
                "prakerja_name": waiting.participant["name"],
            },
            **{"redeem_code": redeem_code(_letters(10)), "course_code": offer["course_id"]},
            **{"schedule_code": offer["schedule_code"], "redeem_at": "", "completed_at": ""},
            "dp_platform": names.get(invoice.partition("-")[0], "Tokopedia"),
            "course_type": truth.courses[offer["course_id"]]["type"],
        }


def _letters(count: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(count))
