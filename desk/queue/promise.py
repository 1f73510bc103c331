"""When a promise is in danger: one rule, as a condition for the database and for a case in hand."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, and_, func

from records.models import Ticket


class Promised(Protocol):
    """What the rule reads of a case."""

    @property
    def opened_at(self) -> datetime:
        """When it began."""

    @property
    def promised_at(self) -> datetime:
        """Until when a person answers."""

    @property
    def first_reply_at(self) -> datetime | None:
        """When one did."""

    @property
    def resolved_at(self) -> datetime | None:
        """When it was closed."""


def in_danger(now: datetime) -> ColumnElement[bool]:
    """Match unanswered cases whose promise has a quarter of its time left, or none; see `promise_state`."""
    return and_(
        Ticket.status != "resolved",
        Ticket.first_reply_at.is_(None),
        func.extract("epoch", Ticket.promised_at - now) * 4
        <= func.extract("epoch", Ticket.promised_at - Ticket.opened_at),
    )


def promise_state(case: Promised, now: datetime) -> str:
    """Return kept, late, broken, endangered or safe: the rule of `in_danger` for one case in hand."""
    answered = case.first_reply_at or case.resolved_at
    if answered:
        return "kept" if answered <= case.promised_at else "late"
    if now >= case.promised_at:
        return "broken"
    quarter = (case.promised_at - case.opened_at) / 4
    return "endangered" if case.promised_at - quarter <= now else "safe"
