"""How people were served in a week, beside the week before: by the bot, by agents, and what they thought of it."""

from dataclasses import dataclass
from datetime import datetime

from records.database import ReadSession
from trends.helping.answers import Answers, bot_answers, bot_times
from trends.helping.answers import together as all_answers
from trends.helping.case_times import case_times
from trends.helping.cases import Cases, cases
from trends.helping.cases import together as all_cases
from trends.helping.middle import ALL
from trends.helping.quantiles import Times
from trends.weekly.week import Week
from trends.within import Within


@dataclass(frozen=True)
class Served:
    """The service of one range."""

    answers: Answers
    bot: Times
    """Seconds until the bot's first words."""
    cases: Cases
    first_answer: Times
    """Minutes until a person answered, around the clock."""
    resolution: Times
    """Minutes until a case was closed, around the clock."""


@dataclass(frozen=True)
class Service:
    """The week and the one before."""

    now: Served
    before: Served


async def service(session: ReadSession, week: Week, now: datetime) -> Service:
    """Return how people were served."""
    return Service(await _served(session, week.within, now), await _served(session, week.before().within, now))


async def _served(session: ReadSession, within: Within, now: datetime) -> Served:
    times = await case_times(session, within) or {}
    return Served(
        answers=all_answers(await bot_answers(session, within, "intent") or []),
        bot=await bot_times(session, within) or Times(),
        cases=all_cases(await cases(session, within, "team", now) or []),
        first_answer=times.get("answer_minutes", {}).get(ALL, Times()),
        resolution=times.get("resolve_minutes", {}).get(ALL, Times()),
    )
