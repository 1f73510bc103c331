"""What the own tables are asked: one statement a question, and how its rows become facts.

Every statement also says when the files it rests on were loaded. A file that was never loaded means "could not ask":
an empty table proves nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Select, String, and_, any_, bindparam, case, func, literal, not_, or_, select, true
from sqlalchemy.orm import aliased

from records.clock import wib
from registry import facts
from registry.tables import (
    CardRow,
    CourseRow,
    IncentiveRow,
    LedgerEntryRow,
    LoadedFileRow,
    OrganisationRow,
    ParticipantRow,
    PaymentPartnerRow,
    PayoutAccountRow,
    PolicyRow,
    PurchaseRow,
    WaveApplicationRow,
    WaveRow,
)

type Row = dict[str, Any]
type Wanted = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Question[T]:
    """A statement and its reading."""

    files: tuple[str, ...]
    statement: Wanted
    read: Callable[[Sequence[Row]], T]


def among(column: Any, values: Sequence[str]) -> Any:
    """Say that a column has one of these values, in a form that is written once and for all."""
    return column == any_(literal(list(values), ARRAY(String)))


def question[T](files: tuple[str, ...], wanted: Wanted, read: Callable[[Sequence[Row]], T], *order: str) -> Question[T]:
    """Join the wanted rows to the age of the files, so that even no row comes with its age."""
    loaded = (
        select(func.min(LoadedFileRow.at).label("loaded_at"), func.count().label("loaded_files"))
        .where(among(LoadedFileRow.file, files))
        .cte("loaded")
    )
    rows = wanted.add_columns(literal(True).label("found")).subquery("wanted")
    columns = (rows.c[name.removeprefix("-")] for name in order)
    ordered = [
        column.desc().nulls_last() if name.startswith("-") else column
        for name, column in zip(order, columns, strict=True)
    ]
    statement = select(loaded, rows).select_from(loaded.outerjoin(rows, true())).order_by(*ordered)
    return Question(files, statement, read)


def one[T](kind: type[T]) -> Callable[[Sequence[Row]], T]:
    """Return a reading of the first row."""
    return lambda rows: fact(kind, rows[0])


def every[T](kind: type[T]) -> Callable[[Sequence[Row]], tuple[T, ...]]:
    """Return a reading of all rows."""
    return lambda rows: tuple(fact(kind, row) for row in rows)


def fact[T](kind: type[T], row: Row) -> T:
    """Return the fact a row holds; its columns are named as the fact's fields."""
    return kind(**{field.name: row[field.name] for field in fields(kind) if field.name in row})  # type: ignore[arg-type]


def wib_day(moment: datetime | None) -> date | None:
    """Return the day as people in Jakarta read it."""
    return wib(moment).date() if moment else None


def _of_participant(row: Any) -> Any:
    return row.participant_id == bindparam("participant_id")


PARTICIPANT = question(
    ("participants",),
    select(ParticipantRow).where(ParticipantRow.id == bindparam("participant_id")),
    one(facts.Participant),
)

BY_PHONE = question(
    ("participants",),
    select(ParticipantRow.id).where(ParticipantRow.phone_hash == bindparam("phone_hash")),
    lambda rows: tuple(str(row["id"]) for row in rows),
    "id",
)

# a hash holds the id it belongs to, so that any of these ids with any of these hashes is the right pair
BY_NIK_LAST4 = question(
    ("participants",),
    select(ParticipantRow.id).where(
        ParticipantRow.id == any_(bindparam("participant_ids", type_=ARRAY(String))),
        ParticipantRow.nik_last4_hash == any_(bindparam("hashes", type_=ARRAY(String))),
    ),
    lambda rows: tuple(str(row["id"]) for row in rows),
    "id",
)

# before it opens a wave is nobody's news
_waves = select(
    WaveRow.wave.label("number"),
    *(WaveRow.opens_at, WaveRow.closes_at, WaveRow.decided_at, WaveRow.quota, WaveRow.source),
).where(or_(WaveRow.opens_at.is_(None), WaveRow.opens_at <= bindparam("now")))

WAVE = question(("waves",), _waves.where(WaveRow.wave == bindparam("wave")), one(facts.Wave))

WAVES = question(("waves",), _waves, every(facts.Wave), "-number")

WAVE_APPLICATIONS = question(
    ("wave_applications",),
    select(WaveApplicationRow).where(_of_participant(WaveApplicationRow)),
    every(facts.WaveApplication),
    "-wave",
)

