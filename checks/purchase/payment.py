"""Was it paid, charged, only held? A confirmed payment whose code is not there is a state of its own."""

from datetime import timedelta

from checks.finding import Finding, Verdict
from checks.purchase import told_apart
from checks.purchase.choosing import NOT_CHARGED, PENDING, candidates, subject
from checks.purchase.told_apart import CODE_EXISTS
from checks.purchase.words import NAME, failed, none_recorded, not_asked, programme_says, shown, told
from checks.situation import Situation, known
from registry.facts import Purchase

SOON = timedelta(hours=24)


def paid_no_code(situation: Situation) -> Finding | None:
    """Say whether the programme has the payment, and whether the code is there; yes means both."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_payment_recorded")
    verdict, advice = _paid(meant, situation)
    return _finding(meant, situation, verdict, told(meant)["state"], advice)


def payment_failed(situation: Situation) -> Finding | None:
    """Say what the last attempt came to, and whether anything was charged."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_attempt_recorded")
    if meant.state == "paid_without_code" or told_apart.apart(meant, situation):
        return paid_no_code(situation)
    advice = "attempt_pending" if meant.state in PENDING else "attempt_not_charged"
    if held(situation):
        advice = "attempt_held"
    tried = f"{len(candidates(situation))} percobaan tercatat"
    return _finding(
        meant, situation, Verdict.NO, f"{tried}, terakhir {told(meant)['state']}: {told(meant)['reason']}", advice
    )


def status(situation: Situation) -> Finding | None:
    """Say the state of the order in question, and whether platform and programme agree."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_order_recorded")
    if meant.state == "paid_without_code" or told_apart.apart(meant, situation):
        return paid_no_code(situation)
    verdict = Verdict.YES if meant.state in CODE_EXISTS else Verdict.NO
    advice = "state_pending_too_long" if pending_too_long(meant, situation) else f"state_{meant.state}"
    return _finding(meant, situation, verdict, f"Status: {told(meant)['state']}", advice)


def pending_too_long(purchase: Purchase, situation: Situation) -> bool:
    """Whether a payment still waits past its expiry."""
    return purchase.state in PENDING and purchase.expires_at is not None and purchase.expires_at < situation.now


def starts_within_a_day(purchase: Purchase, situation: Situation) -> bool:
    """Whether its class begins within 24 hours (or just began)."""
    starts = purchase.class_starts_at
    return starts is not None and -SOON <= starts - situation.now <= SOON


def held(situation: Situation) -> bool:
    """Whether the card holds money for a transaction that is not finished."""
    card = known(situation.card)
    return card is not None and card.open_holds > 0


def _paid(meant: Purchase, situation: Situation) -> tuple[Verdict, str]:
    if (found := told_apart.apart(meant, situation)) is not None:
        return found.verdict, found.advice
    if meant.state in CODE_EXISTS:
        return Verdict.YES, "code_is_there" if meant.state == "code_issued" else "code_already_used"
    if meant.state == "paid_without_code":
        confirmed = told_apart.success(situation)
        return (Verdict.NO, "paid_code_missing") if confirmed else (Verdict.UNKNOWN, "paid_code_missing_unconfirmed")
    if meant.state in NOT_CHARGED:
        return Verdict.NO, "attempt_held" if held(situation) else "attempt_not_charged"
    if meant.state in PENDING:
        return Verdict.NO, "attempt_held"
    return Verdict.NO, f"state_{meant.state}"


def _finding(meant: Purchase, situation: Situation, verdict: Verdict, said: str, advice: str) -> Finding:
    summary = f"{said} ({told(meant)['platform']}); program: {programme_says(situation.payment)}"
    words = told(meant) | told_apart.words(situation)
    return Finding(NAME, verdict, summary, shown(meant, situation), advice, words=words)
