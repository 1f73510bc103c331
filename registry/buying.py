"""What stands in the way of a purchase: the guards before a payment may be asked for, over facts that may be missing.

A fact that could not be asked leaves its guard open: it neither passes nor fails, and says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from records.clock import wib
from registry.facts import Card, Course, Offer, Organisation, Participant, Purchase
from registry.interface import Absent, Answer, Known
from registry.tables.states import EDUCATIONS

BUNDLES_SOLD_UNTIL = date(2020, 6, 30)
UNFINISHED = ("paid_without_code", "code_issued", "redeemed", "in_progress")
ONE_AT_A_TIME_UNTIL = date(2021, 12, 31)
"""The rule of 2020 and 2021: no second training while the first is unfinished."""


class Guard(StrEnum):
    """The conditions of buying, in the order in which one would tell them."""

    CARD_ACTIVE = "card_active"
    COURSE_ON_SALE = "course_on_sale"
    NO_BUNDLE = "no_bundle"
    PLATFORM_ACTIVE = "platform_active"
    SOLD_HERE = "sold_here"
    SEATS_LEFT = "seats_left"
    BEFORE_START = "before_start"
    OLD_ENOUGH = "old_enough"
    EDUCATED_ENOUGH = "educated_enough"
    ENOUGH_BALANCE = "enough_balance"
    NOTHING_UNFINISHED = "nothing_unfinished"


@dataclass(frozen=True)
class Hindrance:
    """A guard that fails, or that nobody could look at."""

    guard: Guard
    known: bool
    """False: a fact was missing, so nothing is said either way."""


@dataclass(frozen=True)
class Buying:
    """The facts of one intended purchase, as the sources answered; None was not asked or is not known.

    `held` is what an open hold of the very purchase already reserves of the balance.
    """

    now: datetime
    course: Course | None = None
    platform_id: str | None = None
    platforms: Answer[tuple[Organisation, ...]] | None = None
    card: Answer[Card] | None = None
    participant: Answer[Participant] | None = None
    purchases: Answer[tuple[Purchase, ...]] | None = None
    held: int = 0

    @property
    def offers(self) -> list[Offer]:
        """The course's offers where the person buys; of every platform, where none is named."""
        offers = self.course.offers if self.course else ()
        return [offer for offer in offers if self.platform_id in (None, offer.platform_id)]


def hindrances(buying: Buying) -> tuple[Hindrance, ...]:
    """Return every guard that does not hold for sure, in telling order; none means nothing stands in the way."""
    looked = ((guard, holds(buying)) for guard, holds in GUARDS.items())
    return tuple(Hindrance(guard, holds is not None) for guard, holds in looked if holds is not True)


def failing(buying: Buying) -> tuple[Guard, ...]:
    """Return the guards that fail for sure."""
    return tuple(it.guard for it in hindrances(buying) if it.known)


def bundle_stopped(course: Course, now: datetime) -> bool:
    """Say whether this is a package that may no longer be sold."""
    return course.is_bundle and wib(now).date() > (course.sell_until or BUNDLES_SOLD_UNTIL)


def is_open(offer: Offer, now: datetime) -> bool:
    """Say whether an offer has seats and has not begun."""
    return has_seats(offer) and not has_begun(offer, now)


def has_seats(offer: Offer) -> bool:
    """Say whether an offer has seats; no known limit counts as seats."""
    return offer.quota_left != 0


def has_begun(offer: Offer, now: datetime) -> bool:
    """Say whether the class of an offer has begun; one without a schedule never begins."""
    return offer.starts_at is not None and offer.starts_at <= now


def _card_active(it: Buying) -> bool | None:
    if isinstance(it.card, Absent):
        return False
    return it.card.value.status == "active" if isinstance(it.card, Known) else None


def _course_on_sale(it: Buying) -> bool | None:
    return it.course.status == "active" if it.course else None


def _no_bundle(it: Buying) -> bool | None:
    return not bundle_stopped(it.course, it.now) if it.course else None


def _platform_active(it: Buying) -> bool | None:
    if it.platform_id is None or not isinstance(it.platforms, Known | Absent):
        return None
    today = wib(it.now).date()
    platforms = it.platforms.value if isinstance(it.platforms, Known) else ()
    mine = [role for role in platforms if role.id == it.platform_id and role.role == "platform"]
    return any(role.valid_from <= today and (role.valid_to is None or today < role.valid_to) for role in mine)


def _sold_here(it: Buying) -> bool | None:
    return bool(it.offers) if it.course else None


def _before_start(it: Buying) -> bool | None:
    """Of a course that is not sold here nothing is said; else one offer that has not begun is enough."""
    if it.course is None:
        return None
    return not it.offers or not all(has_begun(offer, it.now) for offer in it.offers)


def _seats_left(it: Buying) -> bool | None:
    if it.course is None:
        return None
    coming = [offer for offer in it.offers if not has_begun(offer, it.now)]
    return not coming or any(has_seats(offer) for offer in coming)


def _old_enough(it: Buying) -> bool | None:
    """Only the year of birth is known: in the year of the birthday nobody can say."""
    if it.course is None or it.course.min_age is None:
        return True if it.course else None
    born = it.participant.value.birth_year if isinstance(it.participant, Known) else None
    turns = wib(it.now).year - born if born else it.course.min_age
    return None if turns == it.course.min_age else turns > it.course.min_age


def _educated_enough(it: Buying) -> bool | None:
    if it.course is None or it.course.min_education is None:
        return True if it.course else None
    education = it.participant.value.education if isinstance(it.participant, Known) else None
    return EDUCATIONS.index(education) >= EDUCATIONS.index(it.course.min_education) if education else None


def _enough_balance(it: Buying) -> bool | None:
    """Compare the cheapest offer that can be had, or where none can, the cheapest of all."""
    if it.course is None or not isinstance(it.card, Known):
        return None
    prices = [offer.price for offer in it.offers if is_open(offer, it.now)] or [offer.price for offer in it.offers]
    return min(prices, default=0) <= it.card.value.available_balance + it.held


def _nothing_unfinished(it: Buying) -> bool | None:
    if isinstance(it.purchases, Absent) or wib(it.now).date() > ONE_AT_A_TIME_UNTIL:
        return True
    if not isinstance(it.purchases, Known):
        return None
    return not any(bought.state in UNFINISHED for bought in it.purchases.value)


GUARDS: dict[Guard, Callable[[Buying], bool | None]] = {
    Guard.CARD_ACTIVE: _card_active,
    Guard.COURSE_ON_SALE: _course_on_sale,
    Guard.NO_BUNDLE: _no_bundle,
    Guard.PLATFORM_ACTIVE: _platform_active,
    Guard.SOLD_HERE: _sold_here,
    Guard.SEATS_LEFT: _seats_left,
    Guard.BEFORE_START: _before_start,
    Guard.OLD_ENOUGH: _old_enough,
    Guard.EDUCATED_ENOUGH: _educated_enough,
    Guard.ENOUGH_BALANCE: _enough_balance,
    Guard.NOTHING_UNFINISHED: _nothing_unfinished,
}
