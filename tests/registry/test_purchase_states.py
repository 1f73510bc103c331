"""How a purchase and an incentive may go on: every step of the programme, and none of what it forbids."""

from itertools import pairwise

import pytest

from registry.purchase_states import (
    INCENTIVE_STEPS,
    ON_HOLD,
    PURCHASE_STEPS,
    incentive_may_become,
    may_become,
    may_follow,
    step,
    terminal,
)
from registry.tables.states import INCENTIVE_STATUSES, LEDGER_KINDS, PURCHASE_STATES

ILLEGAL = {
    "redeem before payment": ("awaiting_payment", "redeemed"),
    "redeem twice": ("redeemed", "redeemed"),
    "refund twice": ("refunded", "refunded"),
    "code before payment": ("awaiting_payment", "code_issued"),
    "paid back to awaiting payment": ("paid_without_code", "awaiting_payment"),
    "refund without cancelling": ("code_issued", "refunded"),
    "redeem an expired code": ("code_expired", "redeemed"),
}
NEVER_EVEN_UNSEEN = {
    "refund after completed": ("completed", "refunded"),
    "completed back to awaiting payment": ("completed", "awaiting_payment"),
    "cancel after completed": ("completed", "cancelling"),
    "paid back to awaiting payment": ("paid_without_code", "awaiting_payment"),
    "a code taken back": ("code_issued", "paid_without_code"),
    "redeem what was given back": ("refunded", "redeemed"),
    "alive after failing": ("failed", "paid_without_code"),
    "alive after expiring": ("expired", "awaiting_payment"),
    "forfeit what was given back": ("refunded", "forfeited"),
    "give back what was forfeited": ("forfeited", "refunded"),
    "redeem an expired code": ("code_expired", "redeemed"),
    "not charged after being charged": ("paid_without_code", "expired"),
    "leave before attending is over": ("in_progress", "cancelling"),
}


@pytest.mark.parametrize("kind", ILLEGAL)
def test_an_illegal_step_does_not_exist(kind: str) -> None:
    assert not may_follow(*ILLEGAL[kind])


@pytest.mark.parametrize("kind", NEVER_EVEN_UNSEEN)
def test_no_way_round_leads_to_what_is_forbidden(kind: str) -> None:
    assert not may_become(*NEVER_EVEN_UNSEEN[kind])


@pytest.mark.parametrize("state", ["completed", "refunded", "forfeited", "failed", "expired"])
def test_an_end_is_an_end(state: str) -> None:
    assert terminal(state)
    assert [after for after in PURCHASE_STATES if may_become(state, after)] == [state]


def test_the_way_of_a_training_can_be_gone_step_by_step_and_seen_in_leaps() -> None:
    way = ["selected", "awaiting_payment", "paid_without_code", "code_issued", "redeemed", "in_progress", "completed"]
    assert all(may_follow(before, after) for before, after in pairwise(way))
    assert all(may_become(way[early], late) for early in range(7) for late in way[early:])


def test_every_state_is_on_the_map_and_no_other() -> None:
    assert {state for it in PURCHASE_STEPS for state in (it.before, it.after)} == set(PURCHASE_STATES)
    statuses = {status for it in INCENTIVE_STEPS for status in (it.before, it.after)}
    assert statuses | {ON_HOLD} == set(INCENTIVE_STATUSES)
    assert {kind for it in PURCHASE_STEPS for kind in it.ledger} < set(LEDGER_KINDS)


def test_money_moves_where_the_programme_says_so() -> None:
    moved = {(it.before, it.after): it.ledger for it in PURCHASE_STEPS if it.ledger}
    assert moved == {
        ("selected", "awaiting_payment"): ("hold",),
        ("awaiting_payment", "paid_without_code"): ("capture",),
        ("awaiting_payment", "failed"): ("release",),
        ("awaiting_payment", "expired"): ("release",),
        ("cancelling", "refunded"): ("refund",),
        ("code_expired", "refunded"): ("refund",),
        ("code_expired", "forfeited"): ("forfeit",),
    }


def test_every_step_says_what_sets_it_off() -> None:
    for it in (*PURCHASE_STEPS, *INCENTIVE_STEPS):
        assert it.trigger
    cancelled = step("redeemed", "cancelling")
    assert cancelled is not None
    assert cancelled.trigger == "staff"


@pytest.mark.parametrize(
    ("before", "after", "legal"),
    [
        ("conditions_not_met", "scheduled", True),
        ("conditions_not_met", "paid", True),
        ("processing", "failed", True),
        ("failed", "scheduled", True),
        ("failed", "paid", True),
        ("scheduled", "conditions_not_met", False),
        ("paid", "scheduled", False),
        ("paid", "failed", False),
    ],
)
def test_an_incentive_goes_on_and_never_back(before: str, after: str, legal: bool) -> None:
    assert incentive_may_become(before, after) is legal


@pytest.mark.parametrize("status", [status for status in INCENTIVE_STATUSES if status != ON_HOLD])
def test_any_incentive_may_be_held_and_goes_on_from_where_it_was(status: str) -> None:
    assert incentive_may_become(status, ON_HOLD)
    assert incentive_may_become(ON_HOLD, status, held_from=status)
    assert not incentive_may_become(ON_HOLD, "conditions_not_met", held_from="scheduled")
    assert not incentive_may_become(ON_HOLD, "scheduled", held_from="paid")
    assert incentive_may_become(ON_HOLD, status), "nobody saw where it was held"
