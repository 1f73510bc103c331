"""When a person must look at the code, the class, the certificate and the review."""

from collections.abc import Mapping
from typing import Any

import pytest

from checks.finding import Queue
from tests.actions.programme import NOW, wib
from tests.checks.facts import AWAY, DAY, HOUR, Scene, bought, needed

LATE = bought("completed", completed_at=wib(2020, 8, 10, 9))
OVER = bought("redeemed", class_starts_at=NOW - 3 * HOUR, class_ends_at=NOW - HOUR)

SCENES: list[Scene] = [
    ("redeem_failed", {"text": "katanya kode sudah digunakan"}, True),
    ("redeem_failed", {"text": "kode redeem udh dipake katanya, saya blm pernah"}, True),
    ("redeem_failed", {"text": "kodenya ga cocok terus"}, False),
    ("redeem_failed", {"text": "kodenya belum dipakai tapi ditolak"}, False),
    ("redeem_failed", {"text": "kode sudah saya pakai tapi error"}, False),
    ("redeem_failed", {"text": "kok kodenya dibatalkan, saya ga minta"}, True),
    ("redeem_failed", {"text": "sudah dibatalkan saya sendiri"}, False),
    ("redeem_failed", {"purchases": bought("cancelling", failure_reason="kelas dibatalkan lembaga")}, True),
    ("redeem_failed", {"purchases": bought("code_issued")}, False),
    ("redeem_failed", {"purchases": bought("redeemed"), "text": "status USED terus"}, True),
    ("redeem_failed", {"purchases": bought("redeemed"), "text": "udah saya pakai kok ditolak"}, False),
    ("redeem_failed", {"purchases": AWAY}, False),
    ("class_access", {"purchases": bought("redeemed"), "lasted": 25 * HOUR}, True),
    ("class_access", {"purchases": bought("redeemed"), "lasted": 24 * HOUR}, False),
    ("class_access", {"purchases": bought("code_issued"), "lasted": 25 * HOUR}, False),
    ("class_access", {"purchases": bought("redeemed", class_starts_at=NOW + 2 * HOUR)}, True),
    ("class_access", {"purchases": bought("redeemed", class_starts_at=NOW + 3 * HOUR)}, False),
    ("class_access", {"purchases": bought("redeemed", class_starts_at=NOW - HOUR, class_ends_at=NOW + HOUR)}, True),
    ("class_access", {"purchases": OVER}, False),
    ("class_access", {"purchases": AWAY, "lasted": 25 * HOUR}, False),
    ("attendance_verification", {"purchases": OVER, "text": "absen saya ga kecatet pdhl hadir"}, True),
    ("attendance_verification", {"purchases": OVER, "text": "saya ga hadir kmrn"}, False),
    ("attendance_verification", {"purchases": OVER, "text": "post test ga muncul"}, False),
    (
        "attendance_verification",
        {"purchases": bought("redeemed", class_starts_at=NOW + HOUR), "text": "saya hadir"},
        False,
    ),
    ("attendance_verification", {"purchases": bought("completed", class_starts_at=NOW - DAY), "text": "hadir"}, False),
    ("attendance_verification", {"purchases": AWAY, "text": "saya hadir"}, False),
    # seven working days from 10 August 2020 pass on the 24th: 17, 20 and 21 August were off
    ("certificate_missing", {"purchases": LATE, "now": wib(2020, 8, 24, 10)}, False),
    ("certificate_missing", {"purchases": LATE, "now": wib(2020, 8, 25, 10)}, True),
    ("certificate_missing", {"purchases": bought("in_progress"), "lasted": 30 * DAY}, False),
    (
        "certificate_missing",
        {"purchases": bought("completed", completed_at=wib(2020, 7, 1), certificate_at=wib(2020, 7, 9))},
        False,
    ),
    ("certificate_missing", {"purchases": AWAY, "lasted": 30 * DAY}, False),
    ("certificate_wrong_data", {"text": "sertifikat kebuka punya orang"}, True),
    ("certificate_wrong_data", {"text": "kok isinya sertif org lain", "purchases": AWAY}, True),
    ("certificate_wrong_data", {"text": "nama di sertif salah ketik"}, False),
    ("certificate_wrong_data", {"text": "bukan punya orang lain sih, cuma salah huruf"}, False),
    ("rating_and_review", {"purchases": bought("completed"), "lasted": 25 * HOUR, "text": "udah review tp blm"}, True),
    ("rating_and_review", {"purchases": bought("completed"), "lasted": 24 * HOUR, "text": "udah review tp blm"}, False),
    ("rating_and_review", {"purchases": bought("completed"), "lasted": 99 * HOUR, "text": "ga bisa disubmit"}, False),
    (
        "rating_and_review",
        {"purchases": bought("completed", rated_at=NOW), "lasted": 2 * DAY, "text": "udah isi"},
        False,
    ),
    ("rating_and_review", {"purchases": AWAY, "lasted": 2 * DAY, "text": "udah isi"}, False),
]


@pytest.mark.parametrize(("intent", "given", "expected"), SCENES)
def test_a_person_looks_exactly_when_the_taxonomy_says_so(
    intent: str, given: Mapping[str, Any], expected: bool
) -> None:
    assert (needed(intent, **given) is not None) is expected


def test_a_used_code_is_for_security_and_a_strangers_certificate_for_privacy() -> None:
    used, wrong = (
        needed("redeem_failed", text="udah dipake katanya"),
        needed("certificate_wrong_data", text="punya orang lain"),
    )
    assert used is not None
    assert wrong is not None
    assert (used.queue, wrong.queue) == (Queue.SECURITY, Queue.PRIVACY)
