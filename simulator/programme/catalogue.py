"""Institutions, courses and offers: what can, could and can no longer be bought.

Offers in the past exist because people bought them; offers to come are what a participant sees today.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulator.programme import wording
from simulator.programme.moment import BUNDLE_END, NOW, PROGRAMME_START, wib
from simulator.programme.partners import PLATFORMS
from simulator.programme.tables import Row

INSTITUTIONS, COURSES = 165, 2_120
SELLING = tuple(PLATFORMS)


@dataclass(frozen=True)
class Offer:
    """One course on one platform with one schedule."""

    course_id: str
    platform_id: str
    price: int
    schedule_code: str
    starts_at: datetime | None
    ends_at: datetime | None
    course_type: str = "webinar"


@dataclass
class Catalogue:
    """The rows of the catalogue, and the offers people draw from."""

    institutions: list[Row] = field(default_factory=list)
    roles: list[Row] = field(default_factory=list)
    courses: list[Row] = field(default_factory=list)
    offers: list[Row] = field(default_factory=list)
    past: list[Offer] = field(default_factory=list)
    coming: list[Offer] = field(default_factory=list)
    bundles: list[Offer] = field(default_factory=list)

    def course(self, title: str, institution_id: str, **more: Any) -> str:
        """Add a course and give its code."""
        course_id = f"K{len(self.courses) + 1:05d}"
        row: Row = {"course_id": course_id, "title": title, "institution_id": institution_id}
        row |= {"category": "Lainnya", "type": "webinar", "status": "active", "is_bundle": False}
        self.courses.append(row | more)
        return course_id

    def offer(
        self,
        course_id: str,
        platform_id: str,
        price: int,
        starts_at: datetime | None,
        *,
        quota: int = 100,
        days: int = 3,
    ) -> Offer:
        """Put a course on sale at a platform."""
        code = f"JDW-{len(self.offers) + 1:06d}"
        ends_at = starts_at + timedelta(days=days) if starts_at else None
        kind = str(self.courses[int(course_id[1:]) - 1]["type"])
        made = Offer(course_id, platform_id, price, code, starts_at, ends_at, kind)
        self.offers.append(
            {
                **{"offer_id": f"F{len(self.offers) + 1:06d}", "course_id": course_id, "platform_id": platform_id},
                **{"price": price, "schedule_code": code, "starts_at": starts_at, "ends_at": ends_at, "quota": quota},
            }
        )
        return made


def build_catalogue(random: Random) -> Catalogue:
    """Make the institutions and the courses nobody in particular bought."""
    catalogue = Catalogue()
    _add_institutions(catalogue, random)
    for title, category in _titles(random):
        _add_course(catalogue, random, title, category)
    for number in range(60):
        _add_bundle(catalogue, random, number)
    catalogue.past.sort(key=lambda offer: offer.starts_at or NOW)
    return catalogue


def _add_institutions(catalogue: Catalogue, random: Random) -> None:
    names = [f"{kind} {name}" for name in wording.INSTITUTION_NAMES for kind in wording.INSTITUTION_KINDS]
    random.shuffle(names)
    rows: list[tuple[str, str, tuple[str, ...]]] = [
        ("ruangguru", "Skill Academy by Ruangguru", ("skill academy", "ruangguru"))
    ]
    rows += [(f"L{number:03d}", name, ()) for number, name in enumerate(names[: INSTITUTIONS - 1], 1)]
    for key, name, aliases in rows:
        city = "Jakarta" if key == "ruangguru" else random.choice(wording.CITIES)
        catalogue.institutions.append({"institution_id": key, "name": name, "aliases": aliases, "city": city})
        source = "Bongkah.id, 4 Sep 2020" if key == "ruangguru" else "gladi"
        catalogue.roles.append(
            {
                **{"role_id": f"R-{key}-institution", "organisation_id": key, "kind": "institution"},
                **{"valid_from": PROGRAMME_START, "source": source},
            }
        )


def _titles(random: Random) -> list[tuple[str, str]]:
    pairs = [
        (f"{subject} {level}", category)
        for category, subjects in wording.SUBJECTS.items()
        for subject in subjects
        for level in wording.LEVELS
    ]
    random.shuffle(pairs)
    return (pairs * 3)[:COURSES]


def _add_course(catalogue: Catalogue, random: Random, title: str, category: str) -> None:
    fate = random.random()
    status = "suspended" if fate < 0.05 else "withdrawn" if fate < 0.09 else "active"
    notes = {"suspended": wording.SUSPENDED_NOTES, "withdrawn": wording.WITHDRAWN_NOTES}.get(status)
    kind = random.choices(("webinar", "self_paced", "offline"), (55, 38, 7))[0]
    course_id = catalogue.course(
        title,
        str(random.choice(catalogue.institutions)["institution_id"]),
        category=category,
        type=kind,
        status=status,
        min_age=21 if random.random() < 0.02 else None,
        min_education=random.choice(("sma", "diploma")) if random.random() < 0.05 else None,
        status_note=random.choice(notes) if notes else None,
    )
    price = random.randrange(150, 950, 25) * 1000
    for platform in random.sample(SELLING, random.choice((1, 1, 2, 2, 3))):
        if random.random() < 0.5:
            catalogue.past.append(catalogue.offer(course_id, platform, price, _start(random, -118, -1), quota=0))
        if status == "active":
            starts = None if kind == "self_paced" else _start(random, 1, 45)
            quota = 0 if random.random() < 0.06 else random.randrange(1, 300)
            coming = catalogue.offer(course_id, platform, price, starts, quota=quota)
            if quota:
                catalogue.coming.append(coming)


def _start(random: Random, first_day: int, last_day: int) -> datetime:
    day = NOW + timedelta(days=random.randint(first_day, last_day))
    return day.replace(hour=random.choice((8, 9, 13, 15, 19)))


def _add_bundle(catalogue: Catalogue, random: Random, number: int) -> None:
    category = random.choice(list(wording.SUBJECTS))
    subjects = random.sample(wording.SUBJECTS[category], 2)
    course_id = catalogue.course(
        f"Paket {subjects[0]} dan {subjects[1]}",
        str(random.choice(catalogue.institutions)["institution_id"]),
        category=category,
        is_bundle=True,
        sell_until=BUNDLE_END,
        status_note="penjualan paket bundling dihentikan sejak 30 Jun 2020",
    )
    starts = wib(2020, 5, 20, 9) + timedelta(days=number % 40)
    price = random.randrange(500, 1000, 50) * 1000
    catalogue.bundles.append(catalogue.offer(course_id, random.choice(SELLING), price, starts, quota=0, days=14))
