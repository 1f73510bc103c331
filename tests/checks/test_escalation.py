"""When a person must look: at both sides of every limit of the taxonomy."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checks.escalation import ALWAYS, RULES, escalation
from checks.finding import Priority, Queue
from checks.situation import Situation
from registry.facts import LedgerEntry, PaymentStatus, PayoutAccount
from registry.interface import Absent, CouldNotAsk, Known
from tests.actions.programme import DESIGN, INCIDENT, NOW, card, cast, incentive, purchase, wib

HOUR = timedelta(hours=1)
AWAY = CouldNotAsk("sumber", "tidak menjawab", 9.0)
NONE_OPEN = Known((), "catatan", NOW, 1.0)
OPEN = Known((INCIDENT,), "catatan", NOW, 1.0)


def known(value: Any) -> Known[Any]:
    return Known(value, "tabel", NOW, 1.0)


def bought(state: str, **more: Any) -> Known[Any]:
    return known((purchase(state, "Kelas Kopi", "tokopedia", wib(2020, 8, 20), **more),))


def needed(intent: str, **given: Any) -> Any:
    return escalation(Situation(**{"intent": intent, "now": NOW, "bound": True, **given}))


SCENES: list[tuple[str, dict[str, Any], bool]] = [
    ("package_not_found", {"lasted": 24 * HOUR, "incidents": OPEN}, False),
    ("package_not_found", {"lasted": 25 * HOUR, "incidents": OPEN}, True),
    ("package_not_found", {"incidents": NONE_OPEN, "courses": known((DESIGN,))}, True),
    ("package_not_found", {"incidents": NONE_OPEN, "courses": known((replace(DESIGN, status="suspended"),))}, False),
    ("package_not_found", {"incidents": AWAY, "courses": known((DESIGN,))}, False),
    ("package_not_found", {"incidents": NONE_OPEN, "courses": AWAY}, False),
    ("package_not_found", {"incidents": OPEN, "now": wib(2020, 9, 5)}, True),
    ("payment_failed", {"purchases": bought("failed"), "card": known(card())}, False),
    ("payment_failed", {"purchases": bought("failed"), "card": known(card()), "times": 2}, True),
    ("payment_failed", {"purchases": bought("failed"), "card": known(card()), "repeated": True}, True),
    ("payment_failed", {"purchases": bought("failed"), "card": known(card(status="revoked")), "repeated": True}, False),
    ("payment_failed", {"purchases": bought("failed"), "card": AWAY, "repeated": True}, False),
    ("payment_failed", {"purchases": bought("paid_without_code"), "card": known(card())}, True),
    ("purchase_otp", {"lasted": 2 * HOUR, "incidents": OPEN}, False),
    ("purchase_otp", {"lasted": 3 * HOUR, "incidents": OPEN}, True),
    ("purchase_otp", {"lasted": 3 * HOUR, "incidents": known((replace(INCIDENT, components=("otp",)),))}, False),
    ("purchase_otp", {"lasted": 3 * HOUR, "incidents": OPEN, "text": "nomor lama udah ganti nomor"}, False),
    ("purchase_otp", {"lasted": 3 * HOUR, "incidents": AWAY}, False),
    ("paid_no_code", {"purchases": bought("paid_without_code")}, True),
    ("paid_no_code", {"purchases": bought("code_issued")}, False),
    ("paid_no_code", {"bound": False}, False),
    ("paid_no_code", {"bound": False, "lasted": 25 * HOUR}, True),
    ("purchase_status", {"purchases": bought("awaiting_payment", expires_at=NOW - HOUR)}, True),
    ("purchase_status", {"purchases": bought("awaiting_payment", expires_at=NOW + HOUR)}, False),
    ("purchase_status", {"purchases": bought("awaiting_payment", platform_status="paid")}, True),
    ("purchase_status", {"purchases": bought("failed"), "payment": known(PaymentStatus("X", 1, "SUCCESS", NOW))}, True),
    ("cancel_or_refund", {"purchases": bought("code_issued")}, False),
    ("cancel_or_refund", {"purchases": bought("cancelling", failure_reason="kelas dibatalkan lembaga")}, True),
    ("cancel_or_refund", {"purchases": bought("refunded"), "ledger": known(())}, True),
    ("cancel_or_refund", {"purchases": bought("refunded"), "ledger": AWAY}, False),
    ("wrong_charge", {}, True),
    ("purchase_deadline", {"card": known(card(due=NOW + 72 * HOUR)), "incidents": OPEN}, True),
    ("purchase_deadline", {"card": known(card(due=NOW + 120 * HOUR)), "incidents": OPEN}, False),
    ("purchase_deadline", {"card": known(card(due=NOW + 24 * HOUR)), "incidents": NONE_OPEN}, False),
    (
        "purchase_deadline",
        {"card": known(card(due=NOW + 24 * HOUR)), "incidents": OPEN, "purchases": bought("completed")},
        False,
    ),
    ("redeem_failed", {"text": "katanya kode sudah digunakan"}, True),
    ("redeem_failed", {"text": "kodenya ga cocok terus"}, False),
    ("class_access", {"purchases": bought("redeemed"), "lasted": 25 * HOUR}, True),
    ("class_access", {"purchases": bought("code_issued"), "lasted": 25 * HOUR}, False),
    ("class_access", {"purchases": bought("redeemed", class_starts_at=NOW + 2 * HOUR)}, True),
    ("class_access", {"purchases": bought("redeemed", class_starts_at=NOW + 3 * HOUR)}, False),
    ("attendance_verification", {"purchases": bought("redeemed", class_starts_at=NOW - HOUR)}, True),
    ("attendance_verification", {"purchases": bought("redeemed", class_starts_at=NOW + HOUR)}, False),
    ("certificate_missing", {"purchases": bought("completed", completed_at=wib(2020, 8, 12, 9))}, True),
    ("certificate_missing", {"purchases": bought("completed", completed_at=wib(2020, 8, 13, 9))}, False),
    ("certificate_missing", {"purchases": AWAY}, False),
    ("certificate_wrong_data", {"text": "sertifikat kebuka punya orang"}, True),
    ("certificate_wrong_data", {"text": "nama di sertif salah ketik"}, False),
    ("rating_and_review", {"purchases": bought("completed"), "lasted": 25 * HOUR}, True),
    ("rating_and_review", {"purchases": bought("completed", rated_at=NOW), "lasted": 25 * HOUR}, False),
    ("incentive_not_received", {"incentives": known((incentive(1, "scheduled", wib(2020, 8, 14, 9).date()),))}, True),
    ("incentive_not_received", {"incentives": known((incentive(1, "scheduled", wib(2020, 8, 17, 9).date()),))}, False),
    ("incentive_not_received", {"incentives": known((incentive(1, "failed", wib(2020, 8, 17, 9).date()),))}, False),
    (
        "payout_account_failed",
        {"payout_account": known(PayoutAccount("ovo", "OVO", "1", True, "premium", "failed", None))},
        True,
    ),
    (
        "payout_account_failed",
        {"payout_account": known(PayoutAccount("ovo", "OVO", "1", True, "none", "failed", None))},
        False,
    ),
    ("payout_account_failed", {"text": "rekeningnya kok atas nama orang lain"}, True),
    ("login_otp", {"lasted": 3 * HOUR, "incidents": NONE_OPEN}, True),
    ("login_otp", {"lasted": 2 * HOUR, "incidents": NONE_OPEN}, False),
    ("login_failed", {"participant": known(cast().people["siti"]), "incidents": NONE_OPEN}, False),
    ("login_failed", {"participant": known(cast().people["siti"]), "incidents": NONE_OPEN, "repeated": True}, True),
    ("login_failed", {"text": "lupa email yg didaftarin", "incidents": NONE_OPEN}, True),
    ("identity_verification_failed", {"times": 3, "incidents": NONE_OPEN}, True),
    ("identity_verification_failed", {"times": 2, "incidents": NONE_OPEN}, False),
    ("nik_already_registered", {}, True),
    ("blocked_by_other_data", {"text": "saya udah lulus, ada surat dari kampus"}, True),
    ("blocked_by_other_data", {"text": "katanya terdaftar sebagai mahasiswa"}, False),
    ("change_contact", {"text": "hp ilang otp ke nomor lama"}, True),
    ("change_contact", {"text": "mau ganti email gimana"}, False),
    ("account_blocked", {}, True),
    (
        "join_wave_failed",
        {"participant": known(cast().people["siti"]), "incidents": NONE_OPEN, "text": "tutup hari ini"},
        True,
    ),
    ("join_wave_failed", {"participant": known(cast().people["siti"]), "incidents": NONE_OPEN}, False),
    ("selection_result", {"repeated": True, "times": 9}, False),
    ("participation_revoked", {"card": known(card(0, "revoked", wib(2020, 8, 21))), "incidents": OPEN}, True),
    ("participation_revoked", {"card": known(card(0, "revoked", wib(2020, 8, 9))), "incidents": OPEN}, False),
    ("participation_revoked", {"card": known(card(0, "revoked", wib(2020, 8, 21))), "incidents": AWAY}, False),
    ("card_number_or_balance", {"card": known(card(0)), "ledger": known(())}, True),
    (
        "card_number_or_balance",
        {"card": known(card(0, recipient_since=wib(2020, 8, 20, 9).date())), "ledger": known(())},
        False,
    ),
    ("card_number_or_balance", {"card": known(card(0)), "ledger": known((LedgerEntry("grant", 1, None, NOW),))}, False),
    ("system_outage", {"incidents": NONE_OPEN, "reports": known(10)}, True),
    ("system_outage", {"incidents": NONE_OPEN, "reports": known(9)}, False),
    ("system_outage", {"incidents": AWAY, "reports": known(50)}, False),
    ("system_outage", {"incidents": OPEN, "reports": known(50)}, False),
    ("personal_data_request", {}, True),
    ("talk_to_human", {}, True),
    ("ask_how_to_buy", {"repeated": True, "lasted": 100 * HOUR}, False),
]


@pytest.mark.parametrize(("intent", "given", "expected"), SCENES)
def test_a_person_looks_exactly_when_the_taxonomy_says_so(
    intent: str, given: Mapping[str, Any], expected: bool
) -> None:
    assert (needed(intent, **given) is not None) is expected


def test_every_rule_has_a_scene() -> None:
    played = {intent for intent, _, _ in SCENES}
    assert set(RULES) - played == {
        "ask_bundling",
        "report_fraud",
        "partner_complaint",
        "support_complaint",
        "survey_incentive",
    }


@pytest.mark.parametrize("intent", sorted(ALWAYS - {"report_fraud"}))
def test_what_is_always_for_a_person_needs_no_fact(intent: str) -> None:
    assert needed(intent, bound=False) is not None


def test_a_class_within_a_day_makes_a_missing_code_high() -> None:
    def at(hours: int) -> Any:
        return needed("paid_no_code", purchases=bought("paid_without_code", class_starts_at=NOW + hours * HOUR))

    assert at(23).priority is Priority.HIGH
    assert at(25).priority is Priority.NORMAL


def test_a_programme_that_does_not_know_a_paid_order_is_a_disagreement_and_one_that_is_away_is_not() -> None:
    paid = bought("paid_without_code")
    assert "berbeda" in needed("purchase_status", purchases=paid, payment=Absent("api", NOW, 1.0)).reason
    assert "berbeda" not in needed("purchase_status", purchases=paid, payment=AWAY).reason


def test_used_codes_are_for_security_and_a_blocked_deadline_is_urgent() -> None:
    assert needed("redeem_failed", text="udah dipake katanya").queue is Queue.SECURITY
    assert needed("purchase_deadline", card=known(card(due=NOW + HOUR)), incidents=OPEN).priority is Priority.URGENT
