"""The programme's partner API as a function from request to response: strict about signatures, with known invoices."""

import hashlib
import hmac
import json

import httpx

from tests.registry.handed_over import PAID, VOIDED

CLIENT_CODE, SIGN_KEY = "uji_client", "uji-sign-key"
PATH = "/api/v1/integration/payment/status"
CODE, CODE_INVOICE = "PRKABCDEF123", "TOKPED-SITI00000001"
SCHEDULE = {"schedule_code": "JDW-F2", "course_code": "K1"}


class ProgrammeServer:
    """Knows two invoices; `spoil` holds what it answers next instead of the truth."""

    def __init__(self, *spoil: httpx.Response | Exception) -> None:
        self.spoil = list(spoil)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.spoil:
            spoiled = self.spoil.pop(0)
            if isinstance(spoiled, Exception):
                raise spoiled
            return spoiled
        if request.headers["signature"] != self._expected(request):
            return error(401, "ERRAUT40002", "Signature tidak sesuai")
        asked = json.loads(request.content)
        if request.url.path.endswith("redeem-code/status"):
            return redeemed(sequence=asked["sequence"]) if asked["redeem_code"] == CODE else NO_CODE
        if request.url.path.endswith("quota-schedule"):
            return seats() if asked == SCHEDULE else error(400, "ERRPLT40037", "Jadwal tidak ditemukan.")
        invoice = asked["invoice_code"]
        if invoice not in (PAID, VOIDED):
            return error(400, "ERRPLT40010", "Kode invoice tidak ditemukan.")
        return payment(invoice_code=invoice, status="SUCCESS" if invoice == PAID else "VOID")

    def _expected(self, request: httpx.Request) -> str:
        headers, path = request.headers, request.url.path.removeprefix("/programme")
        said = (headers["client_code"] + headers["timestamp"] + request.method + path).encode() + request.content
        return hmac.new(SIGN_KEY.encode(), said, hashlib.sha1).hexdigest()


def payment(**changes: object) -> httpx.Response:
    """Answer as the documents show, with changes."""
    data = {
        **{"invoice_code": PAID, "transaction_code": "TRXB1", "amount": 300000, "status": "SUCCESS"},
        **{"created_at": "2020-08-23T01:11:00Z", "prakerja_name": "Rina Marlina"},
    }
    return httpx.Response(200, json={"success": True, "message": "ok", "data": data | changes})


def redeemed(**changes: object) -> httpx.Response:
    """Answer about a code as the documents show, with changes."""
    data = {
        **{"redeem_code": CODE, "course_code": "K1", "invoice_code": CODE_INVOICE, "schedule_code": "JDW-F2"},
        **{"status": 1, "attendance_status": 0, "redeem_at": None, "dp_platform": "Tokopedia", "sequence": 1},
    }
    return httpx.Response(200, json={"success": True, "message": "ok", "data": data | changes})


def seats(**changes: object) -> httpx.Response:
    """Answer about a schedule as the documents show, with changes."""
    return httpx.Response(200, json={"success": True, "message": "ok", "data": SCHEDULE | {"quota": 20} | changes})


def error(status: int, code: str, message: str) -> httpx.Response:
    """Answer with an error as documented."""
    return httpx.Response(status, json={"code": code, "message": message, "success": False})


NO_CODE = error(400, "ERRRDM40001", "Kode redeem tidak ditemukan")