LEDGER = question(
    ("ledger_entries",),
    select(LedgerEntryRow).where(_of_participant(LedgerEntryRow)),
    every(facts.LedgerEntry),
    "-at",
    "-id",
)


def _card() -> Wanted:
    entry, closing = LedgerEntryRow, aliased(LedgerEntryRow)
    closed = (
        select(closing.id)
        .where(closing.purchase_id == entry.purchase_id, among(closing.kind, ("capture", "release")))
        .exists()
    )
    open_hold = and_(entry.kind == "hold", ~closed)
    spent = or_(entry.kind == "capture", open_hold, and_(entry.kind == "forfeit", entry.purchase_id.is_(None)))
    signed = case((among(entry.kind, ("grant", "refund")), entry.amount), (spent, -entry.amount), else_=0)
    sums = (
        select(
            func.coalesce(func.sum(signed), 0).label("available_balance"),
            func.coalesce(func.sum(entry.amount).filter(open_hold), 0).label("open_holds"),
        )
        .where(_of_participant(entry))
        .subquery("sums")
    )
    return select(CardRow, sums).select_from(CardRow).join(sums, true()).where(_of_participant(CardRow))


def _read_card(rows: Sequence[Row]) -> facts.Card:
    row = dict(rows[0])
    row["recipient_since"] = wib_day(row["recipient_since"])
    row["available_balance"], row["open_holds"] = int(row["available_balance"]), int(row["open_holds"])
    return fact(facts.Card, row)


CARD = question(("cards", "ledger_entries"), _card(), _read_card)


def _purchases() -> Wanted:
    platform, institution = aliased(OrganisationRow), aliased(OrganisationRow)
    return (
        select(
            PurchaseRow,
            PurchaseRow.price.label("amount"),
            PurchaseRow.selected_at.label("created_at"),
            func.coalesce(platform.platform_name, platform.institution_name).label("platform_name"),
            CourseRow.title.label("course_title"),
            CourseRow.is_bundle,
            func.coalesce(institution.institution_name, institution.platform_name).label("institution_name"),
        )
        .join(CourseRow, CourseRow.code == PurchaseRow.course_code)
        .join(platform, platform.id == PurchaseRow.platform_id)
        .join(institution, institution.id == CourseRow.institution_id)
    )


PURCHASES = question(
    ("purchases",), _purchases().where(_of_participant(PurchaseRow)), every(facts.Purchase), "-created_at", "-id"
)


def _read_payment(rows: Sequence[Row]) -> facts.PaymentStatus:
    row = rows[0]
    void = row["state"] in ("cancelling", "refunded")
    return facts.PaymentStatus(row["invoice_code"], row["price"], "VOID" if void else "SUCCESS", row["paid_at"])


PAYMENT_STATUS = question(
    ("purchases",),
    select(PurchaseRow.invoice_code, PurchaseRow.price, PurchaseRow.state, PurchaseRow.paid_at).where(
        PurchaseRow.invoice_code == bindparam("invoice_code"),
        # the programme knows a payment from its capture on; before that there is none
        not_(among(PurchaseRow.state, ("selected", "awaiting_payment", "failed", "expired"))),
    ),
    _read_payment,
)


def _incentives(rows: Sequence[Row]) -> tuple[facts.Incentive, ...]:
    return tuple(fact(facts.Incentive, dict(row) | {"scheduled_for": wib_day(row["scheduled_for"])}) for row in rows)


INCENTIVES = question(
    ("incentives",), select(IncentiveRow).where(_of_participant(IncentiveRow)), _incentives, "sequence", "kind"
)

PAYOUT_ACCOUNT = question(
    ("payout_accounts",),
    select(PayoutAccountRow, PaymentPartnerRow.name.label("partner_name"))
    .join(PaymentPartnerRow, PaymentPartnerRow.id == PayoutAccountRow.partner_id)
    .where(_of_participant(PayoutAccountRow))
    # the account in use, else the last one there was
    .order_by((PayoutAccountRow.status == "unlinked"), PayoutAccountRow.checked_at.desc().nulls_last())
    .limit(1),
    one(facts.PayoutAccount),
)


def valid_on(row: Any) -> Any:
    """Return the condition that a dated row is valid on the day asked for."""
    on: Any = bindparam("on")
    return and_(row.valid_from <= on, or_(row.valid_to.is_(None), on < row.valid_to))


POLICY = question(
    ("policies",),
    select(PolicyRow)
    .where(PolicyRow.key == bindparam("key"), valid_on(PolicyRow))
    .order_by(PolicyRow.valid_from.desc())
    .limit(1),
    one(facts.Policy),
)
