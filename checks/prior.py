"""What the records make likelier, or less likely, before a word is read: from a participant's facts to weights.

"Blm ada nih min" is about the code for somebody who paid yesterday, and about the certificate for somebody whose class
is over. A weight is small (log-odds, at most 1.5 either way), so that plain words always win. Each carries its reason
for the desk, and what is likelier the question that may be asked of its owner.
"""

from dataclasses import dataclass, field
from datetime import datetime

from checks.recorded import facts
from checks.situation import Situation
from registry.interface import Answer

MOST = 3
"""Every further one costs a turn more than it brings."""
WEIGHTS: dict[str, dict[str, float]] = {
    "paid_without_code": {"paid_no_code": 1.5, "purchase_status": 0.6},
    "platform_says_paid": {"purchase_status": 1.3, "paid_no_code": 1.0},
    "payment_pending": {"purchase_status": 0.9, "payment_failed": 0.6},
    "attempt_failed": {"payment_failed": 1.3},
    "attempt_not_found": {"package_not_found": 1.3, "payment_failed": 0.7},
    "attempt_without_otp": {"purchase_otp": 1.3, "payment_failed": 0.7},
    "balance_held": {"wrong_charge": 1.2, "payment_failed": 0.5},
    "code_unused": {"redeem_failed": 1.0, "ask_how_to_redeem": 0.8},
    "class_running": {"class_access": 1.2, "attendance_verification": 0.9},
    "certificate_late": {"certificate_missing": 1.5},
    "certificate_under_way": {"certificate_missing": 1.2},
    "not_rated": {"rating_and_review": 1.1},
    "incentive_failed": {"incentive_not_received": 1.4},
    "incentive_held": {"incentive_not_received": 1.2},
    "incentive_overdue": {"incentive_not_received": 1.4},
    "incentive_under_way": {"incentive_not_received": 0.8},
    "conditions_missing": {"incentive_not_received": 0.8},
    "payout_failed": {"payout_account_failed": 1.3},
    "refund_under_way": {"cancel_or_refund": 1.3},
    "deadline_near": {"purchase_deadline": 1.0},
    "revoked": {"participation_revoked": 1.5},
    "blocked": {"account_blocked": 1.5},
    "unverified": {"identity_verification_failed": 1.2},
    "not_selected": {"selection_result": 1.3},
    "selection_awaited": {"selection_result": 1.2},
    "incident_buying": {"package_not_found": 0.8, "payment_failed": 0.8},
    "incident_otp": {"purchase_otp": 0.8},
    "incident_redeem": {"redeem_failed": 0.8},
    "incident_login": {"login_failed": 0.8, "login_otp": 0.6},
    "incident_incentive": {"incentive_not_received": 0.8},
    "incident_payout": {"payout_account_failed": 0.8},
    "ticket_open": {"ticket_status": 1.0},
    "no_ticket": {"ticket_status": -1.0},
    "recipient": {"selection_result": -1.2},
    "bought": {"ask_how_to_buy": -0.5},
    "no_incident": {"system_outage": -1.0},
}
"""How much each fact adds to each meaning; chosen on one half of nlu/heldout/ambiguous.jsonl, measured on the other."""


ASKED: dict[tuple[str, str], str] = {
    ("paid_without_code", "purchase_status"): "about_order",
    ("platform_says_paid", "paid_no_code"): "about_paid_at_platform",
    ("payment_pending", "payment_failed"): "about_attempt",
    ("attempt_not_found", "payment_failed"): "about_attempt",
    ("attempt_without_otp", "payment_failed"): "about_attempt",
    ("balance_held", "payment_failed"): "about_paying",
    ("code_unused", "ask_how_to_redeem"): "about_redeeming",
    ("class_running", "attendance_verification"): "about_attendance",
    ("incident_buying", "payment_failed"): "about_paying",
    ("incident_login", "login_otp"): "about_login_otp",
}
"""The wording of the question about a fact's second meaning; that about its first is `about_` and the fact's name."""


@dataclass(frozen=True)
class Likelier:
    """One meaning that the records make likelier, or below zero less likely."""

    intent: str
    weight: float
    """In log-odds."""
    reason: str
    """For staff, in Indonesian."""
    key: str
    """Wording of the question that may be asked about it."""
    words: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """Return it as the turn's metadata carries it."""
        data: dict[str, object] = {"intent": self.intent, "weight": self.weight, "reason": self.reason}
        return data | ({"ask": {"key": self.key, "words": self.words}} if self.weight > 0 else {})


def likelier(situation: Situation, opened: Answer[datetime] | None = None) -> tuple[Likelier, ...]:
    """Return the meanings that the records say most of, each once with its strongest reason; the likeliest first.

    Args:
        situation: What the sources answered of a bound participant.
        opened: Since when a report of theirs is open.
    """
    strongest: dict[str, Likelier] = {}
    for fact in facts(situation, opened):
        for intent, weight in WEIGHTS[fact.name].items():
            # what makes it likelier goes before what makes it less likely
            if intent not in strongest or strongest[intent].weight < weight:
                key = ASKED.get((fact.name, intent), f"about_{fact.name}")
                strongest[intent] = Likelier(intent, weight, fact.reason, key, fact.words)
    weightiest = sorted(strongest.values(), key=lambda it: -abs(it.weight))[:MOST]
    return tuple(sorted(weightiest, key=lambda it: -it.weight))
