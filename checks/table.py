"""Every check by name: its letter in the taxonomy, the sources it reads, and the function from facts to a Finding."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from checks import (
    card,
    course,
    deadline,
    earlier_reports,
    incentive,
    knowledge,
    participant,
    payout_account,
    platform_role,
    system_status,
    wave,
)
from checks.finding import Finding
from checks.purchase import attending, bought_there, bundle, charge, first_training, own_course, payment
from checks.situation import Situation


@dataclass(frozen=True)
class Check:
    """One check; `needs` are the fields of Situation it reads."""

    letter: str
    needs: tuple[str, ...]
    run: Callable[[Situation], Finding | None]


POLICY = "policy"
"""The letter of a dated rule: the taxonomy writes the word."""
_PAYING = ("purchases", "payment", "card", "incidents")
_BUYING = ("courses", "incidents", "card", "participant", "platforms", "purchases")

CHECKS: dict[str, Check] = {
    "system_status": Check("S", ("incidents",), system_status.check),
    "outage_reports": Check("S", ("incidents", "reports"), system_status.check),
    "course": Check("C", _BUYING, course.check),
    "own_course": Check("C", ("purchases", "own_course"), own_course.check),
    "healthy_platforms": Check(
        "C", ("platforms", "incidents", "courses", "purchases", "own_course"), platform_role.healthy
    ),
    "platform_role": Check("C", ("platforms", "roles"), platform_role.check),
    "account": Check("P", ("participant",), participant.account),
    "registered": Check("P", ("participant",), participant.registered),
    "contact": Check("P", ("participant",), participant.contact),
    "selection": Check("P", ("waves",), participant.selection),
    "wave": Check("P", ("calendar", "waves"), wave.check),
    "card": Check("P", ("card",), card.check),
    "balance": Check("P", ("card", "ledger"), card.check),
    "recipient": Check("P", ("card",), card.recipient),
    "revocation": Check("P", ("card", "incidents"), card.revocation),
    "deadline": Check("P", ("card", "purchases", "incidents"), deadline.check),
    "deadline_rule": Check(POLICY, ("card", "rule"), deadline.rule),
    "ledger": Check("B", ("ledger", "purchases"), charge.charges),
    "paid_no_code": Check("B", _PAYING, payment.paid_no_code),
    "attempts": Check("B", (*_PAYING, "ledger"), payment.payment_failed),
    "unfinished": Check("B", ("purchases",), first_training.unfinished),
    "tries": Check("B", ("purchases", "card"), first_training.attempts_before_deadline),
    "conditions": Check("B", ("purchases",), first_training.conditions),
    "bought_there": Check("B", ("purchases", "platforms"), bought_there.check),
    "order": Check("B", _PAYING, payment.status),
    "refund": Check("B", ("purchases", "ledger"), charge.cancel_or_refund),
    "redeem": Check("B", ("purchases", "redeem"), attending.redeem),
    "class_access": Check("B", ("purchases",), attending.class_access),
    "attendance": Check("B", ("purchases",), attending.attendance),
    "certificate": Check("B", ("purchases",), attending.certificate),
    "certificate_wrong": Check("B", ("purchases",), attending.certificate_wrong),
    "review": Check("B", ("purchases",), attending.review),
    "bundle": Check("B", ("purchases",), bundle.check),
    "incentive": Check("I", ("incentives", "payout_account", "purchases"), incentive.check),
    "survey": Check("I", ("incentives", "purchases"), incentive.check),
    "incentives": Check("I", ("incentives", "purchases"), incentive.overview),
    "payout_account": Check("A", ("payout_account",), payout_account.check),
    "tickets": Check("T", ("tickets",), earlier_reports.check),
    "knowledge": Check("K", ("article",), knowledge.check),
}

PERSONAL = frozenset(
    (
        *("participant", "waves", "card", "ledger", "purchases", "payment", "redeem", "own_course", "incentives"),
        *("payout_account",),
    )
)
"""Sources that are asked for a bound person only."""


def run(name: str, situation: Situation) -> Finding | None:
    """Run the check of this name; its finding says by which name it can be run again."""
    finding = CHECKS[name].run(situation)
    return replace(finding, run=name) if finding else None
