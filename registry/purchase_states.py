"""How a purchase may go on, and an incentive: every step with its trigger, its guard and what the ledger writes.

The database refuses what is not reachable here (migration 0003 says the same in SQL; a test holds the two together).
An import may have missed steps in between; it may never go back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Step:
    """One transition: what sets it off, what must hold, and which ledger entries it makes."""

    before: str
    after: str
    trigger: str
    guard: str | None = None
    ledger: tuple[str, ...] = ()


PURCHASE_STEPS = (
    Step("selected", "awaiting_payment", "send-otp ok", "no hindrance (registry/buying.py)", ("hold",)),
    Step("selected", "failed", "send-otp refused", "reason kept"),
    Step("awaiting_payment", "paid_without_code", "authorize SUCCESS", "OTP and token valid", ("capture",)),
    Step("awaiting_payment", "failed", "wrong OTP too often", "not charged", ("release",)),
    Step("awaiting_payment", "expired", "time to pay has passed", "not charged", ("release",)),
    Step("paid_without_code", "code_issued", "code seen in dashboard or e-mail", "SUCCESS at the programme"),
    Step("paid_without_code", "cancelling", "void accepted", "not redeemed"),
    Step("code_issued", "redeemed", "commit, sequence 1", "right institution and type, unused, in time"),
    Step("code_issued", "code_expired", "window passed", "not used"),
    Step("code_issued", "cancelling", "void, or class cancelled", "not redeemed"),
    Step("redeemed", "in_progress", "attendance"),
    Step("redeemed", "cancelling", "staff", "class cancelled"),
    Step("in_progress", "completed", "completion, sequence 999 where used"),
    Step("cancelling", "refunded", "ledger confirmed", "once only", ("refund",)),
    Step("code_expired", "refunded", "staff decision", None, ("refund",)),
    Step("code_expired", "forfeited", "staff decision", None, ("forfeit",)),
)
"""A time-out of authorize is no step: nothing is known until `payment/status` was asked."""

INCENTIVE_STEPS = (
    Step("conditions_not_met", "scheduled", "conditions met"),
    Step("scheduled", "processing", "schedule date"),
    Step("processing", "paid", "partner paid", None),
    Step("processing", "failed", "partner refused", "reason kept"),
    Step("failed", "scheduled", "account mended"),
)
ON_HOLD = "on_hold"
"""Any incentive may be held by the programme, and then goes on from where it was held."""


def step(before: str, after: str) -> Step | None:
    """Return the step of a purchase from one state straight to another, or none."""
    return next((it for it in PURCHASE_STEPS if (it.before, it.after) == (before, after)), None)


def may_follow(before: str, after: str) -> bool:
    """Say whether a purchase may go straight from one state to another."""
    return step(before, after) is not None


def may_become(before: str, after: str) -> bool:
    """Say whether a purchase once seen in one state may later be seen in another, steps between unseen."""
    return after == before or after in _reachable(PURCHASE_STEPS, before)


def incentive_may_become(before: str, after: str, held_from: str | None = None) -> bool:
    """Say the same of an incentive; `held_from` is where one on hold was held, None if nobody saw it."""
    if after in (before, ON_HOLD):
        return True
    if before != ON_HOLD:
        return after in _reachable(INCENTIVE_STEPS, before)
    return held_from is None or after == held_from or after in _reachable(INCENTIVE_STEPS, held_from)


def terminal(state: str) -> bool:
    """Say whether a purchase ends in this state."""
    return not any(it.before == state for it in PURCHASE_STEPS)


@cache
def _reachable(steps: Iterable[Step], start: str) -> frozenset[str]:
    found: set[str] = set()
    ahead = {start}
    while ahead:
        ahead = {it.after for it in steps if it.before in ahead} - found
        found |= ahead
    return frozenset(found)
