"""When a person must look: one rule an intent (never, if, always), decided by what the checks found.

A rule that needs a source which could not be asked does not fire on its silence; the answer says so instead.
An intent that is not in the table never escalates by itself.
"""

from collections.abc import Callable

from checks.escalation import account, attending, buying, safety
from checks.finding import Escalation, Priority, Queue
from checks.situation import Situation

type Rule = Callable[[Situation], Escalation | None]


def escalation(situation: Situation) -> Escalation | None:
    """Return why, where and how soon a person must look, or none."""
    rule = RULES.get(situation.intent)
    return rule(situation) if rule else None


def _always(reason: str, queue: Queue, priority: Priority = Priority.NORMAL) -> Rule:
    return lambda _: Escalation(reason, queue, priority)


RULES: dict[str, Rule] = {
    "package_not_found": buying.package_not_found,
    "payment_failed": buying.payment_failed,
    "purchase_otp": buying.purchase_otp,
    "paid_no_code": buying.paid_no_code,
    "purchase_status": buying.purchase_status,
    "cancel_or_refund": buying.cancel_or_refund,
    "wrong_charge": buying.wrong_charge,
    "purchase_deadline": buying.purchase_deadline,
    "participation_revoked": buying.revoked,
    "card_number_or_balance": buying.balance,
    "system_outage": buying.outage,
    "ask_bundling": buying.bundling,
    "redeem_failed": attending.redeem_failed,
    "class_access": attending.class_access,
    "attendance_verification": attending.attendance,
    "certificate_missing": attending.certificate_missing,
    "certificate_wrong_data": attending.certificate_wrong,
    "rating_and_review": attending.rating,
    "incentive_not_received": account.incentive,
    "survey_incentive": account.survey,
    "payout_account_failed": account.payout_failed,
    "login_otp": account.login_otp,
    "login_failed": account.login_failed,
    "identity_verification_failed": account.identity,
    "nik_already_registered": _always("NIK dikatakan sudah terdaftar", Queue.SECURITY),
    "blocked_by_other_data": account.blocked_by_other_data,
    "change_contact": account.change_contact,
    "account_blocked": _always("Akun dikatakan diblokir", Queue.PMO_ACCOUNT),
    "join_wave_failed": account.join_wave,
    "partner_complaint": _always("Keluhan tentang platform atau lembaga", Queue.PLATFORM),
    "support_complaint": _always("Keluhan tentang layanan bantuan", Queue.PMO_TRANSACTION),
    "report_fraud": safety.fraud,
    "personal_data_request": safety.personal_data,
    "ticket_status": safety.ticket_status,
    "talk_to_human": _always("Minta bicara dengan petugas", Queue.PMO_TRANSACTION),
}

ALWAYS = frozenset(
    (
        *("wrong_charge", "nik_already_registered", "account_blocked", "partner_complaint", "support_complaint"),
        *("report_fraud", "personal_data_request", "talk_to_human"),
    )
)
"""Where a person must look whatever is found, and so also when nothing can be found."""
