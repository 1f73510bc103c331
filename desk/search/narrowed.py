"""What a search is narrowed to besides its words, and from where on it goes."""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from records.clock import WIB

LONGEST = 19
FAR = datetime(9999, 1, 1, tzinfo=WIB)
AUTHORS = {"participant": "Peserta", "agent": "Petugas", "bot": "Bot", "system": "Sistem"}
STATUSES = {"open": "Belum diambil", "claimed": "Sedang ditangani", "resolved": "Selesai"}


@dataclass(frozen=True)
class Place:
    """Where a page of results ended: the next one begins after it, whatever came meanwhile."""

    at: datetime
    id: str

    def __str__(self) -> str:
        said = f"{self.at.isoformat()} {self.id}"
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @property
    def number(self) -> int:
        """The id, of a message's position."""
        return int(self.id) if self.id.isdigit() and len(self.id) < LONGEST else 0

    @property
    def uuid(self) -> UUID:
        """The id, of anything else."""
        try:
            return UUID(self.id)
        except ValueError:
            return UUID(int=0)

    @staticmethod
    def read(said: str) -> "Place | None":
        """Return the place an address names; None for anything else."""
        try:
            plain = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode()
            at, _, key = plain.partition(" ")
            moment = datetime.fromisoformat(at)
        except (ValueError, binascii.Error):
            return None
        return Place(moment, key) if key and moment.tzinfo else None


@dataclass(frozen=True)
class Narrowed:
    """Empty values narrow nothing."""

    since: date | None = None
    until: date | None = None
    """The last day that counts, in WIB."""
    channel: str = ""
    author: str = ""
    """Of messages; nothing else is looked for then."""
    status: str = ""
    """Of the case."""
    after: Place | None = None

    @property
    def first(self) -> datetime | None:
        """The first moment that counts."""
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=WIB) if self.since else None

    @property
    def end(self) -> datetime:
        """The first moment that counts no more."""
        if self.until is None:
            return FAR
        return datetime(self.until.year, self.until.month, self.until.day, tzinfo=WIB) + timedelta(days=1)

    def going_on(self, place: Place | None) -> "Narrowed":
        """Return the same, from a place on."""
        return replace(self, after=place)


def day(said: str) -> date | None:
    """Return the day an address names; None for anything else."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
