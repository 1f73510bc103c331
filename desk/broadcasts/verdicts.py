"""What the checks of one person come to after an outage: fixed, still stuck, could not be asked, or nobody can say.

A check answers its own question; whether that answer means that the outage still holds somebody up is decided here, by
the advice it gives. What only tells something (a failed attempt with nothing charged) says neither.
"""

from collections.abc import Sequence
from enum import StrEnum

from checks.finding import Evidence, Finding, Verdict
from checks.plans import PLANS

SYSTEM = ("system_status", "outage_reports")
DECISIVE = (
    *("card", "deadline", "course", "attempts", "unfinished", "paid_no_code", "order", "redeem", "class_access"),
    *("incentive", "payout_account", "account", "wave", "revocation", "refund", "ledger", "certificate"),
)
"""Checks whose answer can mean that somebody is helped or is not."""
SAYS_NOTHING = frozenset(
    (
        # an attempt that failed and holds no money: nothing is stuck, and nothing is proven either
        *("attempt_not_charged", "no_attempt_recorded", "no_class_recorded", "course_no_match"),
        *("course_candidates", "course_candidates_closed", "redeem_check_type", "redeem_check_institution"),
        *("redeem_cancelled", "incentive_scheduled", "incentive_processing", "incentive_conditions_not_met"),
        *("incentive_none", "incentive_none_finished", "incentive_none_unfinished", "payout_not_linked"),
        *("payout_unlinked", "card_none"),
    )
)
MEANS_FIXED = frozenset(("redeem_usable", "not_revoked"))
"""A "no" to the check's question that is good news: the code is unused, the card was not revoked."""
MEANS_STUCK = frozenset(("revoked", "revoked_during_incident", "revoked_by_the_rule_of_2020"))
"""A "yes" that is bad news."""


class Outcome(StrEnum):
    """What is known of one person."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    COULD_NOT_ASK = "could_not_ask"
    OTHER_INCIDENT = "other_incident"
    """Another outage that touches their problem is still open."""
    CANNOT_SAY = "cannot_say"


def checks_to_run(intent: str | None, *, bound: bool) -> tuple[str, ...]:
    """Return the checks of the intent that can say whether somebody is helped; of a stranger only the system's."""
    plan = PLANS.get(intent or "")
    names = plan.checks if plan else ("system_status",)
    mine = tuple(it for it in names if it in SYSTEM or (bound and it in DECISIVE))
    return mine if any(it in SYSTEM for it in mine) else ("system_status", *mine)


def outcome(findings: Sequence[Finding], silent: Sequence[Evidence], *, bound: bool) -> Outcome:
    """Return what these findings come to; `silent` are failures of sources that no finding shows."""
    if any(it.run in SYSTEM and it.verdict is Verdict.NO for it in findings):
        return Outcome.OTHER_INCIDENT
    said = [_says(it) for it in findings if it.run in DECISIVE] if bound else []
    if any(it is False for it in said):
        return Outcome.NOT_FIXED
    if silent or any(_failed(it) for it in findings):
        return Outcome.COULD_NOT_ASK
    return Outcome.FIXED if any(said) else Outcome.CANNOT_SAY


def _says(finding: Finding) -> bool | None:
    if finding.advice in SAYS_NOTHING:
        return None
    if finding.advice in MEANS_FIXED:
        return True
    if finding.advice in MEANS_STUCK:
        return False
    if finding.verdict is Verdict.UNKNOWN:
        # asked and not settled is not fixed; what no source offers says nothing
        return False if not _failed(finding) and any(it.as_of for it in finding.evidence) else None
    return finding.verdict is Verdict.YES


def _failed(finding: Finding) -> bool:
    return any(it.failed for it in finding.evidence)
