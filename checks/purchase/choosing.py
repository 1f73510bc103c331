"""Which purchase a complaint is about: the states that fit it best, then what was named, then the newest."""

from datetime import timedelta

from checks.situation import Situation, known
from registry.facts import Purchase

RECENT = timedelta(days=14)
PAID = ("paid_without_code", "code_issued", "redeemed", "in_progress", "completed", "code_expired")
NOT_CHARGED = ("failed", "expired")
PENDING = ("selected", "awaiting_payment")
BACK = ("cancelling", "refunded")

_CLASS = (("redeemed", "in_progress"), ("code_issued",), ("paid_without_code",), ("completed",))
_CERTIFICATE = (("completed",), ("in_progress", "redeemed"))
STATES: dict[str, tuple[tuple[str, ...], ...]] = {
    "payment_failed": (("paid_without_code",), (*NOT_CHARGED, *PENDING)),
    "purchase_otp": ((*PENDING, *NOT_CHARGED),),
    "paid_no_code": (("paid_without_code",), PENDING, ("code_issued",), ("cancelling",), NOT_CHARGED, PAID),
    "purchase_status": (
        (*PENDING, "paid_without_code", "cancelling"),
        ("code_issued", *NOT_CHARGED),
        PAID,
        ("refunded",),
    ),
    "cancel_or_refund": (("cancelling",), ("refunded",), ("code_issued", "paid_without_code"), (*PENDING, *PAID)),
    "redeem_failed": (("code_issued", "code_expired"), ("redeemed",), ("paid_without_code",), ("in_progress",), BACK),
    "ask_how_to_redeem": (("code_issued",), ("redeemed", "in_progress", "completed", "code_expired")),
    "purchase_deadline": ((*NOT_CHARGED, *PENDING),),
    "class_access": _CLASS,
    "attendance_verification": _CLASS,
    "certificate_missing": _CERTIFICATE,
    "certificate_wrong_data": _CERTIFICATE,
    "rating_and_review": _CERTIFICATE,
}
ONLY_RECENT = ("payment_failed", "purchase_otp")


def candidates(situation: Situation) -> list[Purchase]:
    """Return the purchases a complaint can be about, newest first: those of the best-fitting states."""
    mine = [it for it in known(situation.purchases) or () if _fits(it, situation)]
    for states in STATES.get(situation.intent, ()):
        if found := [it for it in mine if it.state in states]:
            return sorted(found, key=lambda it: it.created_at, reverse=True)
    return []


def subject(situation: Situation) -> Purchase | None:
    """Return the purchase in question, or none."""
    return next(iter(candidates(situation)), None)


def settled(situation: Situation) -> bool:
    """Whether the records alone say which purchase is meant, so that nothing need be asked."""
    found = candidates(situation)
    return len({(it.platform_id, it.course_code) for it in found}) == 1


def failed_attempts(situation: Situation) -> int:
    """Count recent attempts at the course in question that did not go through."""
    meant = subject(situation)
    if meant is None:
        return 0
    return sum(it.state in NOT_CHARGED and it.course_code == meant.course_code for it in candidates(situation))


def _fits(purchase: Purchase, situation: Situation) -> bool:
    if situation.invoice is not None:
        return (purchase.invoice_code or "").upper() == situation.invoice.upper()
    if situation.platform not in (None, purchase.platform_id):
        return False
    return situation.intent not in ONLY_RECENT or situation.now - purchase.created_at <= RECENT
