"""Was it paid, charged, only held? A confirmed payment whose code is not there is a state of its own."""

from datetime import timedelta

from checks.finding import Finding, Verdict
from checks.purchase.choosing import NOT_CHARGED, PENDING, candidates, subject
from checks.purchase.words import NAME, failed, none_recorded, not_asked, shown, told
from checks.situation import Situation, known
from registry.facts import Purchase
from registry.interface import Absent, CouldNotAsk, Known

CODE_EXISTS = ("code_issued", "redeemed", "in_progress", "completed", "code_expired")
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
    summary = f"{told(meant)['state']} ({told(meant)['platform']}); program: {_programme_says(situation)}"
    return Finding(NAME, verdict, summary, shown(meant, situation), advice, words=told(meant))


def payment_failed(situation: Situation) -> Finding | None:
    """Say what the last attempt came to, and whether anything was charged."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_attempt_recorded")
    if meant.state == "paid_without_code":
        return paid_no_code(situation)
    advice = "attempt_pending" if meant.state in PENDING else "attempt_not_charged"
    if held(situation):
        advice = "attempt_held"
    summary = (
        f"{len(candidates(situation))} percobaan tercatat, terakhir {told(meant)['state']}: {told(meant)['reason']}"
    )
    return Finding(NAME, Verdict.NO, summary, shown(meant, situation), advice, words=told(meant))


def status(situation: Situation) -> Finding | None:
    """Say the state of the order in question, and whether platform and programme agree."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_order_recorded")
    if disagree(meant, situation):
        advice = "platform_and_programme_differ"
    elif meant.state == "paid_without_code":
        return paid_no_code(situation)
    else:
        advice = f"state_{meant.state}"
    verdict = Verdict.YES if meant.state in CODE_EXISTS else Verdict.NO
    return Finding(NAME, verdict, f"Status: {told(meant)['state']}", shown(meant, situation), advice, words=told(meant))


def disagree(purchase: Purchase, situation: Situation) -> bool:
    """Whether the platform's word and the programme's differ."""
    if purchase.platform_status == "paid" and purchase.state in (*PENDING, *NOT_CHARGED):
        return True
    if purchase.state == "paid_without_code":
        return isinstance(situation.payment, Absent)
    return purchase.state in (*PENDING, *NOT_CHARGED) and success(situation)


def success(situation: Situation) -> bool:
    """Whether the programme confirms a live payment."""
    return isinstance(situation.payment, Known) and situation.payment.value.status == "SUCCESS"


def pending_too_long(purchase: Purchase, situation: Situation) -> bool:
    """Whether a payment still waits past its expiry."""
    return purchase.state in PENDING and purchase.expires_at is not None and purchase.expires_at < situation.now


def starts_within_a_day(purchase: Purchase, situation: Situation) -> bool:
    """Whether its class begins within 24 hours (or just began)."""
    starts = purchase.class_starts_at
    return starts is not None and -SOON <= starts - situation.now <= SOON


def _paid(meant: Purchase, situation: Situation) -> tuple[Verdict, str]:
    if disagree(meant, situation):
        return Verdict.NO, "platform_and_programme_differ"
    if meant.state in CODE_EXISTS:
        return Verdict.YES, "code_is_there" if meant.state == "code_issued" else "code_already_used"
    if meant.state == "paid_without_code":
        if success(situation):
            return Verdict.NO, "paid_code_missing"
        return Verdict.UNKNOWN, "paid_code_missing_unconfirmed"
    if meant.state in NOT_CHARGED:
        return Verdict.NO, "attempt_held" if held(situation) else "attempt_not_charged"
    return Verdict.NO, {"cancelling": "refund_under_way"}.get(meant.state, "attempt_held")


def held(situation: Situation) -> bool:
    """Whether the card holds money for a transaction that is not finished."""
    card = known(situation.card)
    return card is not None and card.open_holds > 0


def _programme_says(situation: Situation) -> str:
    payment = situation.payment
    if payment is None:
        return "tidak ditanya"
    if isinstance(payment, CouldNotAsk):
        return "belum bisa dicek"
    return payment.value.status if isinstance(payment, Known) else "tidak mengenal pesanan ini"
