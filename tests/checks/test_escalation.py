"""Who is always for a person, who never, and what is a report rather than a question."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from checks.escalation import ALWAYS, RULES
from checks.finding import Priority, Queue
from checks.plans import DIALOGUE, PLANS
from registry.facts import LedgerEntry
from tests.actions.programme import NOW, card
from tests.checks import test_escalation_account, test_escalation_attending, test_escalation_buying
from tests.checks.facts import AWAY, HOUR, NONE_OPEN, Scene, bought, known, needed, report

NEVER = {
    *("ask_how_to_buy", "ask_training_choice", "purchase_requirements", "ask_how_to_redeem", "ask_incentive_terms"),
    *("manage_payout_account", "ask_how_to_register", "wave_schedule", "selection_result", "ask_eligibility"),
    *("ask_programme", "ask_platforms", *DIALOGUE),
}
SCENES: list[Scene] = [
    ("nik_already_registered", {}, True),
    ("account_blocked", {}, True),
    ("partner_complaint", {}, True),
    ("support_complaint", {}, True),
    ("talk_to_human", {}, True),
    ("report_fraud", {"text": "ada yg chat dari prakerja minta otp sm transfer 300rb biar lolos"}, True),
    ("report_fraud", {"text": "sy ketipu joki"}, True),
    ("report_fraud", {"text": "bantuan dipotong ketua rt"}, True),
    ("report_fraud", {"text": "apakah joki prakerja itu boleh"}, False),
    ("report_fraud", {"text": "prakerja.vip itu resmi ga?"}, False),
    ("report_fraud", {"text": "apakah benar? saya diminta transfer"}, True),
    ("personal_data_request", {"text": "data saya mau dihapus bisa?"}, True),
    ("personal_data_request", {"text": "kok no kartu saya kesebar"}, True),
    ("personal_data_request", {"text": "siapa aja yg bisa liat data saya"}, False),
    ("personal_data_request", {"text": "siapa yg pegang data sy"}, False),
    ("personal_data_request", {"text": "siapa yg nyebarin data sy"}, True),
    ("ticket_status", {"tickets": report(NOW - HOUR)}, True),
    ("ticket_status", {"tickets": report(NOW + HOUR)}, False),
    ("ticket_status", {"tickets": report(NOW - HOUR, "resolved")}, False),
    ("ticket_status", {"tickets": AWAY}, False),
]


@pytest.mark.parametrize(("intent", "given", "expected"), SCENES)
def test_a_person_looks_exactly_when_the_taxonomy_says_so(
    intent: str, given: Mapping[str, Any], expected: bool
) -> None:
    assert (needed(intent, **given) is not None) is expected


@pytest.mark.parametrize("intent", sorted(NEVER))
def test_a_question_is_never_for_a_person_whatever_the_records_say(intent: str) -> None:
    worst = {
        "card": known(card(0)),
        "ledger": known((LedgerEntry("capture", 1, "x", NOW),) * 2),
        "purchases": bought("paid_without_code"),
        "incidents": NONE_OPEN,
        "reports": known(99),
        "tickets": report(NOW - HOUR),
    }
    text = "udah 5 hari ga bisa, orang lain yg pakai, hilang, kelas dibatalkan, saldo belum balik"
    assert needed(intent, **worst, repeated=True, times=9, lasted=timedelta(days=9), text=text) is None


@pytest.mark.parametrize("intent", sorted(ALWAYS))
def test_what_is_always_for_a_person_needs_no_fact(intent: str) -> None:
    assert needed(intent, bound=False) is not None


def test_every_meaning_is_never_always_or_played_on_both_sides() -> None:
    parts = (test_escalation_buying, test_escalation_attending, test_escalation_account)
    scenes = [*SCENES, *(scene for part in parts for scene in part.SCENES)]
    fired = {intent for intent, _, expected in scenes if expected}
    quiet = {intent for intent, _, expected in scenes if not expected}
    unconditional = ALWAYS - {"report_fraud", "personal_data_request"}
    assert {*PLANS, *DIALOGUE} == NEVER | RULES.keys()
    assert fired == RULES.keys()
    assert quiet == RULES.keys() - unconditional


def test_harm_that_is_done_is_urgent_and_harm_that_is_denied_is_not() -> None:
    done, warned = (
        needed("report_fraud", text="udah transfer 300rb"),
        needed("report_fraud", text="diminta otp, blm transfer"),
    )
    assert done is not None
    assert warned is not None
    assert (done.priority, warned.priority) == (Priority.URGENT, Priority.HIGH)
    assert done.queue is Queue.SECURITY
