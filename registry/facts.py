"""Facts of the programme as the checks read them: plain, frozen, without behaviour. Money is integer rupiah.

Shapes follow the data model of the programme (participant, card with append-only ledger, purchase state machine,
courses with offers, dated roles of organisations, incentives, payout accounts, waves, dated policies).
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Participant:
    """A registered person; contact data is masked for showing."""

    id: str
    name: str
    phone_masked: str
    email_masked: str
    account_status: str
    """new, verified or blocked."""
    verified_email: bool
    verified_ktp: bool
    verified_face: bool
    verified_nik_kk: bool
    recipient_wave: int | None
    birth_year: int | None = None
    education: str | None = None
    """sd, smp, sma, diploma or sarjana."""
    registered_at: datetime | None = None


@dataclass(frozen=True)
class WaveApplication:
    """One application to a wave: joined, selected or not_selected."""

    wave: int
    status: str
    reason: str | None
    applied_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Wave:
    """A wave of registration; what is not known stays empty."""

    number: int
    opens_at: datetime | None
    closes_at: datetime | None
    decided_at: datetime | None
    quota: int | None
    source: str | None


@dataclass(frozen=True)
class Card:
    """A participant's card; the balance is the sum of its ledger, never stored."""

    last4: str
    status: str
    """inactive, active, revoked or finished."""
    recipient_since: date | None
    first_purchase_due: datetime | None
    revoked_at: datetime | None
    reason: str | None
    available_balance: int
    open_holds: int


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the ledger: grant, hold, capture, release, refund or forfeit."""

    kind: str
    amount: int
    purchase_id: str | None
    at: datetime


@dataclass(frozen=True)
class Purchase:
    """One purchase in its state machine; the redeem code itself is never held, only its last four."""

    id: str
    platform_id: str
    platform_name: str
    course_code: str
    course_title: str
    institution_name: str
    is_bundle: bool
    state: str
    """selected, awaiting_payment, paid_without_code, code_issued, redeemed, in_progress, completed, failed, expired,
    code_expired, cancelling, refunded or forfeited."""
    amount: int
    invoice_code: str | None
    failure_reason: str | None
    redeem_code_last4: str | None
    created_at: datetime
    paid_at: datetime | None
    code_issued_at: datetime | None
    redeemed_at: datetime | None
    class_starts_at: datetime | None
    completed_at: datetime | None
    platform_status: str | None = None
    """What the platform told its buyer: unpaid, paid, cancelled or failed; it may differ from `state`."""
    expires_at: datetime | None = None
    """Until when the payment could be made."""
    certificate_at: datetime | None = None
    """When the programme saw the certificate."""
    rated_at: datetime | None = None
    class_ends_at: datetime | None = None
    closed_at: datetime | None = None
    """When it entered failed, expired, code_expired, refunded or forfeited."""


@dataclass(frozen=True)
class PaymentStatus:
    """What the programme itself says of an invoice (partner API, payment/status)."""

    invoice_code: str
    amount: int
    status: str
    """SUCCESS: a live payment. VOID: not paid any more. A source that says any other word could not be understood."""
    created_at: datetime | None


@dataclass(frozen=True)
class RedeemStatus:
    """What the programme says of a redeem code and one session of its class (payment/redeem-code/status).

    Its integer `status` has no published meaning and is not kept.
    """

    sequence: int = 1
    """1: redeeming and the first session; 2 to 10: later ones; 999: the post-test."""
    attendance_status: int | None = None
    """1: attended, 0: not; none where the code is refused."""
    redeem_at: datetime | None = None
    dp_platform: str | None = None
    course_code: str | None = None
    invoice_code: str | None = None
    schedule_code: str | None = None
    course_type: str | None = None
    refusal: str | None = None
    """wrong_type, other_institution, code_cancelled, transaction_cancelled or already_used (registry/refusals.py)."""

    @property
    def used(self) -> bool:
        """Whether the code has been redeemed."""
        return self.refusal == "already_used" or self.redeem_at is not None


@dataclass(frozen=True)
class Quota:
    """How many seats a schedule of a course has left."""

    course_code: str
    schedule_code: str
    left: int | None
    """None: no limit known."""


@dataclass(frozen=True)
class Offer:
    """A course as one platform sells it."""

    platform_id: str
    platform_name: str
    price: int
    schedule_code: str | None
    starts_at: datetime | None
    quota_left: int | None
    """None: no limit known."""
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Course:
    """A course or bundle in the catalogue."""

    code: str
    title: str
    institution_name: str
    type: str
    """webinar, self_paced or offline."""
    status: str
    """active, suspended or withdrawn."""
    is_bundle: bool
    sell_until: date | None
    offers: tuple[Offer, ...]
    match: float = 100.0
    """How well the title fits what was asked, 0 to 100."""
    min_age: int | None = None
    min_education: str | None = None
    status_note: str | None = None
    """Why it is suspended or withdrawn."""


@dataclass(frozen=True)
class Organisation:
    """A platform or institution with one dated role."""

    id: str
    name: str
    role: str
    """platform or institution."""
    valid_from: date
    valid_to: date | None
    note: str | None
    source: str


@dataclass(frozen=True)
class Incentive:
    """One incentive payment: job_search or survey."""

    kind: str
    sequence: int
    amount: int
    status: str
    """conditions_not_met, scheduled, processing, paid, failed or on_hold."""
    scheduled_for: date | None
    paid_at: datetime | None
    reason: str | None
    partner_id: str | None = None


@dataclass(frozen=True)
class PayoutAccount:
    """Where incentives go."""

    partner_id: str
    partner_name: str
    last4: str
    nik_matches: bool
    kyc: str
    """none or premium."""
    status: str
    """not_linked, linked, failed or unlinked."""
    reason: str | None
    linked_at: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True)
class Policy:
    """One dated value of a rule."""

    key: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    as_of: date
