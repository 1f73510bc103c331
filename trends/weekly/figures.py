"""Gathering the figures of a week: complaints beside the week before, what moved and how surely, outages, service.

Every figure comes from the function the trends pages read it from, so both say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from records.clock import wib
from records.database import ReadSession
from trends.annotations import Mark, annotations
from trends.bars import counted
from trends.compare import Change, compared, movers
from trends.counting import as_of, known_since
from trends.exposure import exposure_of, passed_of, reach
from trends.heat import Cell, heat
from trends.names import names
from trends.surely import spread_of
from trends.total import LeftOut, all_complaints, handed_over, left_out
from trends.weekly.outages import Outage, outages
from trends.weekly.served import Service, service
from trends.weekly.unanswered import Unanswered, unanswered
from trends.weekly.week import Week

HISTORY_DAYS = 56
"""How far back one looks to see how much complaints vary by the day anyway."""
DIMENSIONS = ("intent", "platform", "channel", "province")


@dataclass(frozen=True)
class Part:
    """One value of one dimension."""

    key: str
    label: str
    now: int
    change: Change | None
    """None where the week before is not known."""


@dataclass(frozen=True)
class Day:
    """One day beside the same weekday of the week before."""

    day: date
    now: int
    before: int | None
    come: bool
    """Whether it has begun."""


@dataclass(frozen=True)
class Figures:
    """Everything a report tells."""

    week: Week
    made_at: datetime
    counted_at: datetime | None
    complaints: int
    conversations: int | None
    change: Change | None
    left_out: LeftOut
    handed_over: int
    parts: Mapping[str, list[Part]]
    """By dimension, most complaints first."""
    rising: list[Part]
    falling: list[Part]
    days: list[Day]
    marks: list[Mark]
    heat: list[Cell]
    outages: list[Outage]
    service: Service
    unanswered: Unanswered | None
    """None where topics of this week were not gathered."""

    @property
    def over(self) -> bool:
        """Say whether the week is over."""
        return self.made_at >= self.week.over_at


async def gather(session: ReadSession, week: Week, now: datetime) -> Figures:
    """Return the figures of the week."""
    within = week.within
    total = await all_complaints(session, within)
    comparing = await _Comparing.of(session, week, now)
    parts = {by: await comparing.parts(session, by) for by in DIMENSIONS}
    kinds = {part.key: part for part in parts["intent"]}
    return Figures(
        week=week,
        made_at=now,
        counted_at=await as_of(session),
        complaints=total.messages,
        conversations=total.conversations,
        change=await comparing.whole(session, total.messages),
        left_out=await left_out(session, within),
        handed_over=await handed_over(session, within),
        parts=parts,
        rising=comparing.moved(kinds, up=True),
        falling=comparing.moved(kinds, up=False),
        days=await comparing.days(session, wib(now).date()),
        marks=await annotations(session, within),
        heat=await heat(session, within),
        outages=await outages(session, within, now),
        service=await service(session, week, now),
        unanswered=await unanswered(session, within),
    )


@dataclass(frozen=True)
class _Comparing:
    """The week against the one before, where that is known."""

    week: Week
    known: bool
    exposure: float
    spread: float

    @classmethod
    async def of(cls, session: ReadSession, week: Week, now: datetime) -> "_Comparing":
        since = await known_since(session)
        long = reach(week.within, HISTORY_DAYS)
        history = {date.fromisoformat(bar.key): bar.messages for bar in await counted(session, long, "day")}
        seen = {
            day: count for day, count in history.items() if since and since <= day < min(week.first, wib(now).date())
        }
        passed = passed_of(now, await heat(session, long))
        known = since is not None and since <= week.before().first
        exposure = exposure_of(week.within, now, passed, seen)
        return cls(week, known and exposure > 0, exposure, spread_of(list(seen.values())))

    async def whole(self, session: ReadSession, now: int) -> Change | None:
        before = (await all_complaints(session, self.week.before().within)).messages
        return self._changes({"all": now}, {"all": before}).get("all")

    async def parts(self, session: ReadSession, by: str) -> list[Part]:
        called = await names(session)
        now = {bar.key: bar.messages for bar in await counted(session, self.week.within, by)}
        before = {bar.key: bar.messages for bar in await counted(session, self.week.before().within, by)}
        changes = self._changes(now, before)
        keys = sorted({*now, *before}, key=lambda key: (-now.get(key, 0), key))
        return [Part(key, called(by, key), now.get(key, 0), changes.get(key)) for key in keys]

    async def days(self, session: ReadSession, today: date) -> list[Day]:
        now = await counted(session, self.week.within, "day")
        before = await counted(session, self.week.before().within, "day")
        return [
            Day(date.fromisoformat(bar.key), bar.messages, then.messages if self.known else None, bar.key <= str(today))
            for bar, then in zip(now, before, strict=True)
        ]

    def moved(self, parts: Mapping[str, Part], *, up: bool) -> list[Part]:
        """Return what rises (or falls) at all surely."""
        return [parts[key] for key in movers({key: it.change for key, it in parts.items() if it.change}, up=up)]

    def _changes(self, now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, Change]:
        return compared(now, before, exposure=self.exposure, spread=self.spread) if self.known else {}
