"""The programme's partner API as a function from request to response: strict about signatures, with known invoices."""

import hashlib
import hmac
import json

import httpx

from tests.registry.handed_over import PAID, VOIDED

CLIENT_CODE, SIGN_KEY = "uji_client", "uji-sign-key"
PATH = "/api/v1/integration/payment/status"


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
        invoice = json.loads(request.content)["invoice_code"]
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


def error(status: int, code: str, message: str) -> httpx.Response:
    """Answer with an error as documented."""
    return httpx.Response(status, json={"code": code, "message": message, "success": False})
