"""Counting complaints by one thing: the bars of every picture come from here, so all of them count alike."""

from dataclasses import dataclass

from records.database import ReadSession
from trends.conversations import conversations
from trends.sums import sums
from trends.within import Within


@dataclass(frozen=True)
class Bar:
    """One bar: its key, the messages it counts, and in how many conversations they were written."""

    key: str
    messages: int
    conversations: int | None = None
    """None where it is not counted: over so many messages it would take too long, or some of them are gone."""


async def counted(session: ReadSession, within: Within, by: str) -> list[Bar]:
    """Return one bar for each value of a dimension, most messages first; days in order, quiet ones with zero."""
    found = await sums(session, within)
    if by == "day":
        messages = {day.isoformat(): found.days[day] for day in within.days}
    else:
        messages = dict(sorted(found.keys(by).items(), key=lambda it: (-it[1], it[0])))
    chats = await conversations(session, within)
    return [Bar(key, number, chats.of(by, key, number)) for key, number in messages.items()]
