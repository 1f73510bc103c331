"""When a person must look at buying, the card and the system: each condition of the taxonomy, and its absence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from checks.finding import Priority
from registry.facts import LedgerEntry, PaymentStatus
from registry.interface import Absent
from tests.actions.programme import DESIGN, INCIDENT, NOW, card, incentive, purchase, wib
from tests.checks.facts import AWAY, DAY, HOUR, NONE_OPEN, OPEN, SITI, Scene, bought, known, needed

FAR, NEAR = known(card(due=NOW + 9 * DAY)), known(card(due=NOW + 2 * DAY))
DESIGN_THERE = known((DESIGN,))
SUCCESS = known(PaymentStatus("X", 1, "SUCCESS", NOW))
GONE = Absent("api", NOW, 1.0)
RETURNED = known((LedgerEntry("refund", 300_000, "B-1", NOW),))
BUNDLE = known((purchase("completed", "Paket", "tokopedia", wib(2020, 6, 15), is_bundle=True),))
TWICE = known(tuple(purchase("failed", "Kelas Kopi", "tokopedia", wib(2020, 8, day)) for day in (22, 23)))

PACKAGE: list[tuple[dict[str, Any], bool]] = [
    ({"lasted": 24 * HOUR, "incidents": OPEN}, False),
    ({"lasted": 25 * HOUR, "incidents": OPEN}, True),
    ({"incidents": NONE_OPEN, "courses": DESIGN_THERE}, True),
    ({"incidents": OPEN, "courses": DESIGN_THERE}, False),
    ({"incidents": NONE_OPEN, "courses": known((replace(DESIGN, status="suspended"),))}, False),
    ({"incidents": NONE_OPEN}, False),
    ({"incidents": AWAY, "courses": DESIGN_THERE}, False),
    ({"incidents": NONE_OPEN, "courses": AWAY}, False),
    ({"incidents": OPEN, "now": wib(2020, 9, 5)}, True),
    ({"incidents": OPEN, "card": NEAR}, True),
    ({"incidents": OPEN, "card": FAR}, False),
]
PAYMENT: list[tuple[dict[str, Any], bool]] = [
    ({"purchases": bought("failed"), "card": FAR, "incidents": NONE_OPEN}, False),
    ({"purchases": bought("failed"), "card": FAR, "incidents": NONE_OPEN, "times": 2}, True),
    ({"purchases": bought("failed"), "card": FAR, "incidents": OPEN, "repeated": True}, True),
    ({"purchases": TWICE, "card": FAR, "incidents": NONE_OPEN}, True),
    ({"purchases": TWICE, "card": AWAY, "incidents": NONE_OPEN}, False),
    ({"purchases": AWAY, "card": FAR, "incidents": NONE_OPEN, "times": 2}, False),
    ({"purchases": TWICE, "card": FAR, "incidents": AWAY}, False),
    ({"purchases": TWICE, "card": known(card(status="revoked")), "incidents": NONE_OPEN}, False),
    ({"purchases": TWICE, "card": known(card(0)), "incidents": NONE_OPEN}, False),
    ({"purchases": TWICE, "card": known(card(399_999)), "courses": DESIGN_THERE, "incidents": NONE_OPEN}, False),
    ({"purchases": TWICE, "card": known(card(400_000)), "courses": DESIGN_THERE, "incidents": NONE_OPEN}, True),
    ({"purchases": TWICE, "card": FAR, "courses": AWAY, "incidents": NONE_OPEN}, False),
    ({"purchases": TWICE, "courses": known((replace(DESIGN, is_bundle=True),)), "incidents": NONE_OPEN}, False),
    ({"purchases": bought("paid_without_code"), "card": FAR}, True),
    ({"purchases": bought("failed"), "payment": SUCCESS}, True),
    ({"purchases": bought("failed"), "ledger": known((LedgerEntry("capture", 3, "B-1", NOW),))}, True),
    ({"purchases": bought("failed"), "card": NEAR, "incidents": OPEN}, True),
    ({"purchases": bought("failed"), "card": NEAR, "incidents": NONE_OPEN}, False),
]
OTP: list[tuple[dict[str, Any], bool]] = [
    ({"participant": SITI, "incidents": NONE_OPEN, "lasted": 3 * HOUR}, True),
    ({"participant": SITI, "incidents": NONE_OPEN, "lasted": 2 * HOUR}, False),
    ({"participant": SITI, "incidents": NONE_OPEN}, False),
    ({"participant": SITI, "incidents": OPEN, "lasted": 3 * HOUR}, True),
    ({"participant": SITI, "incidents": known((replace(INCIDENT, components=("otp",)),)), "lasted": 3 * HOUR}, False),
    ({"participant": SITI, "incidents": AWAY, "lasted": 3 * HOUR}, False),
    ({"participant": AWAY, "incidents": NONE_OPEN, "lasted": 3 * HOUR}, False),
    ({"participant": AWAY, "incidents": NONE_OPEN, "lasted": 3 * HOUR, "text": "nomornya bener kok"}, True),
    ({"participant": SITI, "incidents": NONE_OPEN, "lasted": 3 * HOUR, "text": "itu nomer lama sy"}, False),
    ({"participant": SITI, "incidents": NONE_OPEN, "lasted": 3 * HOUR, "text": "nomor itu udah ga aktif"}, False),
    ({"participant": SITI, "incidents": NONE_OPEN, "lasted": 3 * HOUR, "text": "ga ganti nomor kok"}, True),
]
NO_CODE: list[tuple[dict[str, Any], bool]] = [
    ({"purchases": bought("paid_without_code"), "payment": SUCCESS}, True),
    ({"purchases": bought("paid_without_code"), "payment": GONE}, True),
    ({"purchases": bought("code_issued")}, False),
    ({"purchases": bought("code_issued"), "repeated": True}, True),
    ({"purchases": bought("awaiting_payment", created=NOW - HOUR), "card": known(card(open_holds=3))}, False),
    ({"purchases": bought("awaiting_payment", created=NOW - 2 * DAY), "card": known(card(open_holds=3))}, True),
    ({"purchases": bought("failed", created=NOW - 2 * DAY), "card": known(card())}, False),
    ({"purchases": GONE}, True),
    ({"purchases": AWAY}, True),
    ({"bound": False}, False),
    ({"bound": False, "lasted": 24 * HOUR}, False),
    ({"bound": False, "lasted": 25 * HOUR}, True),
    ({"bound": False, "text": "udah bayar kelas besok pagi kode ga ada"}, True),
]
STATUS: list[tuple[dict[str, Any], bool]] = [
    ({"purchases": bought("awaiting_payment", expires_at=NOW - HOUR)}, True),
    ({"purchases": bought("awaiting_payment", expires_at=NOW + HOUR)}, False),
    ({"purchases": bought("awaiting_payment", platform_status="paid")}, True),
    ({"purchases": bought("awaiting_payment", platform_status="unpaid")}, False),
    ({"purchases": bought("failed"), "payment": SUCCESS}, True),
    ({"purchases": bought("failed"), "payment": GONE}, False),
    ({"purchases": bought("paid_without_code"), "payment": SUCCESS}, True),
    ({"purchases": AWAY}, False),
    ({"purchases": bought("completed")}, False),
]
REFUND: list[tuple[dict[str, Any], bool]] = [
    ({"purchases": bought("code_issued"), "text": "salah beli, bisa batalin ga"}, False),
    ({"purchases": bought("cancelling", failure_reason="kelas dibatalkan lembaga")}, True),
    ({"purchases": bought("cancelling", failure_reason="dibatalkan peserta")}, False),
    ({"purchases": bought("refunded"), "ledger": known(())}, True),
    ({"purchases": bought("refunded"), "ledger": RETURNED}, False),
    ({"purchases": bought("refunded"), "ledger": RETURNED, "text": "saldo blm balik"}, False),
    ({"purchases": bought("refunded"), "ledger": AWAY}, False),
    ({"purchases": bought("cancelling"), "text": "saldo saya blm balik juga"}, True),
    ({"text": "kelasnya dibatalin lembaganya"}, True),
    ({"text": "kelasnya ga dibatalin kan"}, False),
    ({"text": "kalo kelasnya dibatalin saldo balik ga"}, False),
    ({"text": "mau tuker kelas boleh?"}, False),
]
DEADLINE: list[tuple[dict[str, Any], bool]] = [
    ({"card": known(card(due=NOW + 3 * DAY)), "incidents": OPEN}, True),
    ({"card": known(card(due=NOW + 4 * DAY)), "incidents": OPEN}, False),
    ({"card": known(card(due=NOW - HOUR)), "incidents": OPEN}, True),
    ({"card": known(card(due=NOW - HOUR)), "incidents": OPEN, "purchases": bought("redeemed")}, False),
    ({"card": known(card(due=NOW - HOUR)), "incidents": NONE_OPEN}, False),
    ({"card": known(card(due=wib(2020, 8, 18))), "incidents": OPEN}, False),
    ({"card": NEAR, "incidents": NONE_OPEN}, False),
    ({"card": NEAR, "incidents": AWAY}, False),
    ({"card": NEAR, "incidents": AWAY, "text": "mau beli gagal terus"}, True),
    ({"card": FAR, "incidents": AWAY, "text": "mau beli gagal terus"}, False),
    ({"card": AWAY, "incidents": OPEN}, False),
    ({"card": AWAY, "incidents": OPEN, "text": "batas saya besok"}, True),
    ({"card": AWAY, "incidents": OPEN, "text": "batas saya bukan besok"}, False),
    ({"card": NEAR, "incidents": OPEN, "purchases": bought("completed")}, False),
    ({"card": NEAR, "incidents": OPEN, "purchases": bought("failed")}, True),
    ({"card": known(card(status="revoked", due=NOW + DAY)), "incidents": OPEN}, False),
    ({"bound": False, "incidents": OPEN, "text": "besok batas 30 hari saya tapi ga bisa2 beli"}, True),
    ({"bound": False, "incidents": OPEN, "text": "batas beli pelatihan pertama kapan"}, False),
    ({"bound": False, "incidents": NONE_OPEN, "text": "besok batas 30 hari saya"}, False),
]
CARD: list[Scene] = [
    ("participation_revoked", {"card": known(card(0, "revoked", wib(2020, 8, 21))), "incidents": OPEN}, True),
    ("participation_revoked", {"card": known(card(0, "revoked", wib(2020, 8, 9))), "incidents": OPEN}, False),
    ("participation_revoked", {"card": known(card(0, "revoked", wib(2020, 8, 21))), "incidents": AWAY}, False),
    ("participation_revoked", {"card": known(card(0, "active", wib(2020, 8, 21))), "incidents": OPEN}, False),
    (
        "participation_revoked",
        {
            "card": known(card(0, "revoked", wib(2020, 8, 20))),
            "incidents": known((replace(INCIDENT, started_at=wib(2020, 8, 1), ended_at=wib(2020, 8, 2)),)),
        },
        False,
    ),
    ("card_number_or_balance", {"card": known(card(0)), "ledger": known(())}, True),
    ("card_number_or_balance", {"card": known(card(1)), "ledger": known(())}, False),
    ("card_number_or_balance", {"card": known(card(0)), "ledger": AWAY}, False),
    ("card_number_or_balance", {"card": AWAY, "ledger": known(())}, False),
    ("card_number_or_balance", {"card": known(card(0)), "ledger": known((LedgerEntry("grant", 1, None, NOW),))}, False),
    (
        "card_number_or_balance",
        {"card": known(card(0, recipient_since=wib(2020, 8, 17, 9).date())), "ledger": known(())},
        False,
    ),
    ("system_outage", {"incidents": NONE_OPEN, "reports": known(10)}, True),
    ("system_outage", {"incidents": NONE_OPEN, "reports": known(9)}, False),
    ("system_outage", {"incidents": NONE_OPEN, "reports": AWAY}, False),
    ("system_outage", {"incidents": AWAY, "reports": known(50)}, False),
    ("system_outage", {"incidents": OPEN, "reports": known(50)}, False),
    ("ask_bundling", {"purchases": BUNDLE, "incentives": known((incentive(1, "on_hold", None),))}, True),  # type: ignore[arg-type]
    ("ask_bundling", {"purchases": BUNDLE, "incentives": known((incentive(1, "failed", None),))}, False),  # type: ignore[arg-type]
    ("ask_bundling", {"purchases": BUNDLE, "incentives": known((incentive(1, "paid", None),))}, False),  # type: ignore[arg-type]
    ("ask_bundling", {"purchases": BUNDLE, "incentives": AWAY}, False),
    ("ask_bundling", {"purchases": AWAY, "incentives": known((incentive(1, "on_hold", None),))}, False),  # type: ignore[arg-type]
    ("wrong_charge", {}, True),
    ("wrong_charge", {"ledger": AWAY, "purchases": AWAY, "bound": False}, True),
]
SCENES: list[Scene] = [
    *[("package_not_found", given, expected) for given, expected in PACKAGE],
    *[("payment_failed", given, expected) for given, expected in PAYMENT],
    *[("purchase_otp", given, expected) for given, expected in OTP],
    *[("paid_no_code", given, expected) for given, expected in NO_CODE],
    *[("purchase_status", given, expected) for given, expected in STATUS],
    *[("cancel_or_refund", given, expected) for given, expected in REFUND],
    *[("purchase_deadline", given, expected) for given, expected in DEADLINE],
    *CARD,
]


@pytest.mark.parametrize(("intent", "given", "expected"), SCENES)
def test_a_person_looks_exactly_when_the_taxonomy_says_so(
    intent: str, given: Mapping[str, Any], expected: bool
) -> None:
    assert (needed(intent, **given) is not None) is expected


@pytest.mark.parametrize("intent", ["purchase_deadline", "package_not_found", "payment_failed"])
def test_a_near_deadline_blocked_by_an_outage_is_urgent_however_it_is_told(intent: str) -> None:
    blocked = needed(intent, card=NEAR, incidents=OPEN, purchases=bought("failed"), lasted=3 * DAY)
    assert blocked is not None
    assert blocked.priority is Priority.URGENT


def test_a_class_within_a_day_makes_a_missing_code_high() -> None:
    def at(hours: int) -> Any:
        return needed("paid_no_code", purchases=bought("paid_without_code", class_starts_at=NOW + hours * HOUR))

    assert at(23).priority is Priority.HIGH
    assert at(25).priority is Priority.NORMAL


def test_a_programme_that_does_not_know_a_paid_order_is_a_disagreement_and_one_that_is_away_is_not() -> None:
    paid = bought("paid_without_code")
    unknown, away = (
        needed("purchase_status", purchases=paid, payment=GONE),
        needed("purchase_status", purchases=paid, payment=AWAY),
    )
    assert unknown is not None
    assert away is not None
    assert "berbeda" in unknown.reason
    assert "berbeda" not in away.reason
