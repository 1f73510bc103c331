"""The words the programme uses for states and kinds: the database refuses any other, the importer names them."""

from sqlalchemy import CheckConstraint

ACCOUNT_STATUSES = ("new", "verified", "blocked")
EDUCATIONS = ("sd", "smp", "sma", "diploma", "sarjana")
APPLICATION_STATUSES = ("joined", "selected", "not_selected")
CARD_STATUSES = ("inactive", "active", "revoked", "finished")
LEDGER_KINDS = ("grant", "hold", "capture", "release", "refund", "forfeit")
PURCHASE_STATES = (
    "selected",
    "awaiting_payment",
    "paid_without_code",
    "code_issued",
    "redeemed",
    "in_progress",
    "completed",
    "failed",
    "expired",
    "code_expired",
    "cancelling",
    "refunded",
    "forfeited",
)
UNPAID_STATES = ("selected", "awaiting_payment", "failed", "expired")
PLATFORM_STATUSES = ("unpaid", "paid", "cancelled", "failed")
COURSE_TYPES = ("webinar", "self_paced", "offline")
COURSE_STATUSES = ("active", "suspended", "withdrawn")
ROLE_KINDS = ("platform", "institution")
PARTNER_KINDS = ("bank", "ewallet")
KYC_LEVELS = ("none", "premium")
PAYOUT_STATUSES = ("not_linked", "linked", "failed", "unlinked")
INCENTIVE_KINDS = ("job_search", "survey")
INCENTIVE_STATUSES = ("conditions_not_met", "scheduled", "processing", "paid", "failed", "on_hold")


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Return the constraint that holds a column to its words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
