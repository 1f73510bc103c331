"""What could not be asked in a turn although no check says so: the evidence names it all the same."""

from collections.abc import Iterable
from dataclasses import fields

from checks.evidence import evidence
from checks.finding import Evidence, Finding
from checks.situation import Situation
from registry.interface import CouldNotAsk

LABELS = {
    "incidents": "Gangguan",
    "reports": "Laporan serupa",
    "tickets": "Laporan sebelumnya",
    "article": "Artikel",
    "participant": "Akun",
    "waves": "Gelombang",
    "calendar": "Jadwal gelombang",
    "card": "Kartu",
    "ledger": "Mutasi saldo",
    "purchases": "Pembelian",
    "payment": "payment/status",
    "redeem": "payment/redeem-code/status",
    "courses": "Katalog pelatihan",
    "own_course": "Kelas yang dibeli",
    "platforms": "Platform resmi",
    "roles": "Peran organisasi",
    "incentives": "Insentif",
    "payout_account": "Rekening/e-wallet",
    "rule": "Aturan batas beli",
}


def unasked(situation: Situation, findings: Iterable[Finding]) -> tuple[Evidence, ...]:
    """Return the failures of sources that these findings do not show, once for each source and reason."""
    shown = {(it.source, it.failed) for finding in findings for it in finding.evidence}
    silent: dict[tuple[str, str], Evidence] = {}
    for field in fields(situation):
        answer = getattr(situation, field.name)
        if isinstance(answer, CouldNotAsk) and answer.offered and (answer.source, answer.reason) not in shown:
            silent.setdefault((answer.source, answer.reason), evidence(LABELS[field.name], answer, ""))
    return tuple(silent.values())
