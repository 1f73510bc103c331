"""What leads set: a team's hours and how its cases are given, days off, and promises; every change is audited.

A promise that was made stays as it was made: what is set here counts for cases that begin after it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desk.refusals import LeadOnly, NoSuchCase, NotWellSaid
from desk.rights import ADMIN
from desk.wording import PRIORITIES, QUEUES
from records import audit
from records.database import ReadSession
from records.holidays import YEARS
from records.models import CalendarDay, CalendarYear, PromiseRule, Staff, Team, TeamMember
from records.promises import ANYTHING, hours_of, read_rules
from records.spoken_time import DAYS, spoken_date
from records.working_time import MIDNIGHT, NeverOpen, WorkingTime
from trends.labels import INTENTS

LONGEST_NAME, LONGEST_SOURCE = 60, 160
MOST_HOURS = 720
CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")


@dataclass(frozen=True)
class Day:
    """One weekday of a team's hours, as its form shows it."""

    number: int
    name: str
    opens: str
    closes: str


@dataclass(frozen=True)
class DayOff:
    """One day of a year's list."""

    day: date
    said: str
    name: str
    changed: bool
    off: bool
    source: str


@dataclass(frozen=True)
class YearShown:
    """The days off of one year, and whether they are all known."""

    year: int
    source: str | None
    days: tuple[DayOff, ...]


def week(team: Team) -> list[Day]:
    """Return a team's hours for its form; a day nobody works has none."""
    hours = hours_of(team.hours)
    return [Day(number, name, *_said(hours.get(number))) for number, name in enumerate(DAYS)]


def _said(hours: tuple[int, int] | None) -> tuple[str, str]:
    if hours is None or hours[0] >= hours[1]:
        return "", ""
    opens, closes = (f"{it // 60:02}.{it % 60:02}" for it in hours)
    return opens, closes


async def set_team(
    session: AsyncSession,
    *,
    team_id: UUID,
    hours: Mapping[int, tuple[str, str]],
    gives_cases: bool,
    silent_minutes: int,
    by: Staff,
    at: datetime,
) -> None:
    """Set when a team works and how its cases are given; raises LeadOnly, NoSuchCase or NotWellSaid."""
    team = await session.get(Team, team_id, with_for_update=True)
    if team is None:
        raise NoSuchCase
    await _must_tend(session, team, by)
    kept = {str(day): list(_minutes(DAYS[day], *said)) for day, said in hours.items() if any(said)}
    try:
        WorkingTime({int(day): (it[0], it[1]) for day, it in kept.items()})
    except NeverOpen as problem:
        raise NotWellSaid(str(problem)) from None
    if not 5 <= silent_minutes <= 1440:
        raise NotWellSaid("Batas diam 5 sampai 1440 menit.")
    team.hours, team.gives_cases, team.silent_minutes = kept, gives_cases, silent_minutes
    detail = {"hours": kept, "gives_cases": gives_cases, "silent_minutes": silent_minutes}
    await _write_down(session, "working_hours_set", f"team:{team.id}", detail, by, at)


def _minutes(day: str, opens: str, closes: str) -> tuple[int, int]:
    said = [CLOCK.fullmatch(it.strip()) for it in (opens, closes)]
    times = [int(it[1]) * 60 + int(it[2]) for it in said if it and int(it[1]) <= 24 and int(it[2]) < 60]
    if len(times) < 2 or times[1] > MIDNIGHT:
        raise NotWellSaid(f"{day}: isi jam mulai dan jam selesai seperti 08.00, atau kosongkan keduanya.")
    if times[0] >= times[1]:
        raise NotWellSaid(f"{day}: jam selesai harus setelah jam mulai.")
    return times[0], times[1]


async def years(session: ReadSession, now: datetime) -> list[YearShown]:
    """Return this year's and next year's days off, with what staff changed."""
    changed = {it.day: it for it in await session.scalars(select(CalendarDay))}
    entered = {it.year: it.source for it in await session.scalars(select(CalendarYear))}
    return [_year(it, changed, entered) for it in (now.year, now.year + 1)]


def _year(year: int, changed: Mapping[date, CalendarDay], entered: Mapping[int, str]) -> YearShown:
    known = YEARS.get(year)
    days = {date(year, *it): name for it, name in known.days.items()} if known else {}
    ours = {it.day: it for it in changed.values() if it.day.year == year}
    shown = [
        DayOff(day, f"{DAYS[day.weekday()]}, {spoken_date(day)}", name, False, True, known.source if known else "")
        for day, name in days.items()
        if day not in ours
    ]
    shown += [
        DayOff(it.day, f"{DAYS[it.day.weekday()]}, {spoken_date(it.day)}", it.name, True, it.off, it.source)
        for it in ours.values()
    ]
    source = entered.get(year) or (known.source if known else None)
    return YearShown(year, source, tuple(sorted(shown, key=lambda it: it.day)))


