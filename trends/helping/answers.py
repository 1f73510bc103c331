"""How many complaints did the bot settle by itself, and how quickly did it answer?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from records.database import ReadSession
from records.models import AnswerCount, AnswerSeconds
from trends.helping.quantiles import Times, times_of
from trends.helping.span import pieces, untold
from trends.within import Within

BY = ("intent", "platform", "channel")


@dataclass(frozen=True)
class Answers:
    """Bot answers of one kind; every answer is good, returned, or cannot be known yet."""

    key: str
    answers: int = 0
    settled: int = 0
    returned: int = 0
    sent: int = 0
    """So many have a time."""

    @property
    def good(self) -> int:
        """Nobody came back within 72 hours."""
        return self.settled - self.returned

    @property
    def unknown(self) -> int:
        """The 72 hours are not over."""
        return self.answers - self.settled

    @property
    def share(self) -> float | None:
        """Of those that can be known, so many are answered for good."""
        return self.good / self.settled if self.settled else None


async def bot_answers(session: ReadSession, within: Within, by: str) -> list[Answers] | None:
    """Return bot answers by intent, platform or channel, most first; None where a filter does not let it be known."""
    if untold(within):
        return None
    it, key = AnswerCount, getattr(AnswerCount, by)
    sums = (func.sum(column) for column in (it.answers, it.settled, it.returned, it.sent))
    rows = await session.execute(select(key, *sums).where(_of(it, within)).group_by(key))
    found = [Answers(str(row[0]), *(int(value) for value in row[1:])) for row in rows]
    return sorted((one for one in found if one.answers), key=lambda one: (-one.answers, one.key))


def together(bars: list[Answers]) -> Answers:
    """Return all of them as one."""
    names = ("answers", "settled", "returned", "sent")
    return Answers("all", **{name: sum(getattr(bar, name) for bar in bars) for name in names})


async def bot_times(session: ReadSession, within: Within) -> Times | None:
    """Return how many seconds the bot's first words took; None where a filter does not let it be known."""
    if untold(within) or within.platform:
        return None
    it = AnswerSeconds
    number = func.sum(it.number)
    rows = await session.execute(select(it.seconds, number).where(_of(it, within)).group_by(it.seconds))
    return times_of((seconds, int(many)) for seconds, many in rows)


def _of(table: Any, within: Within) -> ColumnElement[bool]:
    cut = pieces(within)
    spans = [
        and_(table.grain == literal(grain), table.period.in_(periods))
        for grain, periods in (("month", cut.months), ("day", cut.days))
        if periods
    ]
    return and_(or_(*spans), *(getattr(table, by) == key for by, key in within.filters.items()))
