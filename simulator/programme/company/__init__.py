"""The wider company of named participants: a situation each that the nine do not have, told as in named.py."""

from collections.abc import Callable

from simulator.programme.book import Book, Person
from simulator.programme.company import account, buying, learning
from simulator.programme.named import Named, enrol

type Story = Callable[[Book, Person], None]

COMPANY: tuple[tuple[Named, Story], ...] = (*account.CAST, *buying.CAST, *learning.CAST)


def add_company(book: Book) -> dict[str, Person]:
    """Write everybody of the company."""
    company: dict[str, Person] = {}
    for who, tell in COMPANY:
        phone = str(book.tables["participants"][company[who.phone_of].number - 1]["phone"]) if who.phone_of else None
        person = company[who.key] = enrol(book, who, phone)
        tell(book, person)
    return company
