"""A table of conversations to take away, with columns of a list's own beside those that every such table has."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records.clock import wib
from records.database import ReadSession
from trends.exporting.chosen import Chosen
from trends.exporting.columns import CONVERSATION, Column
from trends.exporting.conversations import ConversationRow
from trends.exporting.pouring import Part, Table, conversations

KNOWN: Mapping[str, Column[ConversationRow]] = {column.heading: column for column in CONVERSATION}


@dataclass(frozen=True, slots=True)
class Beside[Own]:
    """A row of every such table, and what its list knows of it."""

    row: ConversationRow
    own: Own


type Reading[Own] = Callable[[ReadSession, Sequence[ConversationRow]], Awaitable[Sequence[Own]]]
"""Returns what the list knows of each of these rows, in their order."""


def beside[Own](
    name: str, chosen: Chosen, now: datetime, columns: Sequence[Column[Beside[Own]]], own: Reading[Own]
) -> Table:
    """Return the table of these conversations with these columns."""
    every = conversations(chosen, now)

    async def parts(session: ReadSession) -> AsyncGenerator[Part]:
        async with aclosing(every.parts(session)) as told:
            async for rows in told:
                known = await own(session, rows)
                yield [Beside(row, more) for row, more in zip(rows, known, strict=True)]

    return Table(name, columns, every.keys, parts)


def as_ever(*headings: str, without: Sequence[str] = ()) -> list[Column[Beside[Any]]]:
    """Return these columns of every such table, or all but some of them."""
    wanted = headings or [heading for heading in KNOWN if heading not in without]
    return [_lifted(KNOWN[heading]) for heading in wanted]


def read_at(at: datetime | None) -> datetime | None:
    """Return the moment as read in Jakarta, to the minute and without a zone, as spreadsheets have it."""
    return wib(at).replace(tzinfo=None, second=0, microsecond=0) if at else None


def _lifted(column: Column[ConversationRow]) -> Column[Beside[Any]]:
    return Column(column.heading, lambda it: column.of(it.row), column.width, column.meaning)
