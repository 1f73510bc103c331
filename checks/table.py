"""Every check by name: its letter in the taxonomy, the sources it reads, and the function from facts to a Finding."""

from collections.abc import Callable
from dataclasses import dataclass

from checks import card, course, deadline, incentive, participant, payout_account, platform_role, system_status
from checks.finding import Finding
from checks.purchase import attending, bundle, charge, payment
from checks.situation import Situation


@dataclass(frozen=True)
class Check:
    """One check; `needs` are the fields of Situation it reads."""

    letter: str
    needs: tuple[str, ...]
    run: Callable[[Situation], Finding | None]


_PAYING = ("purchases", "payment", "card", "incidents")

CHECKS: dict[str, Check] = {
    "system_status": Check("S", ("incidents",), system_status.check),
    "outage_reports": Check("S", ("incidents", "reports"), system_status.check),
    "course": Check("C", ("courses", "incidents", "card"), course.check),
    "platform_role": Check("C", ("platforms", "roles"), platform_role.check),
    "account": Check("P", ("participant",), participant.account),
    "contact": Check("P", ("participant",), participant.contact),
    "selection": Check("P", ("waves",), participant.selection),
    "card": Check("P", ("card",), card.check),
    "balance": Check("P", ("card", "ledger"), card.check),
    "revocation": Check("P", ("card", "incidents"), card.revocation),
    "deadline": Check("P", ("card", "purchases", "incidents"), deadline.check),
    "ledger": Check("B", ("ledger", "purchases"), charge.charges),
    "paid_no_code": Check("B", _PAYING, payment.paid_no_code),
    "attempts": Check("B", (*_PAYING, "ledger"), payment.payment_failed),
    "order": Check("B", _PAYING, payment.status),
    "refund": Check("B", ("purchases", "ledger"), charge.cancel_or_refund),
    "redeem": Check("B", ("purchases",), attending.redeem),
    "class_access": Check("B", ("purchases",), attending.class_access),
    "attendance": Check("B", ("purchases",), attending.attendance),
    "certificate": Check("B", ("purchases",), attending.certificate),
    "certificate_wrong": Check("B", ("purchases",), attending.certificate_wrong),
    "review": Check("B", ("purchases",), attending.review),
    "bundle": Check("B", ("purchases",), bundle.check),
    "incentive": Check("I", ("incentives", "payout_account", "purchases"), incentive.check),
    "incentives": Check("I", ("incentives", "purchases"), incentive.overview),
    "payout_account": Check("A", ("payout_account",), payout_account.check),
}

PERSONAL = frozenset(("participant", "waves", "card", "ledger", "purchases", "payment", "incentives", "payout_account"))
"""Sources that are asked for a bound person only."""
