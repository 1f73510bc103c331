"""A source that failed is in the evidence, whether or not a check speaks of it."""

from dataclasses import fields
from typing import Any

from checks.finding import Evidence, Finding, Verdict
from checks.situation import Situation
from checks.unasked import LABELS, unasked
from registry.interface import CouldNotAsk
from tests.actions.programme import NOW

AWAY = CouldNotAsk("tabel program", "basis data tidak menjawab", 1000.0)
API_AWAY = CouldNotAsk("API program", "tidak menjawab", 1800.0)


def situation(**given: Any) -> Situation:
    return Situation("paid_no_code", NOW, **given)


def test_every_source_of_a_situation_has_a_label() -> None:
    asked = {field.name for field in fields(Situation) if "Answer[" in str(field.type)}
    assert asked == LABELS.keys()


def test_a_failure_no_check_shows_is_named_once_for_each_source_and_reason() -> None:
    found = unasked(situation(card=AWAY, ledger=AWAY, payment=API_AWAY), [])
    assert [(it.label, it.source, it.failed) for it in found] == [
        ("Kartu", "tabel program", AWAY.reason),
        ("payment/status", "API program", API_AWAY.reason),
    ]


def test_a_failure_a_check_shows_is_not_named_again() -> None:
    shown = Evidence("Pembelian", "belum bisa dicek", "tabel program", failed=AWAY.reason)
    told = [Finding("purchase", Verdict.UNKNOWN, "Pembelian: belum bisa dicek", (shown,))]
    assert unasked(situation(card=AWAY, purchases=AWAY), told) == ()


def test_what_a_source_does_not_offer_is_no_failure() -> None:
    not_offered = CouldNotAsk("API program", "tidak disediakan API mitra", 0.0, offered=False)
    assert unasked(situation(card=not_offered), []) == ()
