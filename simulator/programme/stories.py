"""What became of a recipient: one story each, so that every state of the machine is somewhere."""

from bisect import bisect_left
from datetime import datetime, timedelta

from simulator.programme import wording
from simulator.programme.book import TRAINING_AMOUNT, Book, Person
from simulator.programme.catalogue import Offer
from simulator.programme.moment import BUNDLE_END, NOW, first_purchase_due
from simulator.programme.payouts import PARTNERS, account, incentives
from simulator.programme.purchasing import buy

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
EARLY = {
    **{"completed": 50, "bundle": 7, "again": 14, "in_progress": 4, "redeemed": 2, "code_issued": 2},
    **{"code_expired": 3, "forfeited": 2, "refunded": 3, "cancelling": 1, "nothing": 12},
}
LATE = {
    **{"nothing": 40, "failed": 14, "expired": 5, "selected": 3, "awaiting_payment": 3, "paid_without_code": 2},
    **{"code_issued": 14, "redeemed": 5, "in_progress": 6, "completed": 5, "cancelling": 1, "refunded": 2},
}
JUST_NOW = ("selected", "awaiting_payment")
PAST = ("completed", "again", "code_expired", "forfeited")


def tell_story(book: Book, person: Person, wave: int, since: datetime) -> None:
    """Choose and write one recipient's story."""
    choices = EARLY if wave < 4 else LATE
    story = book.random.choices(tuple(choices), tuple(choices.values()))[0]
    state = "completed" if story in ("bundle", "again") else story
    first = _first_offer(book, story, since, wave)
    if first is None:
        _nothing_bought(book, person, since)
        return
    book.card(person, since)
    finished = state in PAST or wave < 4
    _buy(book, person, first, state if state in PAST or wave == 4 else "completed", since)
    if story in ("failed", "expired") and book.random.random() < 0.5:
        _buy(book, person, first, state, since + DAY)
    if finished and book.tables["purchases"][-1]["state"] == "completed":
        _afterwards(book, person, first)
        # a second training only after the first is finished: the rule of 2020 and 2021
        second = _second_offer(book, story, first)
        if second:
            _buy(book, person, second, state, first.ends_at or NOW)


def _first_offer(book: Book, story: str, since: datetime, wave: int) -> Offer | None:
    """Find what was bought first, within the thirty days."""
    if story == "nothing":
        return None
    if story == "bundle":
        fit = [o for o in book.catalogue.bundles if o.starts_at and since + 3 * DAY < o.starts_at < since + 30 * DAY]
        return book.random.choice(fit) if fit else None
    if story in PAST or wave < 4:
        return _past_offer(book, since + 2 * DAY, min(NOW - 4 * DAY, since + 30 * DAY))
    return _coming_offer(book, story, TRAINING_AMOUNT)


def _second_offer(book: Book, story: str, first: Offer) -> Offer | None:
    left = TRAINING_AMOUNT - first.price
    if story == "again":
        return _past_offer(book, (first.ends_at or NOW) + 2 * DAY, NOW - 4 * DAY, left)
    return None if story in (*PAST, "bundle") else _coming_offer(book, story, left)


def _coming_offer(book: Book, story: str, most: int) -> Offer | None:
    started = story in ("redeemed", "in_progress")
    for offer in book.random.choices(book.catalogue.coming, k=60):
        if offer.price <= most and (offer.course_type == "self_paced" or not started):
            return offer
    return None


def _past_offer(book: Book, after: datetime, before: datetime, most: int = TRAINING_AMOUNT) -> Offer | None:
    past = book.catalogue.past
    low = bisect_left(past, after, key=lambda offer: offer.starts_at or NOW)
    high = bisect_left(past, before, key=lambda offer: offer.starts_at or NOW)
    for _ in range(20 if high > low else 0):
        offer = past[book.random.randrange(low, high)]
        if offer.price <= most:
            return offer
    return None


def _buy(book: Book, person: Person, offer: Offer, state: str, since: datetime) -> None:
    random = book.random
    reason, closed, completed = None, None, None
    if state in JUST_NOW:
        at = NOW - (3 + random.randrange(45)) * MINUTE
    elif offer.starts_at and offer.starts_at < NOW:
        at = max(since + HOUR, offer.starts_at - (1 + random.randrange(9)) * DAY)
        at = min(at, BUNDLE_END) if offer in book.catalogue.bundles else at
    else:
        at = since + 2 * HOUR + (NOW - since - 30 * HOUR) * random.random()
    if state == "completed":
        completed = offer.ends_at
    if state in ("code_expired", "forfeited"):
        closed = (offer.ends_at or NOW) + HOUR
        reason = "kode tidak ditukar sampai kelas berakhir"
    elif state in ("refunded", "cancelling"):
        closed = at + 20 * HOUR if state == "refunded" else None
        reason = "kelas dibatalkan lembaga pelatihan"
    elif state == "failed":
        closed, reason = at + 4 * MINUTE, random.choice(wording.ATTEMPT_FAILURES)
    elif state == "expired":
        closed, reason = at + HOUR, "OTP tidak dimasukkan sampai batas waktu"
    more = {"closed_at": closed, "failure_reason": reason, "completed_at": completed}
    if completed:
        more |= _certified(book, completed)
    buy(book, person, offer, state, at, **more)


def _certified(book: Book, completed: datetime) -> dict[str, datetime | str | None]:
    certificate = completed + (2 + book.random.randrange(10)) * DAY
    rated = certificate + book.random.randrange(1, 60) * HOUR
    return {
        "certificate_at": certificate if certificate < NOW and book.random.random() < 0.95 else None,
        "rated_at": rated if rated < NOW and book.random.random() < 0.9 else None,
    }


def _afterwards(book: Book, person: Person, offer: Offer) -> None:
    random = book.random
    last = book.tables["purchases"][-1]
    partner = random.choice(PARTNERS) if random.random() < 0.93 else None
    if partner:
        status = random.choices(("linked", "failed", "unlinked"), (90, 7, 3))[0]
        reason = "NIK tidak sesuai dengan data mitra" if status == "failed" else None
        at = min((offer.ends_at or NOW) + DAY, NOW)
        account(book, person, partner, status, at, reason=reason, nik_matches=status != "failed")
        partner = partner if status == "linked" else None
    rated = last["rated_at"] if last["certificate_at"] else None
    incentives(book, person, partner, rated + 10 * DAY if isinstance(rated, datetime) else None)


def _nothing_bought(book: Book, person: Person, since: datetime) -> None:
    due = first_purchase_due(since)
    if due > NOW:
        book.card(person, since, "active" if book.random.random() < 0.93 else "inactive")
        return
    revoked = min(due + (1 + book.random.randrange(20)) * HOUR, NOW - HOUR)
    reason = "tidak membeli pelatihan pertama dalam 30 hari"
    book.card(person, since, "revoked", revoked_at=revoked, reason=reason)
    book.ledger(person, [("forfeit", TRAINING_AMOUNT, None, revoked)], note=reason)
