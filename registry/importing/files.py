"""The files of an import, parents first: which column goes where, and how it is read (docs/programme-csv.md)."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from registry import tables
from registry.identifiers import Keyed, masked_email, masked_phone
from registry.importing import cells, moments
from registry.importing.cells import Reader
from registry.tables import states

MUST_BE_FILLED = object()


@dataclass(frozen=True)
class Column:
    """One column of a file and the column it fills."""

    name: str
    reader: Reader
    target: str
    empty: object = MUST_BE_FILLED
    """What an empty cell means."""
    optional: bool = False
    """The file need not have it; what the table says already then stays."""
    salted_with: str | None = None
    """Another column of the row, whose text the reader is given as well."""

    @property
    def names(self) -> list[str]:
        """The columns of the file it reads."""
        return [self.name, self.salted_with] if self.salted_with else [self.name]


@dataclass(frozen=True)
class ImportFile:
    """One file and the table it fills; `append_only` rows never change once loaded."""

    name: str
    row: Any
    columns: tuple[Column, ...] = field(repr=False)
    append_only: bool = False

    @property
    def table(self) -> Table:
        """The table it fills."""
        table: Table = self.row.__table__
        return table


def a(name: str, reader: Reader = cells.text, to: str | None = None) -> Column:
    """Describe a column that is always filled."""
    return Column(name, reader, to or name)


def maybe(name: str, reader: Reader = cells.text, to: str | None = None) -> Column:
    """Describe a column that may be empty."""
    return Column(name, reader, to or name, empty=None)


def extra(name: str, reader: Reader = cells.text) -> Column:
    """Describe a column that may be empty, and that a file need not have."""
    return Column(name, reader, name, empty=None, optional=True)


def some(name: str, to: str | None = None) -> Column:
    """Describe a list, which may be empty."""
    return Column(name, cells.listing, to or name, empty="[]")


def import_files(keyed: Keyed) -> tuple[ImportFile, ...]:
    """Return every file of an import; identifiers are hashed with the key while they are read."""
    return (*_organisations(), *_catalogue(), *_people(keyed), *_purchases(keyed), *_incentives(), *_rules())


def _organisations() -> tuple[ImportFile, ...]:
    moment, day = moments.moment, moments.day
    return (
        ImportFile(
            "platforms",
            tables.OrganisationRow,
            (
                a("platform_id", to="id"),
                a("name", to="platform_name"),
                some("aliases", to="platform_aliases"),
                maybe("invoice_prefix"),
            ),
        ),
        ImportFile(
            "payment_partners",
            tables.PaymentPartnerRow,
            (
                a("partner_id", to="id"),
                a("name"),
                some("aliases"),
                a("kind", cells.one_of(states.PARTNER_KINDS)),
                a("valid_from", day),
                maybe("valid_to", day),
                maybe("contact"),
                a("source"),
            ),
        ),
        ImportFile(
            "institutions",
            tables.OrganisationRow,
            (
                a("institution_id", to="id"),
                a("name", to="institution_name"),
                some("aliases", to="institution_aliases"),
                maybe("city"),
            ),
        ),
        ImportFile(
            "organisation_roles",
            tables.OrganisationRoleRow,
            (
                a("role_id", to="id"),
                a("organisation_id"),
                a("kind", cells.one_of(states.ROLE_KINDS)),
                a("valid_from", moment),
                maybe("valid_to", moment),
                maybe("announced_at", moment),
                maybe("effective_note"),
                a("source"),
            ),
        ),
    )


def _catalogue() -> tuple[ImportFile, ...]:
    moment, whole = moments.moment, cells.whole()
    return (
        ImportFile(
            "courses",
            tables.CourseRow,
            (
                a("course_id", to="code"),
                a("title"),
                a("institution_id"),
                maybe("category"),
                a("type", cells.one_of(states.COURSE_TYPES)),
                a("status", cells.one_of(states.COURSE_STATUSES)),
                a("is_bundle", cells.truth),
                maybe("sell_until", moment),
                maybe("min_age", whole),
                maybe("min_education", cells.one_of(states.EDUCATIONS)),
                maybe("status_note"),
            ),
        ),
        ImportFile(
            "offers",
            tables.OfferRow,
            (
                a("offer_id", to="id"),
                a("course_id", to="course_code"),
                a("platform_id"),
                a("price", whole),
                maybe("schedule_code"),
                maybe("starts_at", moment),
                maybe("ends_at", moment),
                maybe("quota", whole, to="quota_left"),
            ),
        ),
    )


def _people(keyed: Keyed) -> tuple[ImportFile, ...]:
    moment = moments.moment
    return (
        ImportFile(
            "participants",
            tables.ParticipantRow,
            (
                a("participant_id", to="id"),
                maybe("nik", cells.digits(16).then(keyed.nik), to="nik_hash"),
                _nik_last4(keyed),
                a("name"),
                a("email", cells.email.then(masked_email), to="email_masked"),
                a("phone", cells.phone.then(keyed.phone), to="phone_hash"),
                a("phone", cells.phone.then(masked_phone), to="phone_masked"),
                maybe("birth_year", cells.whole(1900)),
                maybe("education", cells.one_of(states.EDUCATIONS)),
                a("account_status", cells.one_of(states.ACCOUNT_STATUSES)),
                a("email_verified", cells.truth, to="verified_email"),
                a("ktp_verified", cells.truth, to="verified_ktp"),
                a("face_verified", cells.truth, to="verified_face"),
                a("nik_kk_verified", cells.truth, to="verified_nik_kk"),
                a("registered_at", moment),
                maybe("recipient_wave", cells.whole(1)),
                extra("province", cells.digits(2)),
            ),
        ),
        ImportFile(
            "wave_applications",
            tables.WaveApplicationRow,
            (
                a("application_id", to="id"),
                a("participant_id"),
                a("wave", cells.whole(1)),
                a("status", cells.one_of(states.APPLICATION_STATUSES)),
                a("applied_at", moment),
                maybe("decided_at", moment),
                maybe("reason"),
            ),
        ),
        ImportFile(
            "cards",
            tables.CardRow,
            (
                a("card_id", to="id"),
                a("participant_id"),
                a("number", cells.digits(16).then(keyed.card), to="number_hash"),
                a("last4", cells.digits(4)),
                a("status", cells.one_of(states.CARD_STATUSES)),
                maybe("recipient_since", moment),
                maybe("first_purchase_due", moment),
                maybe("revoked_at", moment),
                maybe("reason"),
            ),
        ),
    )


def _nik_last4(keyed: Keyed) -> Column:
    """Describe the hash that tells two participants on one phone apart: of the id and the last four digits."""
    nik_reader = cells.digits(16)
    return Column(
        "nik",
        Reader(lambda nik, participant_id: keyed.nik_last4(participant_id, nik_reader.one(nik)[-4:])),
        "nik_last4_hash",
        empty=None,
        salted_with="participant_id",
    )


def _purchases(keyed: Keyed) -> tuple[ImportFile, ...]:
    moment = moments.moment
    dated = (
        *("expires_at", "paid_at", "code_issued_at", "redeemed_at", "completed_at", "closed_at"),
        *("class_starts_at", "class_ends_at", "certificate_at", "rated_at"),
    )
    return (
        ImportFile(
            "purchases",
            tables.PurchaseRow,
            (
                a("purchase_id", to="id"),
                a("participant_id"),
                a("course_id", to="course_code"),
                a("platform_id"),
                maybe("schedule_code"),
                a("price", cells.whole()),
                a("state", cells.one_of(states.PURCHASE_STATES)),
                maybe("platform_status", cells.one_of(states.PLATFORM_STATUSES)),
                maybe("invoice_code"),
                maybe("transaction_code"),
                maybe("redeem_code_hash", cells.code_hash.then(keyed.redeem_code)),
                maybe("redeem_code_last4"),
                a("selected_at", moment),
                *(maybe(name, moment) for name in dated),
                maybe("failure_reason"),
            ),
        ),
        ImportFile(
            "ledger_entries",
            tables.LedgerEntryRow,
            (
                a("entry_id", to="id"),
                a("participant_id"),
                a("kind", cells.one_of(states.LEDGER_KINDS)),
                a("amount", cells.whole(1)),
                maybe("purchase_id"),
                a("at", moment),
                maybe("note"),
            ),
            append_only=True,
        ),
    )


def _incentives() -> tuple[ImportFile, ...]:
    moment = moments.moment
    return (
        ImportFile(
            "payout_accounts",
            tables.PayoutAccountRow,
            (
                a("account_id", to="id"),
                a("participant_id"),
                a("partner_id"),
                a("last4", cells.digits(4)),
                a("nik_matches", cells.truth),
                a("kyc", cells.one_of(states.KYC_LEVELS)),
                a("status", cells.one_of(states.PAYOUT_STATUSES)),
                maybe("reason"),
                maybe("linked_at", moment),
                maybe("checked_at", moment),
            ),
        ),
        ImportFile(
            "incentives",
            tables.IncentiveRow,
            (
                a("incentive_id", to="id"),
                a("participant_id"),
                a("kind", cells.one_of(states.INCENTIVE_KINDS)),
                a("sequence", cells.whole(1)),
                a("amount", cells.whole()),
                a("status", cells.one_of(states.INCENTIVE_STATUSES)),
                maybe("scheduled_for", moment),
                maybe("paid_at", moment),
                maybe("partner_id"),
                maybe("reason"),
            ),
        ),
    )


def _rules() -> tuple[ImportFile, ...]:
    moment, day = moments.moment, moments.day
    return (
        ImportFile(
            "policies",
            tables.PolicyRow,
            (
                a("key"),
                a("value"),
                a("valid_from", day),
                maybe("valid_to", day),
                a("source"),
                a("as_of", day),
                maybe("note"),
            ),
        ),
        ImportFile(
            "waves",
            tables.WaveRow,
            (
                a("wave", cells.whole(1)),
                *(maybe(name, moment) for name in ("opens_at", "closes_at", "decided_at")),
                maybe("quota", cells.whole()),
                maybe("selected", cells.whole()),
                maybe("source"),
            ),
        ),
    )
