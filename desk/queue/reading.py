"""Reading the queue: a page of lines, lines that are shown already, what came meanwhile, and what each tab holds.

Keys are looked for first, in indexes that hold only what is unresolved; whole lines are read for one page of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, Uuid, and_, any_, func, literal, select

from desk.access import visible
from desk.queue.counting import resolved
from desk.queue.filter import Filter
from desk.queue.lines import Line, full_lines, line_of
from desk.queue.named import chats_of, number_in
from desk.queue.order import Order, order_of
from desk.queue.tabs import RESOLVED, UNRESOLVED, in_queue, in_tab
from desk.sessions import Person
from records.database import ReadSession
from records.models import Ticket

PAGE = 50


@dataclass(frozen=True)
class Question:
    """What is asked of the queue, by whom and when."""

    person: Person
    now: datetime
    tab: str
    filter: Filter
    chosen: str = ""
    """The order, by its key; empty: the promise that ends first."""
    chats: Sequence[UUID] | None = None
    """Conversations of people who are called as the filter says; None: it names nobody. See `named`."""

    @property
    def order(self) -> Order:
        """Return the order the lines stand in."""
        return order_of(self.tab, self.chosen)

    @property
    def readable(self) -> ColumnElement[bool]:
        """Match the cases whose words this person may read."""
        return visible(self.person)

    def holds(self, tab: str | None = None) -> ColumnElement[bool]:
        """Match what stands in the tab (or in another) under the filter."""
        return and_(self.all, in_tab(tab or self.tab, self.person, self.now))

    @property
    def all(self) -> ColumnElement[bool]:
        """Match what the filter leaves of this person's queue, whatever tab it stands in."""
        called: list[ColumnElement[bool]] = []
        if number := number_in(self.filter.words):
            called = [Ticket.number.like(f"{number}%")]
        elif self.chats is not None:
            called = [self.readable, Ticket.conversation_id == any_(literal(list(self.chats), ARRAY(Uuid)))]
        return and_(in_queue(self.person), self.filter.matches(self.now), *called)


async def named(session: ReadSession, asked: Question) -> Question:
    """Return the question with the chats of those it names; to be asked first, whatever is read then."""
    if not asked.filter.words or number_in(asked.filter.words):
        return asked
    return replace(asked, chats=await chats_of(session, asked.filter.words))


async def lines(session: ReadSession, asked: Question, *, after: str = "", limit: int = PAGE) -> list[Line]:
    """Return the lines of the tab after a place, in their order."""
    beyond = asked.order.after(after) if after else None
    found = select(Ticket.id).where(asked.holds(), *([] if beyond is None else [beyond]))
    keys = found.order_by(*asked.order.by()).limit(limit).subquery()
    rows = await session.execute(full_lines(keys, asked.readable).order_by(*asked.order.by()))
    return [line_of(row) for row in rows]


async def again(session: ReadSession, asked: Question, numbers: Sequence[str]) -> dict[str, Line]:
    """Return lines that are shown already as they are now, by number, whether or not they are still in the tab."""
    keys = select(Ticket.id).where(in_queue(asked.person), _one_of(numbers)).subquery()
    rows = await session.execute(full_lines(keys, asked.readable, asked.holds().label("still")))
    return {row.number: line_of(row) for row in rows}


async def came(session: ReadSession, asked: Question, shown: Sequence[str], up_to: str) -> int:
    """Return how many lines stand in the tab before a place (empty: anywhere) and are not shown."""
    before = asked.order.up_to(up_to) if up_to else None
    found = select(Ticket.id).where(asked.holds(), ~_one_of(shown))
    few = (found if before is None else found.where(before)).limit(PAGE).subquery()
    return await session.scalar(select(func.count()).select_from(few)) or 0


async def all_numbers(session: ReadSession, asked: Question, limit: int) -> list[str]:
    """Return the numbers of everything in the tab in its order, at most so many."""
    found = select(Ticket.number).where(asked.holds()).order_by(*asked.order.by()).limit(limit)
    return list(await session.scalars(found))


async def counts(session: ReadSession, asked: Question, tabs: Sequence[str]) -> dict[str, int]:
    """Return how many cases each of these tabs holds under the filter, in one question."""
    open_ones: list[ColumnElement[Any]] = [
        func.count().filter(in_tab(tab, asked.person, asked.now)).label(tab) for tab in tabs if tab != RESOLVED
    ]
    query = select(*open_ones, resolved(asked.person, asked.filter, asked.holds(RESOLVED)).label(RESOLVED))
    row = (await session.execute(query.select_from(Ticket).where(UNRESOLVED, asked.all))).one()
    return dict(row._mapping)


def _one_of(numbers: Sequence[str]) -> ColumnElement[bool]:
    return Ticket.number == any_(literal(list(numbers), ARRAY(String)))
