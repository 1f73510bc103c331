"""The programme's partner API: what partners may ask, and the calls with which they buy, void and redeem.

Shapes and documented codes come from the partner documentation; the codes it leaves open are this simulator's own and
stand in docs/programme-csv.md.
"""

import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from simulator.edge import Addressed, Answer, Call, Edge, json_answer
from simulator.faults import Fault, FaultBoard
from simulator.programme.buying import Till
from simulator.programme.refused import Body, Refused, read_body, text
from simulator.programme.signature import sign
from simulator.programme.truth import Record, Truth
from simulator.settings import SimulatorSettings

PREFIX = "/api/v1/integration/"
DONE = "Berhasil."
COURSE_TYPES = {"webinar": ("Webinar", "online"), "self_paced": ("Pembelajaran Mandiri", "online")}


type Action = Callable[[Truth, Body], dict[str, Any] | None]


class ProgrammeApi:
    """Answers signed calls of one client.

    Args:
        settings: who the client is, and how it signs.
        truth: what is known, or nothing while there is no programme.
        till: takes payments and voids them.
        board: the fault switches.
        unix_time: the machine's time, which signed timestamps are held against.
    """

    def __init__(
        self,
        settings: SimulatorSettings,
        truth: Callable[[], Truth | None],
        till: Till,
        board: FaultBoard,
        unix_time: Callable[[], float] = time.time,
    ) -> None:
        self._client_code = settings.client_code
        self._sign_key = settings.sign_key.get_secret_value()
        self._sign_authorization = settings.sign_authorization
        self._window = settings.sign_window.total_seconds()
        self._truth, self.till, self._unix_time = truth, till, unix_time
        self._calls: dict[str, tuple[Action, str]] = {
            "payment/status": (payment_status, DONE),
            "payment/quota-schedule": (quota_schedule, DONE),
            "payment/redeem-code/status": (redeem_code_status, DONE),
            "payment/send-otp": (till.send_otp, "Kode OTP terkirim."),
            "payment/void": (till.void, "Transaksi berhasil dibatalkan."),
            "payment/redeem-code/commit": (lambda truth, body: till.commit(truth, body, redeem_code_status), DONE),
        }
        self.edge = Edge("programme", self.handle, self._address, spoil, board)

    async def handle(self, call: Call) -> Answer:
        """Answer one call."""
        try:
            data, message = self._answer(call)
        except Refused as refused:
            return _refusal(refused.code, refused.message, refused.status)
        return json_answer({"success": True, "message": message} | ({"data": data} if data is not None else {}))

    def _answer(self, call: Call) -> tuple[dict[str, Any] | None, str]:
        action, message = self._action(call)
        if call.http_method != "POST":
            raise Refused("ERRGEN40500", "Metode tidak diizinkan.", 405)
        self._check_signature(call)
        truth = self._truth()
        if truth is None:
            raise Refused("ERRGEN50300", "Layanan belum siap.", 503)
        return action(truth, read_body(call.body)), message

    def _action(self, call: Call) -> tuple[Action, str]:
        name = call.path.removeprefix(PREFIX) if call.path.startswith(PREFIX) else ""
        if name == "payment/authorize":
            authorization = call.headers.get("authorization", "")
            return lambda truth, body: self.till.authorize(truth, body, authorization), "Pelatihan berhasil dibeli."
        if name not in self._calls:
            raise Refused("ERRGEN40400", "Alamat tidak ditemukan.", 404)
        return self._calls[name]

    def _check_signature(self, call: Call) -> None:
        client, timestamp = call.headers.get("client_code", ""), call.headers.get("timestamp", "")
        if not hmac.compare_digest(client.encode(), self._client_code.encode()):
            raise Refused("ERRAUT40001", "Client tidak dikenal.", 401)
        authorization = call.headers.get("authorization", "") if self._sign_authorization else ""
        signed = (client, timestamp, call.http_method, call.path, call.body, authorization)
        expected = sign(self._sign_key, *signed)
        if not hmac.compare_digest(expected.encode(), call.headers.get("signature", "").encode()):
            raise Refused("ERRAUT40002", "Signature tidak sesuai.", 401)
        if not timestamp.isdigit() or abs(self._unix_time() - int(timestamp)) > self._window:
            raise Refused("ERRAUT40003", "Timestamp di luar batas waktu.", 401)

    def _address(self, call: Call) -> Addressed:
        return Addressed(call.path.removeprefix(PREFIX), "*")


