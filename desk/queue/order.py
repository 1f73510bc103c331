"""The orders of the queue, and how a page begins after the last line of the one before it.

A place in an order is the key values of a line, as text: whatever opens or closes meanwhile, no line is shown twice
and none is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, SQLColumnExpression, cast, func, literal, tuple_

from desk.queue.lines import Line
from desk.queue.tabs import INCIDENT, RESOLVED
from records.models import Ticket

PARTED = "~"
NEVER = "infinity"
TIME = DateTime(timezone=True)


@dataclass(frozen=True)
class Key:
    """One column of an order, its value in a line as text, and the value a text stands for."""

    column: SQLColumnExpression[Any]
    of: Callable[[Line], str]
    value: Callable[[str], Any]


@dataclass(frozen=True)
class Order:
    """An order: its keys, all of them upwards or all downwards; the last one is unique."""

    keys: Sequence[Key]
    downwards: bool = False

    def by(self) -> list[SQLColumnExpression[Any]]:
        """Return what to sort by."""
        return [key.column.desc() if self.downwards else key.column for key in self.keys]

    def place(self, line: Line) -> str:
        """Return where this line stands."""
        return PARTED.join(key.of(line) for key in self.keys)

    def after(self, place: str) -> ColumnElement[bool] | None:
        """Match the lines after this place; None for a place that is none."""
        return self._beyond(place, after=True)

    def up_to(self, place: str) -> ColumnElement[bool] | None:
        """Match the lines before this place."""
        return self._beyond(place, after=False)

    def _beyond(self, place: str, *, after: bool) -> ColumnElement[bool] | None:
        parts = place.split(PARTED)
        if len(parts) != len(self.keys):
            return None
        try:
            values = [key.value(part) for key, part in zip(self.keys, parts, strict=True)]
        except ValueError:
            return None
        here, there = tuple_(*(key.column for key in self.keys)), tuple_(*values)
        return here > there if after != self.downwards else here < there


def _when(at: datetime | None) -> str:
    return at.isoformat() if at else NEVER


def _moment(text: str) -> Any:
    return cast(literal(NEVER), TIME) if text == NEVER else datetime.fromisoformat(text)


NUMBER = Key(Ticket.number, lambda it: it.number, str)
PROMISED = (
    Key(Ticket.first_reply_at.is_not(None), lambda it: str(int(bool(it.first_reply_at))), lambda text: bool(int(text))),
    Key(Ticket.promised_at, lambda it: _when(it.promised_at), _moment),
    NUMBER,
)
WAITED = func.coalesce(Ticket.waiting_since, cast(literal(NEVER), TIME))
WAITING = (Key(WAITED, lambda it: _when(it.waiting_since), _moment), NUMBER)
OPENED = (Key(Ticket.opened_at, lambda it: _when(it.opened_at), _moment), NUMBER)
CLOSED = (Key(Ticket.resolved_at, lambda it: _when(it.resolved_at), _moment), NUMBER)
INCIDENTS = Key(Ticket.incident_id, lambda it: it.incident_id or "", str)
PROMISE, LONGEST, NEWEST = "janji", "menunggu", "terbaru"
ORDERS = {PROMISE: "Janji paling dekat", LONGEST: "Menunggu paling lama", NEWEST: "Terbaru"}


def order_of(tab: str, chosen: str) -> Order:
    """Return the order of a tab; cases of an incident stand together, resolved ones newest first."""
    if tab == RESOLVED:
        return Order(CLOSED, downwards=True)
    if chosen == NEWEST and tab != INCIDENT:
        return Order(OPENED, downwards=True)
    keys = WAITING if chosen == LONGEST else PROMISED
    return Order((INCIDENTS, *keys) if tab == INCIDENT else keys)
