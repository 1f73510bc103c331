"""What the programme's API knows, read from the rehearsal tables whenever they change."""

from dataclasses import dataclass, field
from pathlib import Path

from simulator.programme.tables import read_table

type Record = dict[str, str]


@dataclass
class Truth:
    """Payments by invoice and by redeem code, quotas by course and schedule."""

    by_invoice: dict[str, Record] = field(default_factory=dict)
    by_code: dict[str, Record] = field(default_factory=dict)
    offers: dict[tuple[str, str], Record] = field(default_factory=dict)
    courses: dict[str, Record] = field(default_factory=dict)


class TruthFile:
    """Keeps the truth in memory and reads the tables again when they are written anew."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stamp, self._truth = folder, 0, Truth()

    def __call__(self) -> Truth | None:
        """Give the truth, or nothing while the programme is not generated."""
        try:
            # people.json is written last: once it is new, every table is
            stamp = (self._folder / "people.json").stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if stamp != self._stamp:
            payments = read_table(self._folder, "api_payments")
            offers = read_table(self._folder, "offers")
            self._truth = Truth(
                {row["invoice_code"]: row for row in payments},
                {row["redeem_code"]: row for row in payments if row["redeem_code"]},
                {(row["course_id"], row["schedule_code"]): row for row in offers},
                {row["course_id"]: row for row in read_table(self._folder, "courses")},
            )
            self._stamp = stamp
        return self._truth