def payment_status(truth: Truth, body: Body) -> dict[str, Any]:
    """Say what became of a payment."""
    row = truth.by_invoice.get(text(body, "invoice_code"))
    if row is None:
        raise Refused("ERRPLT40010", "Kode invoice tidak ditemukan.")
    texts = {name: row[name] for name in ("invoice_code", "transaction_code", "status", "prakerja_name")}
    return texts | {"amount": int(row["amount"]), "created_at": zulu(row["created_at"])}


def quota_schedule(truth: Truth, body: Body) -> dict[str, Any]:
    """Say how many seats a schedule has left."""
    course, schedule = str(body.get("course_code") or ""), str(body.get("schedule_code") or "")
    if not course or not schedule:
        raise Refused("ERRPLT40036", "Kode kursus atau kode jadwal kosong.")
    offer = truth.offers.get((course, schedule))
    if offer is None:
        raise Refused("ERRPLT40037", "Jadwal tidak ditemukan untuk kursus ini.")
    return {"schedule_code": schedule, "course_code": course, "quota": truth.seats(offer)}


def redeem_code_status(truth: Truth, body: Body) -> dict[str, Any]:
    """Say whether a code was used, or whether a class session was attended."""
    row = truth.by_code.get(text(body, "redeem_code"))
    if row is None:
        raise Refused("ERRRDM40001", "Kode redeem tidak ditemukan")
    if row["status"] == "VOID":
        raise Refused("ERRRDM40002", "Transaksi sudah dibatalkan")
    sequence = body.get("sequence", 1)
    if not isinstance(sequence, int) or not (1 <= sequence <= 10 or sequence == 999):
        raise Refused("ERRRDM40003", "Sequence tidak sesuai.")
    attended = bool(row["redeem_at"] if sequence == 1 else row["completed_at"])
    return _redeemed(truth, row) | {"sequence": sequence, "attendance_status": int(attended)}


def _redeemed(truth: Truth, row: Record) -> dict[str, Any]:
    offer = truth.offers.get((row["course_code"], row["schedule_code"]), {})
    label, learning = COURSE_TYPES.get(row["course_type"], ("Luring", "offline"))
    texts = ("redeem_code", "course_code", "invoice_code", "schedule_code", "dp_platform", "course_type")
    spans = " - ".join(zulu(offer[end]) or "" for end in ("starts_at", "ends_at") if offer.get(end))
    return {name: row[name] for name in texts} | {
        **{"status": int(bool(row["redeem_at"])), "redeem_at": zulu(row["redeem_at"])},
        **{"schedule_start_end": spans, "course_type_label": label, "course_learning_method": learning},
        "is_online_attendance": learning == "online",
    }


def zulu(text: str) -> str | None:
    """Write a table's time as the API does: ISO 8601 with Z."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if text else None


def spoil(fault: Fault) -> Answer:
    """Word a limit or an error the way the API does."""
    if fault.description.startswith("<"):
        return Answer(fault.status, fault.description.encode(), "text/html")
    if fault.kind == "limit":
        limited = _refusal("ERRGEN42900", "Terlalu banyak permintaan.", 429)
        return Answer(429, limited.body, headers={"retry-after": str(fault.retry_after)})
    return _refusal(str(fault.code or "ERRGEN50000"), fault.description or "Terjadi kesalahan.", fault.status)


def _refusal(code: str, message: str, status: int) -> Answer:
    return json_answer({"code": code, "message": message, "success": False}, status)
