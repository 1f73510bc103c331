"""What people write about: how often, where it belongs, and what the bot can do about it."""

from dataclasses import dataclass

BUYING = ("package_not_found", "payment_failed", "purchase_otp", "paid_no_code", "purchase_status", "wrong_charge")
REDEEMING = ("redeem_failed", "class_access", "ask_how_to_redeem", "attendance_verification")
FINISHING = ("certificate_missing", "certificate_wrong_data", "rating_and_review")
ENTERING = ("login_failed", "login_otp", "identity_verification_failed", "nik_already_registered", "account_blocked")
WAVING = ("wave_schedule", "join_wave_failed", "selection_result", "ask_eligibility", "ask_how_to_register")
PAYING_OUT = ("incentive_not_received", "payout_account_failed", "manage_payout_account", "survey_incentive")

# by intent: how often among all, the share the bot settles without a person, and the queue of what it cannot
_WEIGHTS: dict[str, tuple[float, float, str]] = {
    "package_not_found": (2.6, 0.80, "PMO_TRANSACTION"),
    "payment_failed": (4.2, 0.66, "PMO_TRANSACTION"),
    "purchase_otp": (2.0, 0.84, "PMO_TRANSACTION"),
    "paid_no_code": (2.4, 0.45, "PMO_TRANSACTION"),
    "purchase_status": (1.9, 0.82, "PMO_TRANSACTION"),
    "wrong_charge": (0.8, 0.04, "SECURITY"),
    "redeem_failed": (2.1, 0.68, "PLATFORM"),
    "class_access": (2.3, 0.62, "PLATFORM"),
    "ask_how_to_redeem": (1.6, 0.97, "PLATFORM"),
    "attendance_verification": (1.2, 0.72, "PLATFORM"),
    "certificate_missing": (5.0, 0.76, "PLATFORM"),
    "certificate_wrong_data": (0.9, 0.55, "PLATFORM"),
    "rating_and_review": (1.3, 0.90, "PLATFORM"),
    "login_failed": (4.3, 0.78, "PMO_ACCOUNT"),
    "login_otp": (2.8, 0.86, "PMO_ACCOUNT"),
    "identity_verification_failed": (3.4, 0.74, "PMO_ACCOUNT"),
    "nik_already_registered": (1.4, 0.05, "PMO_ACCOUNT"),
    "account_blocked": (1.1, 0.05, "PMO_ACCOUNT"),
    "wave_schedule": (4.6, 0.99, "PMO_ACCOUNT"),
    "join_wave_failed": (3.2, 0.83, "PMO_ACCOUNT"),
    "selection_result": (5.2, 0.98, "PMO_ACCOUNT"),
    "ask_eligibility": (2.2, 0.99, "PMO_ACCOUNT"),
    "ask_how_to_register": (2.0, 0.99, "PMO_ACCOUNT"),
    "incentive_not_received": (7.5, 0.78, "PMO_INCENTIVE"),
    "payout_account_failed": (2.8, 0.66, "PAYMENT_PARTNER"),
    "manage_payout_account": (1.8, 0.95, "PAYMENT_PARTNER"),
    "survey_incentive": (1.6, 0.86, "PMO_INCENTIVE"),
    "ask_how_to_buy": (1.7, 0.98, "PMO_TRANSACTION"),
    "ask_training_choice": (1.8, 0.97, "PMO_TRANSACTION"),
    "purchase_requirements": (0.9, 0.97, "PMO_TRANSACTION"),
    "cancel_or_refund": (1.3, 0.50, "PMO_TRANSACTION"),
    "purchase_deadline": (1.4, 0.93, "PMO_TRANSACTION"),
    "ask_incentive_terms": (1.9, 0.98, "PMO_INCENTIVE"),
    "blocked_by_other_data": (1.2, 0.70, "PMO_ACCOUNT"),
    "change_contact": (1.7, 0.66, "PMO_ACCOUNT"),
    "participation_revoked": (1.1, 0.55, "PMO_ACCOUNT"),
    "card_number_or_balance": (2.3, 0.90, "PMO_TRANSACTION"),
    "system_outage": (1.6, 0.92, "PMO_TRANSACTION"),
    "ask_programme": (1.5, 0.98, "PMO_ACCOUNT"),
    "ask_platforms": (0.6, 0.98, "PLATFORM"),
    "ask_bundling": (0.2, 0.97, "PMO_TRANSACTION"),
    "partner_complaint": (0.8, 0.05, "PLATFORM"),
    "support_complaint": (0.7, 0.05, "PMO_ACCOUNT"),
    "report_fraud": (0.5, 0.35, "SECURITY"),
    "personal_data_request": (0.3, 0.20, "SECURITY"),
    "ticket_status": (1.7, 0.86, "PMO_ACCOUNT"),
    "talk_to_human": (1.5, 0.02, "PMO_ACCOUNT"),
    "out_of_scope": (1.6, 1.0, ""),
    "nlu_fallback": (2.6, 0.9, ""),
}


@dataclass(frozen=True)
class Matter:
    """One kind of message."""

    intent: str
    weight: float
    settled: float
    """Share that the bot answers without handing over."""
    queue: str
    theme: str
    for_recipients: bool
    at_platforms: bool
    priority: str
    number: int


_THEMES = {
    **dict.fromkeys((*BUYING, "ask_how_to_buy", "ask_training_choice", "card_number_or_balance"), "buying"),
    **dict.fromkeys(("purchase_requirements", "cancel_or_refund"), "buying"),
    **dict.fromkeys(("purchase_deadline", "participation_revoked"), "deadline"),
    **dict.fromkeys(REDEEMING, "redeeming"),
    **dict.fromkeys(FINISHING, "finishing"),
    **dict.fromkeys(ENTERING, "entering"),
    **dict.fromkeys(WAVING, "waving"),
    **dict.fromkeys((*PAYING_OUT, "ask_incentive_terms"), "paying_out"),
}
_OF_RECIPIENTS = ("buying", "deadline", "redeeming", "finishing", "paying_out")
_AT_PLATFORMS = (*BUYING, *REDEEMING, *FINISHING, "partner_complaint", "cancel_or_refund", "ask_how_to_buy")
_URGENT, _HIGH = ("wrong_charge", "report_fraud"), ("account_blocked", "paid_no_code", "class_access")


def _matter(number: int, intent: str) -> Matter:
    weight, settled, queue = _WEIGHTS[intent]
    theme = _THEMES.get(intent, "other")
    priority = "urgent" if intent in _URGENT else "high" if intent in _HIGH else "normal"
    recipients, platforms = theme in _OF_RECIPIENTS, intent in _AT_PLATFORMS
    return Matter(intent, weight, settled, queue, theme, recipients, platforms, priority, number)


MATTERS = tuple(_matter(number, intent) for number, intent in enumerate(_WEIGHTS))
BY_INTENT = {it.intent: it for it in MATTERS}
THEMES = ("buying", "deadline", "redeeming", "finishing", "entering", "waving", "paying_out", "other")
CONFUSED = {
    "purchase_otp": "login_otp",
    "paid_no_code": "redeem_failed",
    "payment_failed": "wrong_charge",
    "package_not_found": "purchase_requirements",
    "incentive_not_received": "certificate_missing",
    "card_number_or_balance": "wrong_charge",
    "participation_revoked": "account_blocked",
    "join_wave_failed": "selection_result",
    "login_failed": "login_otp",
    "support_complaint": "ticket_status",
    "blocked_by_other_data": "nik_already_registered",
}
"""What the model takes one for now and then, and an agent corrects."""
