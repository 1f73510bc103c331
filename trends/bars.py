"""Counting complaints by one thing: the bars of every picture come from here, so all of them count alike."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, distinct, func, select

from records.database import ReadSession
from records.models import Turn
from trends.within import Within


@dataclass(frozen=True)
class Bar:
    """One bar: its key, the messages it counts, and in how many conversations they were written."""

    key: str
    messages: int
    conversations: int


async def counted(session: ReadSession, within: Within, by: ColumnElement[Any] | Any) -> list[Bar]:
    """Return one bar for each value of `by`, most messages first."""
    messages = func.count()
    rows = await session.execute(
        select(by.label("key"), messages, func.count(distinct(Turn.conversation_id)))
        .where(within.complaints())
        .group_by(by)
        .order_by(messages.desc(), by)
    )
    return [Bar(str(key), total, people) for key, total, people in rows]
