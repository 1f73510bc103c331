"""Which class is meant by the few words people use for it."""

from dataclasses import replace

from checks import course
from checks.situation import Situation
from registry.facts import Course, Offer
from tests.checks.facts import NOW, known

OFFER = Offer("sisnaker", "Sisnaker", 400_000, None, None, None)
GRAPHICS = Course(
    "K-DG",
    "Desain Grafis Dasar",
    "Balai Karya",
    "self_paced",
    "active",
    is_bundle=False,
    sell_until=None,
    offers=(OFFER,),
)
INTERIOR = replace(GRAPHICS, code="K-DI", title="Desain Interior Praktis")


def said_of(likeness: float, other: float) -> str | None:
    courses = known((replace(GRAPHICS, match=likeness), replace(INTERIOR, match=other)))
    found = course.check(
        Situation("package_not_found", NOW, course="desain grafis", platform="sisnaker", courses=courses)
    )
    return found.advice if found else None


def test_half_a_title_is_enough_where_no_other_comes_near() -> None:
    assert said_of(84.0, 64.0) == "course_active_here"


def test_two_titles_that_are_nearly_as_like_are_both_named() -> None:
    assert said_of(84.0, 80.0) == "course_candidates"


def test_a_faint_likeness_is_only_a_candidate() -> None:
    assert said_of(70.0, 61.0) == "course_candidates"
