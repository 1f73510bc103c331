"""The thousands: invented participants whose records stand in every state there is.

Who they are and how they registered stands here; what recipients did afterwards stands in stories.py.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from simulator.programme import wording
from simulator.programme.book import Book, Person
from simulator.programme.moment import NOW, wib
from simulator.programme.partners import WAVES
from simulator.programme.stories import tell_story

DAY = timedelta(days=1)
EDUCATION = ("sd", "smp", "sma", "sma", "sma", "diploma", "sarjana")
type Progress = Callable[[int, int], None]


def add_crowd(book: Book, count: int, progress: Progress) -> None:
    """Add this many invented participants."""
    for number in range(count):
        _add_one(book)
        if number % 500 == 499:
            progress(number + 1, count)
    progress(count, count)


def _add_one(book: Book) -> None:
    random = book.random
    woman = random.random() < 0.5
    first = random.choice(wording.FIRST_NAMES_WOMEN if woman else wording.FIRST_NAMES_MEN)
    last = random.choice(wording.LAST_NAMES)
    born = date(1960, 1, 1) + timedelta(days=random.randrange(15_300))
    status = random.choices(("verified", "new", "blocked"), (92, 6, 2))[0]
    wave = random.choices((None, 1, 2, 3, 4), (38, 7, 12, 11, 32))[0] if status == "verified" else None
    number = len(book.tables["participants"]) + 1
    person = book.participant(
        f"{first} {last}",
        woman=woman,
        born=born,
        email=f"{first}.{last}{number}@peserta.example".lower(),
        education=random.choice(EDUCATION),
        account_status=status,
        registered_at=_registered(book, wave),
        recipient_wave=wave,
        **_verification(book, status),
    )
    since, decided = _recipient_since(book, wave) if wave else (None, None)
    if status == "verified":
        _apply(book, person, wave, since if since != decided else None)
    if wave and since:
        tell_story(book, person, wave, since)
    if status == "verified" and random.random() < 0.4:
        book.bind(person, random.choice(("telegram", "telegram", "whatsapp")), NOW - 2 * DAY * random.random())


def _verification(book: Book, status: str) -> dict[str, bool]:
    if status != "new":
        return {}
    steps = ("email_verified", "ktp_verified", "nik_kk_verified", "face_verified")
    reached = book.random.randrange(4)
    return {step: position < reached for position, step in enumerate(steps)}


def _registered(book: Book, wave: int | None) -> datetime:
    latest = WAVES[wave][0]["closes_at"] if wave else NOW
    start = wib(2020, 4, 11, 8)
    if not isinstance(latest, datetime):
        raise TypeError("a wave closes at a moment")
    return start + (latest - start) * book.random.random()


def _apply(book: Book, person: Person, wave: int | None, late: datetime | None) -> None:
    random = book.random
    last = wave or 5
    for earlier in range(max(1, last - random.randrange(3)), last):
        reason = random.choice(wording.NOT_SELECTED_REASONS)
        book.applied(person, earlier, "not_selected", reason=reason)
    if wave:
        note = "penetapan susulan setelah verifikasi data" if late else ""
        book.applied(person, wave, "selected", decided=late, reason=note)
    elif random.random() < 0.7:
        book.applied(person, 5, "joined")


def _recipient_since(book: Book, wave: int) -> tuple[datetime, datetime]:
    """Give when this one was declared a recipient, and when the wave was decided."""
    decided = WAVES[wave][0]["decided_at"]
    if not isinstance(decided, datetime):
        raise TypeError(f"wave {wave} is undecided")
    if wave < 4 and book.random.random() < 0.08:
        # declared late, after their data was verified: their thirty days end around the incident
        return wib(2020, 7, 20, 12) + timedelta(days=book.random.randrange(17)), decided
    return decided, decided
