"""Everything the page of the service shows, read once: this range, the one before, and what cannot be known."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from desk.pages.trends.helping.words import BY
from desk.wording import PRIORITIES
from records.database import Database
from records.lanes import over_two
from records.models import Team
from trends.counting import known_since
from trends.helping import answers, cases
from trends.helping.answers import Answers, bot_answers, bot_times
from trends.helping.case_times import case_times
from trends.helping.cases import Cases
from trends.helping.counting import as_of
from trends.helping.impact import Impact, impacts
from trends.helping.load import Load, loads
from trends.helping.middle import ALL
from trends.helping.quantiles import Times
from trends.helping.span import untold
from trends.names import Names
from trends.within import Within

NOTHING = Times()
NOW, BEFORE, BESIDE = "now", "before", "beside"


@dataclass(frozen=True)
class Part:
    """The figures of one range."""

    answers: Sequence[Answers]
    answered: Answers
    bot: Times | None
    """Seconds; None where a filter does not let them be known."""
    cases: Sequence[Cases]
    whole: Cases
    times: Mapping[str, Mapping[str, Times]]
    """By measure and key; under "" all together."""

    def time(self, measure: str, key: str = ALL) -> Times:
        """Return the times of a key."""
        return self.times.get(measure, {}).get(key, NOTHING)

    def of(self, key: str) -> Cases:
        """Return the cases of a key."""
        return next((one for one in self.cases if one.key == key), Cases(key))

    def answers_of(self, key: str) -> Answers:
        """Return the bot's answers of a key."""
        return next((one for one in self.answers if one.key == key), Answers(key))


@dataclass(frozen=True)
class Seen:
    """One look at a range."""

    within: Within
    by: str
    """How the cases are parted, as the address says it."""
    names: Names
    teams: Mapping[str, str]
    now: Part | None
    """None where a filter does not let anything be known."""
    before: Part | None
    untold: Sequence[str]
    loads: Sequence[Load]
    impacts: Sequence[Impact]
    at: datetime
    as_of: datetime | None

    def name(self, key: str) -> str:
        """Return what a part is called."""
        if self.by == "tim":
            return self.teams.get(key, "(tim yang sudah tidak ada)")
        return PRIORITIES.get(key, key) if self.by == "prioritas" else self.names(BY[self.by], key)


async def look(database: Database, within: Within, by: str, names: Names, now: datetime) -> Seen:
    """Read it all, over two connections: no figure is made of both."""
    unable, before = untold(within), within.before()
    async with database.read() as session:
        teams = {str(row.id): row.name for row in await session.execute(select(Team.id, Team.name))}
        since, fresh = await known_since(session), await as_of(session)
    spans = {} if unable else {NOW: within} | ({BEFORE: before} if since and before.first >= since else {})
    figures = _figures(BY[by], now)
    # what takes longest stands first
    read = await over_two(
        database,
        {
            (BESIDE, "impacts"): lambda session: impacts(session, within, now),
            **{(when, it): partial(figures[it], within=span) for it in figures for when, span in spans.items()},
            (BESIDE, "loads"): lambda session: loads(session, within),
        },
    )
    parts = {when: _part({it: read[when, it] for it in figures}) for when in spans}
    return Seen(
        within=within,
        by=by,
        names=names,
        teams=teams,
        now=parts.get(NOW),
        before=parts.get(BEFORE),
        untold=unable,
        loads=read[BESIDE, "loads"],
        impacts=read[BESIDE, "impacts"],
        at=now,
        as_of=fresh,
    )


def _figures(by: str, now: datetime) -> dict[str, Callable[..., Awaitable[Any]]]:
    """What is asked of a range."""
    return {
        "times": partial(case_times, by=by),
        "cases": partial(cases.cases, by=by, now=now),
        "answers": partial(bot_answers, by="intent"),
        "bot": bot_times,
    }


def _part(found: Mapping[str, Any]) -> Part:
    answered, opened = found["answers"] or [], found["cases"] or []
    return Part(
        answers=answered,
        answered=answers.together(answered),
        bot=found["bot"],
        cases=opened,
        whole=cases.together(opened),
        times=found["times"] or {},
    )
