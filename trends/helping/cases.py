"""What became of the cases that were opened: answered, resolved, reopened, promises, ratings; those still open apart.

All of it is about the cases opened in the range, so that parts add up: every case is answered, still waits, or ended
otherwise (merged into another, erased), and the same of its resolution and of each promise.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, literal, select, union_all
from sqlalchemy import Integer as Whole
from sqlalchemy import String as Text
from sqlalchemy.sql.selectable import Subquery

from records.database import ReadSession
from records.models import CaseFact, CaseMonth, Ticket
from trends.helping.span import pieces, untold
from trends.within import Within

BY = ("team", "priority", "intent", "platform", "channel")
SCORES = (1, 2, 3, 4, 5)
SUMS = (
    *("cases", "answered", "unanswerable", "resolved", "ended", "reopened", "reopenings"),
    *("kept", "missed", "void", "asked", *(f"rated_{score}" for score in SCORES)),
)


@dataclass(frozen=True)
class Cases:
    """The cases of one kind."""

    key: str
    cases: int = 0
    answered: int = 0
    unanswerable: int = 0
    """Merged or erased before a person answered."""
    resolved: int = 0
    ended: int = 0
    """Merged or erased, unresolved."""
    reopened: int = 0
    reopenings: int = 0
    kept: int = 0
    missed: int = 0
    """Promises answered too late."""
    void: int = 0
    asked: int = 0
    rated_1: int = 0
    rated_2: int = 0
    rated_3: int = 0
    rated_4: int = 0
    rated_5: int = 0
    overdue: int = 0
    """Promises past their time that nobody has answered."""

    @property
    def waiting(self) -> int:
        """Cases no person has answered yet."""
        return self.cases - self.answered - self.unanswerable

    @property
    def open(self) -> int:
        """Cases that are not closed."""
        return self.cases - self.resolved - self.ended

    @property
    def promises(self) -> int:
        """One a case, and one a reopening."""
        return self.cases + self.reopenings

    @property
    def broken(self) -> int:
        """Missed, whether answered since or not."""
        return self.missed + self.overdue

    @property
    def running(self) -> int:
        """Promises whose time is not over."""
        return self.promises - self.kept - self.missed - self.void - self.overdue

    @property
    def kept_share(self) -> float | None:
        """Of the promises that are decided, so many were kept."""
        decided = self.kept + self.broken
        return self.kept / decided if decided else None

    @property
    def scores(self) -> dict[int, int]:
        """How many gave which score."""
        return {score: getattr(self, f"rated_{score}") for score in SCORES}

    @property
    def rated(self) -> int:
        """How many ratings there are."""
        return sum(self.scores.values())

    @property
    def mean(self) -> float | None:
        """The mean rating, which says little without its count and distribution."""
        return sum(score * number for score, number in self.scores.items()) / self.rated if self.rated else None

    @property
    def rated_share(self) -> float | None:
        """Of those asked, so many rated."""
        return self.rated / self.asked if self.asked else None


async def cases(session: ReadSession, within: Within, by: str, now: datetime) -> list[Cases] | None:
    """Return the cases by team, priority, intent, platform or channel, most first; None where it cannot be known."""
    if untold(within):
        return None
    counted = _counted(within, by)
    sums = [func.sum(counted.c[name]) for name in SUMS]
    rows = list(await session.execute(select(counted.c.key, *sums).group_by(counted.c.key)))
    late = {row[0]: int(row[1]) for row in await session.execute(_overdue(within, by, now))}
    found = []
    for row in rows:
        sums_of = {name: int(value) for name, value in zip(SUMS, row[1:], strict=True)}
        found.append(Cases(row[0], **sums_of, overdue=late.get(row[0], 0)))
    return sorted((one for one in found if one.cases), key=lambda one: (-one.cases, one.key))


def together(bars: list[Cases]) -> Cases:
    """Return all of them as one."""
    return Cases("all", **{name: sum(getattr(bar, name) for bar in bars) for name in (*SUMS, "overdue")})


def key_of(table: Any, by: str) -> ColumnElement[str]:
    """Return the column of a table that stands for a dimension, as text."""
    return cast(raw_key_of(table, by), Text)


def raw_key_of(table: Any, by: str) -> ColumnElement[Any]:
    """Return the same column as it is kept."""
    column: ColumnElement[Any] = table.team_id if by == "team" else getattr(table, by)
    return column


def filtered(table: Any, within: Within) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters on a table of cases."""
    return [getattr(table, by) == key for by, key in within.filters.items()]


def _counted(within: Within, by: str) -> Subquery:
    """Whole months from their sums, days at the edges from the cases themselves."""
    cut, fact = pieces(within), CaseFact
    parts = []
    if cut.months:
        month = CaseMonth
        columns = [getattr(month, name) for name in SUMS]
        of = select(key_of(month, by).label("key"), *columns)
        parts.append(of.where(month.month.in_(cut.months), *filtered(month, within)))
    if cut.days:
        named = [value.label(name) for name, value in _of_a_case().items()]
        of = select(key_of(fact, by).label("key"), *named)
        parts.append(of.where(fact.day.in_(cut.days), *filtered(fact, within)))
    return union_all(*parts).subquery()


def _of_a_case() -> dict[str, ColumnElement[Any]]:
    it = CaseFact
    said: dict[str, ColumnElement[Any]] = {
        "cases": literal(1),
        "answered": cast(it.answer_minutes.is_not(None), Whole),
        "unanswerable": cast(and_(it.ended, it.answer_minutes.is_(None)), Whole),
        "resolved": cast(it.resolve_minutes.is_not(None), Whole),
        "ended": cast(and_(it.ended, it.resolve_minutes.is_(None)), Whole),
        "reopened": cast(it.reopened > 0, Whole),
        "reopenings": cast(it.reopened, Whole),
    }
    return {name: said[name] if name in said else cast(getattr(it, name), Whole) for name in SUMS}


def _overdue(within: Within, by: str, now: datetime) -> Any:
    """Open cases are few: whose promise is past is looked up, for it changes with the time alone."""
    late = and_(Ticket.status != "resolved", Ticket.first_reply_at.is_(None), Ticket.promised_at <= now)
    return (
        select(key_of(CaseFact, by).label("key"), func.count())
        .select_from(Ticket)
        .join(CaseFact, CaseFact.ticket_id == Ticket.id)
        .where(late, ~CaseFact.ended, CaseFact.day.between(within.first, within.last), *filtered(CaseFact, within))
        .group_by("key")
    )
