"""What the records make likelier: each state its own meaning, small weights, nothing from a source that was away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from benchmarks.prior_states import NOW, states
from checks.prior import Likelier, likelier
from checks.recorded import near_day
from checks.situation import Situation, known
from registry.interface import Absent, CouldNotAsk

STATES = states()
AWAY = CouldNotAsk("tabel program", "tidak menjawab", 150.0)
STRONGEST = 1.5
SOURCES = ("incidents", "participant", "waves", "card", "purchases", "incentives", "payout_account")
MEANT = {
    "paid_without_code": "paid_no_code",
    "platform_says_paid": "purchase_status",
    "attempt_failed": "payment_failed",
    "attempt_not_found": "package_not_found",
    "attempt_without_otp": "purchase_otp",
    "balance_held": "wrong_charge",
    "code_unused": "redeem_failed",
    "class_running": "class_access",
    "refund_under_way": "cancel_or_refund",
    "certificate_late": "certificate_missing",
    "certificate_under_way": "certificate_missing",
    "not_rated": "rating_and_review",
    "conditions_missing": "incentive_not_received",
    "incentive_overdue": "incentive_not_received",
    "incentive_under_way": "incentive_not_received",
    "incentive_failed": "incentive_not_received",
    "payout_failed": "payout_account_failed",
    "deadline_near": "purchase_deadline",
    "revoked": "participation_revoked",
    "blocked": "account_blocked",
    "unverified": "identity_verification_failed",
    "not_selected": "selection_result",
    "selection_awaited": "selection_result",
    "incident_buying": "package_not_found",
    "incident_login": "login_failed",
    "ticket_open": "ticket_status",
}


def told(state: str) -> tuple[Likelier, ...]:
    situation, opened = STATES[state]
    return likelier(situation, opened)


@pytest.mark.parametrize("state", sorted(MEANT))
def test_a_state_makes_its_own_meaning_the_likeliest(state: str) -> None:
    assert told(state)[0].intent == MEANT[state]


def test_every_state_has_its_meaning() -> None:
    assert MEANT.keys() | {"nothing_known"} == STATES.keys()


def test_records_in_order_make_nothing_likelier() -> None:
    assert [it for it in told("nothing_known") if it.weight > 0] == []


@pytest.mark.parametrize("state", sorted(STATES))
def test_no_meaning_is_weighed_twice_or_beyond_what_words_can_overrule(state: str) -> None:
    intents = [it.intent for it in told(state)]
    assert len(set(intents)) == len(intents)
    assert all(abs(it.weight) <= STRONGEST for it in told(state))


def test_a_recipient_hardly_asks_about_selection() -> None:
    """Whoever became a recipient after all does not ask why an earlier wave went wrong."""
    card = STATES["nothing_known"][0].card
    situation, _ = STATES["not_selected"]
    assert [it.weight > 0 for it in likelier(situation) if it.intent == "selection_result"] == [True]
    since = likelier(replace(situation, card=card))
    assert [it.weight > 0 for it in since if it.intent == "selection_result"] == [False]


def test_no_open_report_and_no_answer_about_reports_are_two_things() -> None:
    situation, _ = STATES["nothing_known"]
    none_open = likelier(situation, Absent("catatan", NOW, 1.0))
    assert [it.weight for it in none_open if it.intent == "ticket_status"] == [-1.0]
    assert [it for it in likelier(situation, AWAY) if it.intent == "ticket_status"] == []


@pytest.mark.parametrize("state", sorted(STATES))
def test_sources_that_could_not_be_asked_say_nothing(state: str) -> None:
    situation, _ = STATES[state]
    answers: dict[str, Any] = dict.fromkeys(SOURCES, AWAY)
    assert likelier(replace(situation, **answers), AWAY) == ()


def test_a_participant_who_was_not_asked_about_is_not_weighed() -> None:
    assert likelier(Situation("", NOW)) == ()


def test_an_old_attempt_is_forgotten() -> None:
    situation, opened = STATES["attempt_failed"]
    later = likelier(replace(situation, now=NOW + timedelta(days=5)), opened)
    assert "about_attempt_failed" not in [it.key for it in later]


def test_reasons_and_words_name_course_and_platform_but_nobody() -> None:
    for state, (situation, _) in STATES.items():
        person = known(situation.participant)
        assert person is not None
        for it in told(state):
            said = " ".join([it.reason, *it.words.values()])
            assert not [private for private in (person.name, person.id, "1234", "1122", "Rp") if private in said], said


def test_only_what_is_likelier_may_be_asked_about() -> None:
    data = [it.as_data() for it in told("certificate_late")]
    assert {("ask" in it) == (float(str(it["weight"])) > 0) for it in data} == {True}
    assert {it["weight"] for it in data if "ask" not in it}


def test_days_are_said_in_wib() -> None:
    late = NOW.replace(hour=18)  # 1 a.m. of the next day in Jakarta
    assert near_day(late, NOW) == "besok"
    assert near_day(NOW - timedelta(days=1), NOW) == "kemarin"
    assert near_day(NOW - timedelta(days=4), NOW) == "20 Agustus"
    assert near_day(NOW - timedelta(days=400), NOW) == "21 Juli 2019"
