"""Which sources could not be asked in the last 24 hours, how often and why, and whether they answer again?

Failures are counted by the minute as turns are written; when a source last answered is read from the evidence of the
newest turns, so a source nobody asked says nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, text

from records.database import ReadSession
from records.models import SourceFailure
from registry import asking, programme_api

SPAN_HOURS = 24
AN_HOUR = timedelta(hours=1)
HELP_DESK = "catatan meja bantuan"
ALWAYS_SHOWN = (asking.SOURCE, programme_api.SOURCE, HELP_DESK)
TURNS_READ = 2_000
ANSWERED = text("""
    SELECT evidence ->> 'source' AS source, max(read.created_at) AS at
    FROM (
        SELECT created_at, findings FROM turns WHERE created_at > :since AND created_at <= :now
        ORDER BY created_at DESC LIMIT :turns
    ) AS read, jsonb_path_query(read.findings, 'lax $[*].evidence[*]') AS evidence
    WHERE evidence ->> 'as_of' IS NOT NULL AND evidence ->> 'failed' IS NULL
    GROUP BY 1
""")


@dataclass(frozen=True)
class Hour:
    """One hour and how many questions failed in it."""

    at: datetime
    failures: int


@dataclass(frozen=True)
class Trouble:
    """One question that failed for one reason."""

    question: str
    reason: str
    failures: int


@dataclass(frozen=True)
class SourceState:
    """One source over the last 24 hours."""

    name: str
    hours: tuple[Hour, ...]
    """Every hour, oldest first, quiet ones with zero."""
    troubles: tuple[Trouble, ...]
    last_failure: datetime | None
    last_answer: datetime | None
    failing_since: datetime | None
    """The first failure after the last answer; none where the source answers, or was not asked."""

    @property
    def failures(self) -> int:
        """All failures of the 24 hours."""
        return sum(hour.failures for hour in self.hours)


@dataclass(frozen=True)
class Failures:
    """Which failures of the last 24 hours a number is about: of a source, an hour, a question, a reason."""

    now: datetime
    source: str | None = None
    hour: datetime | None = None
    question: str | None = None
    reason: str | None = None

    @property
    def since(self) -> datetime:
        """The first hour that is shown."""
        return _hour(self.now) - (SPAN_HOURS - 1) * AN_HOUR

    def condition(self) -> ColumnElement[bool]:
        """Match the rows."""
        row, given = SourceFailure, [SourceFailure.minute >= self.since, SourceFailure.minute <= self.now]
        if self.hour is not None:
            given += [row.minute >= self.hour, row.minute < self.hour + AN_HOUR]
        named = {row.source: self.source, row.question: self.question, row.reason: self.reason}
        return and_(*given, *(column == value for column, value in named.items() if value is not None))


async def source_states(session: ReadSession, now: datetime) -> list[SourceState]:
    """Return every source that failed or that the checks rest on, the worst first."""
    within = Failures(now)
    rows = list(await session.scalars(select(SourceFailure).where(within.condition())))
    answered = await _answered(session, within)
    names = dict.fromkeys((*ALWAYS_SHOWN, *sorted({row.source for row in rows})))
    states = [_state(name, [row for row in rows if row.source == name], answered.get(name), within) for name in names]
    return sorted(states, key=lambda it: (it.failing_since is None, -it.failures))


async def failure_rows(
    session: ReadSession, within: Failures, *, limit: int = 100, offset: int = 0
) -> list[SourceFailure]:
    """Return the rows behind a number, newest first."""
    wanted = select(SourceFailure).where(within.condition())
    order = (SourceFailure.minute.desc(), SourceFailure.source, SourceFailure.question, SourceFailure.reason)
    return list(await session.scalars(wanted.order_by(*order).limit(limit).offset(offset)))


async def count_failures(session: ReadSession, within: Failures) -> tuple[int, int]:
    """Return how many failures there are, and in how many rows they stand."""
    sums = select(func.coalesce(func.sum(SourceFailure.count), 0), func.count()).where(within.condition())
    failures, rows = (await session.execute(sums)).one()
    return int(failures), int(rows)


async def _answered(session: ReadSession, within: Failures) -> dict[str, datetime]:
    given = {"since": within.since, "now": within.now, "turns": TURNS_READ}
    return {row.source: row.at for row in await session.execute(ANSWERED, given)}


def _state(name: str, rows: list[SourceFailure], answered: datetime | None, within: Failures) -> SourceState:
    starts = [within.since + number * AN_HOUR for number in range(SPAN_HOURS)]
    hours = tuple(Hour(at, sum(row.count for row in rows if _hour(row.minute) == at)) for at in starts)
    after = [row for row in rows if answered is None or row.last_at > answered]
    return SourceState(
        name=name,
        hours=hours,
        troubles=_troubles(rows),
        last_failure=max((row.last_at for row in rows), default=None),
        last_answer=answered,
        failing_since=min((max(row.minute, answered or row.minute) for row in after), default=None),
    )


def _troubles(rows: list[SourceFailure]) -> tuple[Trouble, ...]:
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        sums[row.question, row.reason] = sums.get((row.question, row.reason), 0) + row.count
    return tuple(Trouble(*key, count) for key, count in sorted(sums.items(), key=lambda it: (-it[1], it[0])))


def _hour(moment: datetime) -> datetime:
    # WIB lies whole hours from UTC, so hours begin together
    return moment.replace(minute=0, second=0, microsecond=0)