async def set_day(
    session: AsyncSession, *, day: str, name: str, off: bool, source: str, by: Staff, at: datetime
) -> None:
    """Set a day as off or worked; raises NotWellSaid."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise NotWellSaid("Isi tanggalnya.") from None
    name, source = " ".join(name.split()), " ".join(source.split())
    if not 1 <= len(name) <= LONGEST_NAME or not 1 <= len(source) <= LONGEST_SOURCE:
        raise NotWellSaid("Isi nama harinya dan sumbernya (surat keputusan atau alasannya).")
    values = {"name": name, "off": off, "source": source, "changed_at": at}
    written = insert(CalendarDay).values(day=when, **values)
    await session.execute(written.on_conflict_do_update(index_elements=[CalendarDay.day], set_=values))
    detail = {"name": name, "off": off, "source": source}
    await _write_down(session, "calendar_day_set", f"day:{when.isoformat()}", detail, by, at)


async def set_year(session: AsyncSession, *, year: int, source: str, by: Staff, at: datetime) -> None:
    """Say that a year's days off are entered to the last; raises NotWellSaid."""
    source = " ".join(source.split())
    if not 2020 <= year <= 2100 or not 1 <= len(source) <= LONGEST_SOURCE:
        raise NotWellSaid("Isi tahunnya dan surat keputusannya.")
    values = {"source": source, "changed_at": at}
    written = insert(CalendarYear).values(year=year, **values)
    await session.execute(written.on_conflict_do_update(index_elements=[CalendarYear.year], set_=values))
    await _write_down(session, "calendar_year_set", f"year:{year}", {"source": source}, by, at)


async def rules(session: ReadSession) -> list[PromiseRule]:
    """Return every promise: what counts for all first, then by kind, the most urgent first."""
    found = list(await session.scalars(select(PromiseRule)))
    order = list(PRIORITIES)
    return sorted(found, key=lambda it: (it.about, -order.index(it.priority)))


async def set_rule(
    session: AsyncSession,
    *,
    about: str,
    priority: str,
    answer_hours: float,
    resolve_hours: float,
    all_hours: bool,
    by: Staff,
    at: datetime,
) -> None:
    """Set the promise of a kind and priority; raises NotWellSaid."""
    answer, resolve = round(answer_hours * 60), round(resolve_hours * 60)
    if about and about not in QUEUES and about not in INTENTS:
        raise NotWellSaid("Pilih antrean atau jenis keluhan dari daftar.")
    if priority not in PRIORITIES:
        raise NotWellSaid("Pilih prioritas: Biasa, Tinggi, atau Mendesak.")
    if not 5 <= answer <= resolve or answer > MOST_HOURS * 60 or resolve > 2 * MOST_HOURS * 60:
        raise NotWellSaid("Dijawab paling cepat 5 menit, dan selesai tidak lebih cepat dari dijawab.")
    values = {"answer_minutes": answer, "resolve_minutes": resolve, "all_hours": all_hours}
    written = insert(PromiseRule).values(about=about, priority=priority, **values)
    await session.execute(written.on_conflict_do_update(index_elements=["about", "priority"], set_=values))
    await _write_down(session, "promise_set", f"promise:{about or 'semua'}/{priority}", values, by, at)


async def remove_rule(session: AsyncSession, *, about: str, priority: str, by: Staff, at: datetime) -> None:
    """Take back the promise of a kind, so that the general one counts; raises NotWellSaid for the general one."""
    if about == ANYTHING:
        raise NotWellSaid("Janji umum tidak bisa dihapus, hanya diubah.")
    gone = delete(PromiseRule).where(PromiseRule.about == about, PromiseRule.priority == priority)
    if (await session.execute(gone.returning(PromiseRule.about))).first() is None:
        raise NoSuchCase
    await _write_down(session, "promise_removed", f"promise:{about}/{priority}", {}, by, at)


async def unknown_year(session: ReadSession, now: datetime) -> int | None:
    """Return the year, this or the next from December on, whose days off nobody has entered."""
    calendar = (await read_rules(session)).working.calendar
    wanted = (now.year, now.year + 1) if now.month == 12 else (now.year,)
    return next((year for year in wanted if not calendar.knows(year)), None)


async def _must_tend(session: AsyncSession, team: Team, by: Staff) -> None:
    mine = select(TeamMember.staff_id).where(TeamMember.team_id == team.id, TeamMember.staff_id == by.id)
    if by.role != ADMIN and await session.scalar(mine) is None:
        raise LeadOnly


async def _write_down(
    session: AsyncSession, action: str, what: str, detail: dict[str, Any], by: Staff, at: datetime
) -> None:
    await audit.record(session, at=at, actor=by.username, action=action, object=what, detail=detail)
