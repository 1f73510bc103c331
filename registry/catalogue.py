"""The catalogue's titles in memory, searched by likeness: people misspell, shorten and add words.

Loaded on the first search and again after an import; a search looks whether there was one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ARRAY, String, any_, bindparam, func, select

from registry.asking import NeverLoaded, Tables
from registry.facts import Course, Offer
from registry.questions import Row, among, wib_day
from registry.tables import CourseRow, LoadedFileRow, OfferRow, OrganisationRow

FILES = ("courses", "offers")
LEAST_LIKENESS = 60.0
PART_WEIGHT = 0.84
"""A title that holds every word asked for, and more, is a candidate and never a sure hit."""
ASKED_LIMIT = 160
REMEMBERED = 1_000
ASIDES = frozenset(
    (
        "kelas",
        "pelatihan",
        "kursus",
        "training",
        "kartu",
        "prakerja",
        "paket",
        "bundling",
        "yang",
        "di",
        "tentang",
        "judul",
    )
)
_WORD = re.compile(r"[^\W_]+")

VERSION = select(
    func.min(LoadedFileRow.at).label("at"),
    func.max(LoadedFileRow.run_id).label("run_id"),
    func.count().label("files"),
).where(among(LoadedFileRow.file, FILES))
TITLES = select(CourseRow.code, CourseRow.title, CourseRow.status).order_by(CourseRow.code)
SOLD_AT = select(OfferRow.course_code, OfferRow.platform_id).distinct()

_institution = OrganisationRow.__table__.alias("institution")
_platform = OrganisationRow.__table__.alias("platform")
COURSES = (
    select(
        CourseRow.__table__,
        func.coalesce(_institution.c.institution_name, _institution.c.platform_name).label("institution_name"),
        OfferRow.platform_id,
        func.coalesce(_platform.c.platform_name, _platform.c.institution_name).label("platform_name"),
        OfferRow.price,
        OfferRow.schedule_code,
        OfferRow.starts_at,
        OfferRow.ends_at,
        OfferRow.quota_left,
    )
    .join(_institution, _institution.c.id == CourseRow.institution_id)
    .outerjoin(OfferRow, OfferRow.course_code == CourseRow.code)
    .outerjoin(_platform, _platform.c.id == OfferRow.platform_id)
    .where(CourseRow.code == any_(bindparam("codes", type_=ARRAY(String))))
)


@dataclass(frozen=True)
class Titles:
    """The titles of one import run."""

    run_id: int
    codes: list[str]
    plain: list[str]
    active: list[bool]
    platforms: Mapping[str, frozenset[str]]

    def like(self, asked: str, platform_id: str | None, limit: int) -> dict[str, float]:
        """Return the codes of the likest titles with their likeness, best first.

        Of courses with the same title those that the platform sells stand for all; a title it does not sell is no less
        real and stays.
        """
        plain = plain_title(asked[:ASKED_LIMIT])
        if not plain:
            return {}
        likeness = dict(_scores(plain, self.plain, fuzz.ratio, LEAST_LIKENESS))
        for index, part in _scores(plain, self.plain, fuzz.token_set_ratio, LEAST_LIKENESS / PART_WEIGHT):
            likeness[index] = max(likeness.get(index, 0.0), part * PART_WEIGHT)

        def here(index: int) -> bool:
            return platform_id is None or platform_id in self.platforms.get(self.codes[index], frozenset())

        def rank(index: int) -> tuple[float, bool, str]:
            return -likeness[index], not self.active[index], self.codes[index]

        sold_here = {self.plain[index] for index in likeness if here(index)}
        fitting = (index for index in likeness if here(index) or self.plain[index] not in sold_here)
        best = sorted(fitting, key=rank)[:limit]
        return {self.codes[index]: round(likeness[index], 1) for index in best}


class Catalogue:
    """Searches courses by title."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._titles: Titles | None = None
        self._likened: dict[tuple[str, str | None, int], dict[str, float]] = {}

    async def find(
        self, title: str, platform_id: str | None, limit: int, now: datetime
    ) -> tuple[tuple[Course, ...] | None, datetime]:
        """Return the courses whose title fits, or None, and how old the catalogue is."""
        (version,) = await self._tables.rows(VERSION)
        if version["files"] < len(FILES):
            raise NeverLoaded(FILES)
        if self._titles is None or self._titles.run_id != version["run_id"]:
            self._titles = await self._load(version["run_id"])
            self._likened.clear()
        likeness = self._like(self._titles, title, platform_id, limit)
        if not likeness:
            return None, version["at"]
        rows = await self._tables.rows(COURSES, {"codes": list(likeness)})
        return tuple(_course(code, match, rows, platform_id, now) for code, match in likeness.items()), version["at"]

    def _like(self, titles: Titles, title: str, platform_id: str | None, limit: int) -> dict[str, float]:
        """Compare with every title, or remember: within a turn the form and the check ask for the same one."""
        asked = (title[:ASKED_LIMIT], platform_id, limit)
        if asked not in self._likened:
            if len(self._likened) >= REMEMBERED:
                self._likened.clear()
            self._likened[asked] = titles.like(*asked)
        return self._likened[asked]

    async def _load(self, run_id: int) -> Titles:
        rows = await self._tables.rows(TITLES)
        sold: dict[str, set[str]] = {}
        for row in await self._tables.rows(SOLD_AT):
            sold.setdefault(row["course_code"], set()).add(row["platform_id"])
        return Titles(
            run_id,
            [row["code"] for row in rows],
            [plain_title(row["title"]) for row in rows],
            [row["status"] == "active" for row in rows],
            {code: frozenset(platforms) for code, platforms in sold.items()},
        )


def plain_title(title: str) -> str:
    """Return the words that tell titles apart, lower-case, in alphabetical order."""
    words = _WORD.findall(title.lower())
    return " ".join(sorted(word for word in words if word not in ASIDES) or sorted(words))


def _scores(asked: str, titles: list[str], scorer: Any, least: float) -> list[tuple[int, float]]:
    found = process.extract(asked, titles, scorer=scorer, processor=None, limit=None, score_cutoff=least)
    return [(index, score) for _, score, index in found]


def _course(code: str, match: float, rows: Sequence[Row], platform_id: str | None, now: datetime) -> Course:
    mine = [row for row in rows if row["code"] == code]
    offers = [_offer(row) for row in mine if row["platform_id"] is not None]

    def rank(offer: Offer) -> tuple[bool, bool, bool, float]:
        begins = offer.starts_at.timestamp() if offer.starts_at else 0.0
        begun = offer.starts_at is not None and offer.starts_at <= now
        return offer.platform_id != platform_id, begun, offer.quota_left == 0, begins

    first = mine[0]
    return Course(
        code=code,
        title=first["title"],
        institution_name=first["institution_name"],
        type=first["type"],
        status=first["status"],
        is_bundle=first["is_bundle"],
        sell_until=wib_day(first["sell_until"]),
        offers=tuple(sorted(offers, key=rank)),
        match=match,
        min_age=first["min_age"],
        min_education=first["min_education"],
        status_note=first["status_note"],
    )


def _offer(row: Row) -> Offer:
    return Offer(
        platform_id=row["platform_id"],
        platform_name=row["platform_name"],
        price=row["price"],
        schedule_code=row["schedule_code"],
        starts_at=row["starts_at"],
        quota_left=row["quota_left"],
        ends_at=row["ends_at"],
    )
