"""Payout accounts and incentives: four months of job search, three surveys, after the first finished training."""

from datetime import datetime, timedelta

from simulator.programme import wording
from simulator.programme.book import Book, Person
from simulator.programme.moment import NOW
from simulator.programme.tables import Row

JOB_SEARCH, SURVEY = 600_000, 50_000
MONTH = timedelta(days=30)
PARTNERS = ("bni", "ovo", "gopay", "linkaja")


def account(book: Book, person: Person, partner_id: str, status: str, at: datetime, **more: str | bool | None) -> None:
    """Write a payout account; an e-wallet is premium unless told otherwise."""
    row: Row = {
        **{"participant_id": person.participant_id, "partner_id": partner_id, "status": status, "checked_at": at},
        **{"last4": f"{book.random.randrange(10**4):04d}", "nik_matches": True},
        **{"kyc": "none" if partner_id == "bni" else "premium", "linked_at": at if status != "not_linked" else None},
    }
    book.add("payout_accounts", "account_id", "Y", row | more)


def incentives(book: Book, person: Person, partner_id: str | None, first: datetime | None) -> None:
    """Write all seven incentives as they stand on the day of the rehearsal.

    Args:
        book: where the rows go.
        person: whose incentives.
        partner_id: where they are paid to, if anywhere.
        first: when the first job-search incentive was or will be paid; None while a condition is open.
    """
    for sequence in range(1, 5):
        at = first + (sequence - 1) * MONTH if first else None
        _by_date(book, person, "job_search", sequence, partner_id, at, "sertifikat atau ulasan belum ada")
    for sequence in range(1, 4):
        # a survey opens after each job-search payment and is paid when filled, which not everybody does
        at = first + (sequence - 1) * MONTH + timedelta(days=12) if first else None
        filled = at is not None and at < NOW and book.random.random() < 0.8
        _by_date(book, person, "survey", sequence, partner_id, at if filled else None, "survei belum diisi")


def incentive(book: Book, person: Person, kind: str, sequence: int, status: str, **more: datetime | str | None) -> None:
    """Write one incentive row."""
    amount = JOB_SEARCH if kind == "job_search" else SURVEY
    row: Row = {"participant_id": person.participant_id, "kind": kind, "sequence": sequence}
    book.add("incentives", "incentive_id", "N", row | {"amount": amount, "status": status} | more)


def _by_date(
    book: Book, person: Person, kind: str, sequence: int, partner_id: str | None, at: datetime | None, missing: str
) -> None:
    if at is None or partner_id is None:
        reason = missing if at is None else "rekening belum tersambung"
        incentive(book, person, kind, sequence, "conditions_not_met", reason=reason)
    elif at > NOW:
        incentive(book, person, kind, sequence, "scheduled", scheduled_for=at, partner_id=partner_id)
    elif at > NOW - timedelta(days=4):
        incentive(book, person, kind, sequence, "processing", scheduled_for=at, partner_id=partner_id)
    elif book.random.random() < 0.04:
        reason = book.random.choice(wording.INCENTIVE_FAILURES)
        incentive(book, person, kind, sequence, "failed", scheduled_for=at, partner_id=partner_id, reason=reason)
    else:
        paid = at + timedelta(days=3)
        incentive(book, person, kind, sequence, "paid", scheduled_for=at, paid_at=paid, partner_id=partner_id)
