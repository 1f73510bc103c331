"""What the programme's API knows: the rehearsal tables, read whenever they change, and what happened since.

What happens is a journal record (a payment as it stands after an act), so a killed simulator knows it again. Tables
written anew begin a new story: what happened before belongs to the old one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from simulator.journal import Journal
from simulator.programme.tables import read_table

type Record = dict[str, str]


@dataclass
class Truth:
    """Payments by invoice and by redeem code, schedules with their seats, and who may buy."""

    folder: Path
    by_invoice: dict[str, Record] = field(default_factory=dict)
    by_code: dict[str, Record] = field(default_factory=dict)
    offers: dict[tuple[str, str], Record] = field(default_factory=dict)
    courses: dict[str, Record] = field(default_factory=dict)
    handed_over: frozenset[str] = frozenset()
    """Invoices of the tables: their seats are taken off the quota already."""

    def know(self, payment: Record) -> None:
        """Take in a payment as it stands now."""
        self.by_invoice[payment["invoice_code"]] = payment
        if payment["redeem_code"]:
            self.by_code[payment["redeem_code"]] = payment

    def seats(self, offer: Record) -> int:
        """Count the seats a schedule has left."""
        place = (offer["course_id"], offer["schedule_code"])
        return int(offer["quota"]) - sum((it["course_code"], it["schedule_code"]) == place for it in self._new())

    @cached_property
    def participants(self) -> dict[str, Record]:
        """Who is registered."""
        return {row["participant_id"]: row for row in read_table(self.folder, "participants")}

    def _new(self) -> Iterator[Record]:
        for invoice, payment in self.by_invoice.items():
            if invoice not in self.handed_over and payment["status"] == "SUCCESS":
                yield payment


class TruthFile:
    """Keeps the truth in memory and reads the tables again when they are written anew."""

    def __init__(self, folder: Path, journal: Journal | None = None) -> None:
        self._folder, self._stamp, self._truth = folder, 0, Truth(folder)
        self._journal = journal or Journal()
        self._since: dict[str, tuple[int, Record]] = {}
        self._journal.on("payment", self._happened)
        self._journal.on_reset(self._forget)

    def __call__(self) -> Truth | None:
        """Give the truth, or nothing while the programme is not generated."""
        try:
            # people.json is written last: once it is new, every table is
            stamp = (self._folder / "people.json").stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if stamp != self._stamp:
            self._truth = _read(self._folder)
            self._stamp = stamp
            for told, payment in self._since.values():
                if told == stamp:
                    self._truth.know(payment)
        return self._truth

    def keep(self, payment: Record) -> None:
        """Write down a payment as it stands after an act."""
        self._journal.record("payment", self._stamp, payment)

    def _happened(self, stamp: int, payment: Record) -> None:
        self._since[payment["invoice_code"]] = (stamp, payment)
        if stamp == self._stamp:
            self._truth.know(payment)

    def _forget(self) -> None:
        self._since.clear()
        self._stamp = 0


def _read(folder: Path) -> Truth:
    payments, offers = read_table(folder, "api_payments"), read_table(folder, "offers")
    return Truth(
        folder,
        {row["invoice_code"]: row for row in payments},
        {row["redeem_code"]: row for row in payments if row["redeem_code"]},
        {(row["course_id"], row["schedule_code"]): row for row in offers},
        {row["course_id"]: row for row in read_table(folder, "courses")},
        frozenset(row["invoice_code"] for row in payments),
    )
