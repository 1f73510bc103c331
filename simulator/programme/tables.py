"""The tables of the rehearsal programme and how a row becomes a line of CSV.

The columns are the contract with whoever imports them (docs/programme-csv.md).
"""

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

WIB = timezone(timedelta(hours=7), "WIB")

type Cell = str | int | bool | datetime | date | Sequence[str] | None
type Row = dict[str, Cell]
type Tables = dict[str, list[Row]]

# Parents first: a reader may import the files in this order.
COLUMNS: dict[str, tuple[str, ...]] = {
    "platforms": ("platform_id", "name", "aliases", "invoice_prefix"),
    "payment_partners": ("partner_id", "name", "aliases", "kind", "valid_from", "valid_to", "contact", "source"),
    "institutions": ("institution_id", "name", "aliases", "city"),
    "organisation_roles": (
        *("role_id", "organisation_id", "kind", "valid_from", "valid_to"),
        *("announced_at", "effective_note", "source"),
    ),
    "courses": (
        *("course_id", "title", "institution_id", "category", "type", "status", "is_bundle"),
        *("sell_until", "min_age", "min_education", "status_note"),
    ),
    "offers": ("offer_id", "course_id", "platform_id", "price", "schedule_code", "starts_at", "ends_at", "quota"),
    "participants": (
        *("participant_id", "nik", "name", "email", "phone", "birth_year", "education", "account_status"),
        *("email_verified", "ktp_verified", "face_verified", "nik_kk_verified", "registered_at", "recipient_wave"),
        "province",
    ),
    "wave_applications": (
        *("application_id", "participant_id", "wave", "status", "applied_at", "decided_at", "reason"),
    ),
    "cards": (
        *("card_id", "participant_id", "number", "last4", "status", "recipient_since"),
        *("first_purchase_due", "revoked_at", "reason"),
    ),
    "purchases": (
        *("purchase_id", "participant_id", "course_id", "platform_id", "schedule_code", "price", "state"),
        *("platform_status", "invoice_code", "transaction_code", "redeem_code_hash", "redeem_code_last4"),
        *("selected_at", "expires_at", "paid_at", "code_issued_at", "redeemed_at", "completed_at", "closed_at"),
        *("class_starts_at", "class_ends_at", "certificate_at", "rated_at", "failure_reason"),
    ),
    "ledger_entries": ("entry_id", "participant_id", "kind", "amount", "purchase_id", "at", "note"),
    "payout_accounts": (
        *("account_id", "participant_id", "partner_id", "last4", "nik_matches", "kyc", "status"),
        *("reason", "linked_at", "checked_at"),
    ),
    "incentives": (
        *("incentive_id", "participant_id", "kind", "sequence", "amount", "status"),
        *("scheduled_for", "paid_at", "partner_id", "reason"),
    ),
    "incidents": (
        *("incident_id", "components", "platforms", "payment_partners", "started_at", "estimated_end"),
        *("ended_at", "status", "public_message", "source", "as_of"),
    ),
    "policies": ("key", "value", "valid_from", "valid_to", "source", "as_of", "note"),
    "waves": ("wave", "opens_at", "closes_at", "decided_at", "quota", "selected", "source"),
    "identities": ("channel", "external_id", "wa_id", "participant_id", "bound_at", "method"),
    "api_payments": (
        *("invoice_code", "transaction_code", "amount", "status", "created_at", "prakerja_name"),
        *("redeem_code", "course_code", "schedule_code", "redeem_at", "completed_at", "dp_platform", "course_type"),
    ),
}


def cell_text(value: Cell) -> str:
    """Write one value as the CSV convention has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int):
        return str(value)
    return "|".join(value)


def write_table(folder: Path, name: str, rows: Sequence[Row]) -> Path:
    """Write one table; a row with an unknown column is refused."""
    columns = COLUMNS[name]
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            if unknown := row.keys() - set(columns):
                raise ValueError(f"{name}: unknown columns {sorted(unknown)}")
            writer.writerow([cell_text(row.get(column)) for column in columns])
    return path


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """Read one table back as text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
