"""Purchases along the state machine, each with the ledger lines its state implies.

hold reserves, capture consumes the hold, release frees it; a forfeit of a purchase only records that captured money
does not come back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.programme import identifiers
from simulator.programme.book import Book, Person
from simulator.programme.catalogue import Offer
from simulator.programme.partners import PLATFORMS
from simulator.programme.tables import Row

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CAPTURED = (
    *("paid_without_code", "code_issued", "redeemed", "in_progress", "completed"),
    *("code_expired", "cancelling", "refunded", "forfeited"),
)
WITH_CODE = ("code_issued", "redeemed", "in_progress", "completed", "code_expired", "forfeited")
REDEEMED = ("redeemed", "in_progress", "completed")
CLOSED = ("failed", "expired", "code_expired", "refunded", "forfeited")
PLATFORM_STATUS = {
    **{"selected": "unpaid", "awaiting_payment": "unpaid", "failed": "failed", "expired": "cancelled"},
    **{"cancelling": "cancelled", "refunded": "cancelled"},
}


@dataclass(frozen=True)
class Bought:
    """A purchase as later rows need it."""

    purchase_id: str
    row: Row


def buy(book: Book, person: Person, offer: Offer, state: str, at: datetime, **more: datetime | str | None) -> Bought:
    """Write a purchase in the given state, its ledger lines and what the programme's API knows of it.

    Args:
        book: where the rows go.
        person: who buys.
        offer: what is bought.
        state: where the purchase stands now.
        at: when the course was chosen at the platform.
        **more: columns to set by hand, such as failure_reason or completed_at.
    """
    captured = state in CAPTURED
    has_code = state in WITH_CODE or more.get("code_issued_at") is not None
    redeem_code = identifiers.redeem_code(identifiers.code(book.random, 10)) if has_code else None
    paid = at + 6 * MINUTE
    row: Row = {
        **{"participant_id": person.participant_id, "course_id": offer.course_id, "platform_id": offer.platform_id},
        **{"schedule_code": offer.schedule_code, "price": offer.price, "state": state},
        "platform_status": PLATFORM_STATUS.get(state, "paid"),
        "invoice_code": None if state == "selected" else _invoice(book, offer),
        "transaction_code": f"TRX{identifiers.code(book.random, 12)}" if captured else None,
        "redeem_code_hash": identifiers.code_hash(redeem_code) if redeem_code else None,
        "redeem_code_last4": redeem_code[-4:] if redeem_code else None,
        "selected_at": at,
        "expires_at": None if state == "selected" else at + HOUR,
        "paid_at": paid if captured else None,
        "code_issued_at": paid + 12 * MINUTE if redeem_code else None,
        "redeemed_at": _redeemed_at(offer, paid) if state in REDEEMED else None,
        "completed_at": offer.ends_at if state == "completed" else None,
        "closed_at": at + HOUR if state in CLOSED else None,
        **{"class_starts_at": offer.starts_at, "class_ends_at": offer.ends_at},
    }
    row |= more
    purchase_id = book.add("purchases", "purchase_id", "B", row)
    _write_ledger(book, person, purchase_id, row)
    if captured:
        _tell_api(book, person, offer, row, redeem_code)
    return Bought(purchase_id, row)


def _invoice(book: Book, offer: Offer) -> str:
    return f"{PLATFORMS[offer.platform_id][2]}-{identifiers.code(book.random, 13)}"


def _redeemed_at(offer: Offer, paid: datetime) -> datetime:
    return offer.starts_at - 20 * MINUTE if offer.starts_at else paid + DAY


def _moment(row: Row, column: str) -> datetime:
    value = row[column]
    if not isinstance(value, datetime):
        raise TypeError(f"{column} is needed for state {row['state']}")
    return value


def _write_ledger(book: Book, person: Person, purchase_id: str, row: Row) -> None:
    price, state = offer_price(row), str(row["state"])
    chosen = _moment(row, "selected_at")
    lines: list[tuple[str, datetime]] = []
    # refused before the OTP: nothing was ever reserved
    released = state == "expired" or (state == "failed" and "OTP" in str(row["failure_reason"]))
    if state in CAPTURED or state == "awaiting_payment" or released:
        lines.append(("hold", chosen + MINUTE))
    if released:
        lines.append(("release", _moment(row, "closed_at")))
    if state in CAPTURED:
        lines.append(("capture", _moment(row, "paid_at")))
    if state == "refunded":
        lines.append(("refund", _moment(row, "closed_at")))
    if state == "forfeited":
        lines.append(("forfeit", _moment(row, "closed_at")))
    book.ledger(person, [(kind, price, purchase_id, at) for kind, at in lines])


def offer_price(row: Row) -> int:
    """Read the price of a purchase row."""
    price = row["price"]
    if not isinstance(price, int):
        raise TypeError("a price is a whole number of rupiah")
    return price


def _tell_api(book: Book, person: Person, offer: Offer, row: Row, redeem_code: str | None) -> None:
    book.tables["api_payments"].append(
        {
            **{
                "invoice_code": row["invoice_code"],
                "transaction_code": row["transaction_code"],
                "amount": row["price"],
            },
            "status": "VOID" if row["state"] in ("refunded", "cancelling") else "SUCCESS",
            **{"created_at": row["paid_at"], "prakerja_name": person.name, "redeem_code": redeem_code},
            **{"course_code": offer.course_id, "schedule_code": offer.schedule_code, "redeem_at": row["redeemed_at"]},
            **{"completed_at": row["completed_at"], "dp_platform": PLATFORMS[offer.platform_id][0]},
            "course_type": offer.course_type,
        }
    )
