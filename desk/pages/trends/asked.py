"""What an address of the trends asks for: a range of WIB days and filters that combine; and the address of either."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from desk.office import Office, office_of
from desk.pages.trends.places import PLACES, Place
from desk.pages.trends.words import span
from desk.paper import query
from records.clock import wib
from trends.names import Names, names
from trends.within import MOST_DAYS, Within

TheOffice = Annotated[Office, Depends(office_of)]
Word = Annotated[str, Query(max_length=60)]

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)
"""Beyond which a range makes no sense."""
FILTERS = {
    "intent": "keluhan",
    "platform": "platform",
    "channel": "kanal",
    "institution": "lembaga",
    "partner": "mitra",
    "wave": "gelombang",
    "province": "provinsi",
}
"""The name of each filter in an address."""
FILTER_LABELS = {
    "intent": "Keluhan",
    "platform": "Platform",
    "channel": "Kanal",
    "institution": "Lembaga",
    "partner": "Mitra bayar",
    "wave": "Gelombang",
    "province": "Provinsi",
}


@dataclass(frozen=True)
class Preset:
    """A range one reaches with one press."""

    name: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter of the form."""

    name: str
    label: str
    options: dict[str, str]
    chosen: str | None
    without: str
    """The same page without it."""

    @property
    def said(self) -> str:
        """What is chosen, in words."""
        return self.options.get(self.chosen or "", self.chosen or "")


class Asked:
    """The range and filters of the address; a range that makes no sense becomes the default, and says so."""

    def __init__(self, request: Request, office: Office, names: Names, dari: str, sampai: str) -> None:
        self.today = wib(office.clock()).date()
        self.path = request.url.path
        self.names = names
        usual = Within.last_days(office.clock)
        first, last = _day(dari) or usual.first, _day(sampai) or usual.last
        self.problem = _problem(dari, sampai, first, last)
        if self.problem:
            first, last = usual.first, usual.last
        said = {by: request.query_params.get(name, "").replace("\0", "")[:60] or None for by, name in FILTERS.items()}
        self.within = Within(first, last, **said)

    @property
    def said(self) -> str:
        """The range in words."""
        return span(self.within.first, self.within.last)

    @property
    def query(self) -> str:
        """The range and filters as they stand in an address."""
        return address(self.within)

    @property
    def unfiltered(self) -> str:
        """The range alone, as it stands in an address."""
        return address(Within(self.within.first, self.within.last))

    def places_of(self, may: Callable[[str], bool]) -> list[Place]:
        """Return the pages of the trends that one may see."""
        return [place for place in PLACES if may(place.route)]

    @property
    def presets(self) -> list[Preset]:
        """The ranges offered, with the same filters, on the page one is at."""
        today = self.today
        starts = {
            "Hari ini": today,
            **{f"{days} hari": today - timedelta(days=days - 1) for days in (7, 30, 90)},
            "Bulan ini": today.replace(day=1),
            "Tahun ini": date(today.year, 1, 1),
        }
        return [self._preset(name, first, today) for name, first in starts.items()]

    @property
    def filters(self) -> list[Filter]:
        """What the form offers."""
        return [self._filter(by) for by in FILTERS]

    @property
    def chosen(self) -> list[Filter]:
        """The filters that are set."""
        return [each for each in self.filters if each.chosen]

    def _filter(self, by: str) -> Filter:
        nothing: dict[str, Any] = {by: None}
        without = self.path + address(replace(self.within, **nothing))
        chosen, offered = getattr(self.within, by), self.names.offered(by)
        if chosen and chosen not in offered:
            offered = {**offered, chosen: self.names(by, chosen)}
        return Filter(FILTERS[by], FILTER_LABELS[by], offered, chosen, without)

    def _preset(self, name: str, first: date, last: date) -> Preset:
        chosen = replace(self.within, first=first, last=last)
        return Preset(name, self.path + address(chosen), chosen == self.within)


async def asked_for(request: Request, office: TheOffice, dari: Word = "", sampai: Word = "") -> Asked:
    """Read what an address asks for, with the names of all that can be filtered by."""
    async with office.database.read() as session:
        return Asked(request, office, await names(session), dari, sampai)


TheQuestion = Annotated[Asked, Depends(asked_for)]


def address(within: Within, **more: str | int | None) -> str:
    """Return the query string of a range and its filters."""
    return _range(within) + query(**more).replace("?", "&", 1)


@lru_cache
def _range(within: Within) -> str:
    # a page of figures says the same range hundreds of times
    filters = {name: getattr(within, by) for by, name in FILTERS.items()}
    return query(dari=within.first.isoformat(), sampai=within.last.isoformat(), **filters)


def rows_at(within: Within, **more: str | int | None) -> str:
    """Return where the rows behind a figure are."""
    return "/tren/baris" + address(within, **more)


def file_at(within: Within, by: str) -> str:
    """Return where the table of a figure is, as a file."""
    return "/tren/unduh" + address(within, by=by)


def _problem(dari: str, sampai: str, first: date, last: date) -> str | None:
    senseless = (dari and not _day(dari)) or (sampai and not _day(sampai)) or first > last
    if senseless or first < FIRST_DAY or last > LAST_DAY:
        return "Rentang tanggalnya tidak masuk akal, jadi ditampilkan tujuh hari terakhir."
    if (last - first).days >= MOST_DAYS:
        return f"Rentang paling panjang {MOST_DAYS} hari, jadi ditampilkan tujuh hari terakhir."
    return None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
