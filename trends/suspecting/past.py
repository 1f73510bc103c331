"""The past the rhythm is learned from: the counts by hour and day, the calendar, and how often things fail anyway."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from records.database import ReadSession
from records.holidays import holiday
from trends.rhythm.days import Days, WaveDates, date_of, day_number
from trends.rhythm.failing import Habit
from trends.rhythm.history import ALL, History
from trends.rhythm.learning import WEEKS
from trends.suspecting.lately import CHECKS, SENDS
from trends.within import LEFT_OUT

YEARS_BACK = timedelta(days=400)
WEEKS_OF_HABIT = timedelta(weeks=4)
SCOPES = text("""
    SELECT (h.day - DATE '1970-01-01') AS day, i.key AS intent, p.key AS platform, c.key AS channel,
           sum(h.messages)::int AS messages
    FROM trend_hours h JOIN trend_keys i ON i.code = h.intent JOIN trend_keys p ON p.code = h.platform
    JOIN trend_keys c ON c.code = h.channel
    WHERE h.day >= :first AND h.day < :today AND NOT i.key = ANY(:left_out) AND i.key <> '-'
    GROUP BY h.day, i.key, p.key, c.key HAVING sum(h.messages) > 0
""")
HOURS = text("""
    SELECT (h.day - DATE '1970-01-01') AS day, h.hour, i.key AS intent, sum(h.messages)::int AS messages
    FROM trend_hours h JOIN trend_keys i ON i.code = h.intent
    WHERE ((h.day >= :first AND h.day < :today) OR h.day = ANY(:days))
      AND NOT i.key = ANY(:left_out) AND i.key <> '-'
    GROUP BY h.day, h.hour, i.key HAVING sum(h.messages) > 0
""")
DAYS = text("""
    SELECT (d.day - DATE '1970-01-01') AS day, k.key AS intent, d.messages
    FROM trend_days d JOIN trend_keys k ON k.code = d.key AND k.dimension = 'intent'
    WHERE d.day >= :since AND d.day < :first AND NOT k.key = ANY(:left_out) AND k.key <> '-'
""")
WAVES = text("SELECT opens_at, closes_at, decided_at FROM programme.waves")
DAYS_OFF = text("SELECT day, name, off FROM calendar_days")
FEAST = re.compile(r"(hari raya )?(idul\s?fitri|lebaran)", re.IGNORECASE)
"""Idulfitri as it is listed, and as staff may write it; leave that goes with it is called so before."""
FASTING_DAYS = 30
"""Or 29: which is told the evening before; a day more expects people before dawn once too often."""


async def calendar(session: ReadSession, today: date) -> Days:
    """Return waves, holidays and the fasting month as the registry and the desk know them."""
    entered = {row.day: row.name if row.off else None for row in await session.execute(DAYS_OFF)}
    around = (today + timedelta(days=number) for number in range(-YEARS_BACK.days, 60))
    off = {day: name for day in around if (name := entered.get(day, holiday(day)))}
    waves = tuple(WaveDates(row.opens_at, row.closes_at, row.decided_at) for row in await session.execute(WAVES))
    return Days(frozenset(off), waves, fasting_before(off))


def fasting_before(off: Mapping[date, str]) -> frozenset[date]:
    """Return the days on which people fast: the thirty before the first one of Idulfitri."""
    feasts = {day for day, name in off.items() if FEAST.match(name)}
    return frozenset(
        day - timedelta(days=number)
        for day in feasts
        if day - timedelta(days=1) not in feasts
        for number in range(1, FASTING_DAYS + 1)
    )


async def past(session: ReadSession, days: Days, today: date) -> History:
    """Return what is remembered of the days before today; what was read is gathered beside the rounds."""
    first, since = today - timedelta(weeks=WEEKS), today - YEARS_BACK
    older = [date_of(day) for day in days.of_waves() if day_number(since) <= day < day_number(first)]
    given: dict[str, Any] = {"first": first, "today": today, "since": since, "days": older, "left_out": list(LEFT_OUT)}
    read = [(await session.execute(statement, given)).all() for statement in (HOURS, SCOPES, DAYS)]
    return await asyncio.to_thread(_gathered, *read)


def _gathered(hours: Sequence[Any], scopes: Sequence[Any], days: Sequence[Any]) -> History:
    history = History()
    for row in hours:
        history.add_hour(row.intent, row.day * 24 + row.hour, row.messages)
    for row in scopes:
        history.add_day(row.intent, row.platform, row.channel, row.day, row.messages)
    for row in days:
        history.add_day_of_intent(row.intent, row.day, row.messages)
    return history


async def habits(session: ReadSession, history: History, now: datetime, ahead: timedelta) -> tuple[Habit, Habit]:
    """Return how often checks (by source) and sends (by channel) fail anyway."""
    since, found = now - WEEKS_OF_HABIT, []
    asked = history.hours[ALL]
    for statement, shift in ((CHECKS, timedelta()), (SENDS, ahead)):
        habit = Habit()
        for row in await session.execute(statement, {"since": since - shift, "now": now - shift}):
            habit.add(row.name, row.minute + shift, int(row.failures))
        habit.settle(asked)
        found.append(habit)
    return found[0], found[1]
