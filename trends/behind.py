"""The rows behind a figure that is not simply "all complaints of a bar": a kind of message, an hour, a conversation.

Whatever a page counts, `how_many` says it from the counts and `newest` shows it from the rows; of what is no longer
kept, only the count is left.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from records.database import ReadSession
from records.models import Turn
from trends.conversations import ALL, conversations
from trends.newest import newest_days
from trends.rows import ComplaintRow, told
from trends.sums import sums
from trends.total import HANDED_OVER
from trends.within import DIALOGUE, NOT_UNDERSTOOD, OFF_TOPIC, Within, counted_intent

COMPLAINTS, CHATS = "complaints", "conversations"
KINDS: dict[str, ColumnElement[bool]] = {
    "dialogue": counted_intent.in_(DIALOGUE),
    "off_topic": counted_intent.in_(OFF_TOPIC),
    "not_understood": counted_intent.in_(NOT_UNDERSTOOD),
    "not_read": counted_intent.is_(None),
}
"""Messages that are no complaints, by why they are none."""
DAYS_APART = 40
"""So few days are looked at one by one: of something rare they may lie far apart."""
SPARE = 1.5
"""What is no complaint of its own is not spread over the days quite as all complaints are."""
A_CHAT, FURTHER = 3, 8
"""Complaints looked at for a conversation at first, and how many times more where that was too few."""
OF = (COMPLAINTS, CHATS, HANDED_OVER, *KINDS)
"""What a figure may be of."""


@dataclass(frozen=True)
class Behind:
    """What one figure counts."""

    within: Within
    of: str = COMPLAINTS
    weekday: int | None = None
    """0 is Monday."""
    hour: int | None = None

    def rows(self) -> ColumnElement[bool]:
        """Match exactly the messages it counts; of a conversation, its newest complaint."""
        if self.of == CHATS:
            latest = (
                select(Turn.id).where(self._matching()).order_by(Turn.conversation_id, Turn.created_at.desc(), Turn.id)
            )
            return Turn.id.in_(latest.ext(distinct_on(Turn.conversation_id)).correlate(None))
        return self._matching()

    def _matching(self) -> ColumnElement[bool]:
        moment = func.timezone("Asia/Jakarta", Turn.created_at)
        of = [and_(self.within.messages(), KINDS[self.of]) if self.of in KINDS else self.within.complaints()]
        if self.of == HANDED_OVER:
            of.append(Turn.outcome == HANDED_OVER)
        if self.weekday is not None:
            of.append(func.extract("isodow", moment) == self.weekday + 1)
        if self.hour is not None:
            of.append(func.extract("hour", moment) == self.hour)
        return and_(*of)


async def how_many(session: ReadSession, behind: Behind) -> int | None:
    """Return the figure, from the counts; none where it is not counted."""
    if behind.of == CHATS or (behind.of != COMPLAINTS and (behind.weekday, behind.hour) != (None, None)):
        return await _looked_up(session, behind)
    found = await sums(session, behind.within)
    if behind.of in KINDS:
        return found.kinds[behind.of]
    if behind.of == HANDED_OVER:
        return found.keys("outcome").get(HANDED_OVER, 0)
    return sum(
        messages
        for (weekday, hour), messages in found.hours.items()
        if behind.weekday in (None, weekday) and behind.hour in (None, hour)
    )


async def newest(session: ReadSession, behind: Behind, *, limit: int = 100, offset: int = 0) -> list[ComplaintRow]:
    """Return the rows, newest first.

    The counts say on which days they must be, so that few of a year's messages are looked at; where that was too few,
    all of the range is.
    """
    if behind.of == CHATS:
        return await _chats(session, behind, limit, offset)
    many = await how_many(session, behind)
    if not many:
        return []
    days = await _days_of(session, behind, offset + limit, many)
    if days:
        near = replace(behind, within=replace(behind.within, first=days[-1]))
        rows = await _rows(session, and_(near.rows(), _on(days)), limit, offset)
        if len(rows) >= min(limit, many - offset):
            return rows
    return await _rows(session, behind.rows(), limit, offset)


async def _chats(session: ReadSession, behind: Behind, limit: int, offset: int) -> list[ComplaintRow]:
    """Return the newest conversations: found among the newest complaints, further back only as long as too few are.

    The newest complaint of a conversation is the same, whatever lies before it.
    """
    wanted = (offset + limit) * A_CHAT
    while True:
        near = replace(behind, within=await newest_days(session, behind.within, wanted))
        rows = await _rows(session, near.rows(), limit, offset)
        if len(rows) == limit or near == behind:
            return rows
        wanted *= FURTHER


async def _rows(session: ReadSession, where: ColumnElement[bool], limit: int, offset: int) -> list[ComplaintRow]:
    found = await session.execute(told(where).limit(limit).offset(offset))
    return [ComplaintRow(*tuple(row)) for row in found]


async def _days_of(session: ReadSession, behind: Behind, wanted: int, many: int) -> list[date]:
    """Return the newest days that should hold so many of the rows, newest first; none where none are known."""
    found, plain = await sums(session, behind.within), behind == Behind(behind.within)
    if not found.complaints:
        return []
    enough = min(wanted, many) * found.complaints / many * (1 if plain else SPARE)
    days, seen = [], 0
    for day in reversed(behind.within.days):
        seen += found.days[day]
        if found.days[day] or not plain:
            days.append(day)
        if seen >= enough:
            break
    return days


def _on(days: list[date]) -> ColumnElement[bool]:
    """Match the messages of these days; of all from the first to the last where they are many, or none is left out."""
    if len(days) <= min(DAYS_APART, (days[0] - days[-1]).days):
        return or_(*(Within(day, day).messages() for day in days))
    return Within(days[-1], days[0]).messages()


async def _looked_up(session: ReadSession, behind: Behind) -> int | None:
    if behind.of == CHATS and (behind.weekday, behind.hour) == (None, None):
        all_of_them = (await sums(session, behind.within)).complaints
        return (await conversations(session, behind.within)).of(ALL, "", all_of_them)
    return await session.scalar(select(func.count()).select_from(Turn).where(behind.rows())) or 0
