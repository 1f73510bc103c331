"""Which conversations an export holds, and in which order: as the list on the screen has them.

A choice is one statement with the columns of a key; everything else about a conversation is read for a few at a time
(`trends.exporting.conversations`), so that memory stays the same however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnClause,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    String,
    Uuid,
    cast,
    column,
    func,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.types import NullType

from records.clock import midnight
from records.models import Turn
from trends.within import Within, counted_intent, platform_key

EVER, NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


KEY: tuple[ColumnClause[Any], ...] = (
    column("conversation_id", Uuid),
    column("ticket_id", Uuid),
    column("turn_id", Uuid),
    column("first_at", DateTime(timezone=True)),
    column("last_at", DateTime(timezone=True)),
    column("written", Integer),
    column("intents", ARRAY(String)),
    column("platforms", ARRAY(String)),
)
"""The columns of a choice, for one that is written as text."""


@dataclass(frozen=True)
class Chosen:
    """Conversations in their order, and the time whose messages and cases count."""

    keys: Select[*tuple[Any, ...]]
    """Columns: conversation_id, ticket_id (none: the latest case of that time), turn_id (the message that says what
    became of it, or none), first_at, last_at, written, intents, platforms."""
    since: datetime = EVER
    until: datetime = NEVER


def complaining(within: Within, where: ColumnElement[bool] | None = None) -> Chosen:
    """Return the conversations with complaints of the range and filters, whose last one is newest first.

    Args:
        within: The range and filters.
        where: What stands in place of their complaints, where a list is of other messages.
    """
    last, newest = func.max(Turn.created_at), _latest(Turn.id)
    keys = (
        select(
            Turn.conversation_id,
            cast(null(), Uuid).label("ticket_id"),
            newest.label("turn_id"),
            func.min(Turn.created_at).label("first_at"),
            last.label("last_at"),
            func.count().label("written"),
            _each(counted_intent).label("intents"),
            _each(platform_key).label("platforms"),
        )
        .where(within.complaints() if where is None else where)
        .group_by(Turn.conversation_id)
        .order_by(last.desc(), newest)
    )
    return Chosen(keys, midnight(within.first), midnight(within.last, after=True))


def _each(column: ColumnElement[Any]) -> ColumnElement[Sequence[str]]:
    # of no type: psycopg gives a list anyway, and SQLAlchemy would look at every entry of it again
    return func.array_agg(column.distinct(), type_=NullType())


def _latest(column: Any) -> ColumnElement[Any]:
    newest_first = aggregate_order_by(column, Turn.created_at.desc(), Turn.id)
    return func.array_agg(newest_first, type_=ARRAY(Uuid))[1]
