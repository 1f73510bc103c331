"""What stands in the way of a purchase: each guard by name, and what nobody could ask stays open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.buying import Buying, Guard, Hindrance, failing, hindrances
from registry.facts import Card, Course, Offer, Organisation, Participant, Purchase
from registry.interface import Absent, Answer, CouldNotAsk, Known
from tests.conftest import OPENING

TOMORROW = OPENING + timedelta(days=1)


def known[T](value: T) -> Answer[T]:
    return Known(value, "uji", OPENING, 1.0)


ABSENT = Absent("uji", OPENING, 1.0)
AWAY = CouldNotAsk("uji", "tidak menjawab", 1000.0)
HERE = Offer("tokopedia", "Tokopedia", 300_000, "JDW", TOMORROW, 20)
COURSE = Course("K1", "Barista Pemula", "Akademi Tunas", "webinar", "active", False, None, (HERE,))
CARD = Card("0001", "active", date(2020, 8, 13), None, None, None, 1_000_000, 0)
SITI = Participant("P1", "Siti", "…01", "s…", "verified", True, True, True, True, 4, 1990, "sma")
TOKOPEDIA = Organisation("tokopedia", "Tokopedia", "platform", date(2020, 4, 11), None, None, "uji")
NOBODY_ELSE = Organisation("sisnaker", "Sisnaker", "platform", date(2020, 4, 11), None, None, "uji")
LEFT = replace(TOKOPEDIA, valid_to=date(2020, 8, 24))
FINE = Buying(OPENING, COURSE, "tokopedia", known((TOKOPEDIA,)), known(CARD), known(SITI), ABSENT)


def bought(state: str) -> Answer[tuple[Purchase, ...]]:
    moments: dict[str, Any] = dict.fromkeys(
        ("paid_at", "code_issued_at", "redeemed_at", "class_starts_at", "completed_at")
    )
    one = Purchase(
        *("B1", "tokopedia", "Tokopedia", "K2", "Desain", "Akademi Tunas", False, state, 300_000, None, None, None),
        created_at=OPENING,
        **moments,
    )
    return known((one,))


def course(**more: Any) -> Course:
    return replace(COURSE, **more)


def offered(*offers: Offer) -> Course:
    return course(offers=offers)


def test_nothing_stands_in_the_way_of_a_fine_purchase() -> None:
    assert hindrances(FINE) == ()


IN_THE_WAY: dict[str, tuple[dict[str, Any], Guard]] = {
    "revoked card": ({"card": known(replace(CARD, status="revoked"))}, Guard.CARD_ACTIVE),
    "no card at all": ({"card": ABSENT}, Guard.CARD_ACTIVE),
    "withdrawn course": ({"course": course(status="withdrawn")}, Guard.COURSE_ON_SALE),
    "suspended course": ({"course": course(status="suspended")}, Guard.COURSE_ON_SALE),
    "a bundle": ({"course": course(is_bundle=True, sell_until=date(2020, 6, 30))}, Guard.NO_BUNDLE),
    "a bundle without its last day": ({"course": course(is_bundle=True)}, Guard.NO_BUNDLE),
    "a withdrawn platform": ({"platforms": known((LEFT,))}, Guard.PLATFORM_ACTIVE),
    "no platform": ({"platforms": known((NOBODY_ELSE,))}, Guard.PLATFORM_ACTIVE),
    "sold elsewhere": ({"course": offered(replace(HERE, platform_id="sisnaker"))}, Guard.SOLD_HERE),
    "sold nowhere": ({"course": offered()}, Guard.SOLD_HERE),
    "full": ({"course": offered(replace(HERE, quota_left=0))}, Guard.SEATS_LEFT),
    "begun": ({"course": offered(replace(HERE, starts_at=OPENING))}, Guard.BEFORE_START),
    "too young": ({"course": course(min_age=40)}, Guard.OLD_ENOUGH),
    "too little schooling": ({"course": course(min_education="diploma")}, Guard.EDUCATED_ENOUGH),
    "price above the balance": ({"card": known(replace(CARD, available_balance=299_999))}, Guard.ENOUGH_BALANCE),
    "second training while the first is unfinished": ({"purchases": bought("redeemed")}, Guard.NOTHING_UNFINISHED),
}


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_the_failing_guard_is_named_and_no_other(kind: str) -> None:
    change, guard = IN_THE_WAY[kind]
    (hindrance,) = [it for it in hindrances(replace(FINE, **change)) if it.known]
    assert hindrance.guard is guard


NOT_ASKED: dict[str, tuple[dict[str, Any], set[Guard]]] = {
    "card away": ({"card": AWAY}, {Guard.CARD_ACTIVE, Guard.ENOUGH_BALANCE}),
    "purchases away": ({"purchases": AWAY}, {Guard.NOTHING_UNFINISHED}),
    "platforms away": ({"platforms": AWAY}, {Guard.PLATFORM_ACTIVE}),
    "no platform named": ({"platform_id": None}, {Guard.PLATFORM_ACTIVE}),
    "nobody bound": (
        {"card": None, "participant": None, "purchases": None},
        {Guard.CARD_ACTIVE, Guard.ENOUGH_BALANCE, Guard.NOTHING_UNFINISHED},
    ),
    "participant away and an age asked for": (
        {"participant": AWAY, "course": course(min_age=18)},
        {Guard.OLD_ENOUGH},
    ),
    "participant away and schooling asked for": (
        {"participant": AWAY, "course": course(min_education="sma")},
        {Guard.EDUCATED_ENOUGH},
    ),
    "birthday this year": ({"course": course(min_age=30)}, {Guard.OLD_ENOUGH}),
    "course unknown": (
        {"course": None},
        set(Guard) - {Guard.CARD_ACTIVE, Guard.PLATFORM_ACTIVE, Guard.NOTHING_UNFINISHED},
    ),
}


@pytest.mark.parametrize("kind", NOT_ASKED)
def test_what_nobody_could_ask_neither_passes_nor_fails(kind: str) -> None:
    change, guards = NOT_ASKED[kind]
    assert set(hindrances(replace(FINE, **change))) == {Hindrance(guard, known=False) for guard in guards}


STILL_FINE: dict[str, dict[str, Any]] = {
    "a bundle on its last day": {
        "course": course(is_bundle=True, sell_until=date(2020, 6, 30)),
        "now": datetime(2020, 6, 30, 16, 59, tzinfo=UTC),
    },
    "price exactly the balance": {"card": known(replace(CARD, available_balance=300_000))},
    "its own hold is not counted against it": {
        "card": known(replace(CARD, available_balance=100_000, open_holds=300_000)),
        "held": 300_000,
    },
    "one full schedule beside an open one": {"course": offered(replace(HERE, quota_left=0), HERE)},
    "one begun schedule beside an open one": {"course": offered(replace(HERE, starts_at=OPENING), HERE)},
    "no schedule": {"course": offered(replace(HERE, starts_at=None, quota_left=None))},
    "the first is finished": {"purchases": bought("completed")},
    "an attempt that failed": {"purchases": bought("failed")},
    "a second training in 2022": {"purchases": bought("redeemed"), "now": datetime(2022, 1, 1, tzinfo=UTC)},
    "exactly the schooling": {"course": course(min_education="sma")},
    "old enough": {"course": course(min_age=18)},
}


@pytest.mark.parametrize("kind", STILL_FINE)
def test_what_is_allowed_is_not_in_the_way(kind: str) -> None:
    change = STILL_FINE[kind]
    if "now" in change:
        change = {**change, "course": replace(change.get("course", COURSE), offers=(replace(HERE, starts_at=None),))}
    assert hindrances(replace(FINE, **change)) == ()


def test_several_hindrances_come_in_telling_order() -> None:
    poor = known(replace(CARD, status="revoked", available_balance=0))
    assert failing(replace(FINE, card=poor, course=course(status="suspended"))) == (
        *(Guard.CARD_ACTIVE, Guard.COURSE_ON_SALE),
        Guard.ENOUGH_BALANCE,
    )


def test_every_guard_can_stand_in_the_way() -> None:
    assert {guard for _, guard in IN_THE_WAY.values()} == set(Guard)
