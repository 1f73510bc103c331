"""Everything the page of the service shows, read once: this range, the one before, and what cannot be known."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk.pages.trends.helping.words import BY
from desk.wording import PRIORITIES
from records.database import Database, ReadSession
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
    """Read it all, over two connections: this range over one, what stands beside it over the other."""
    unable = untold(within)

    async def this() -> dict[str, Any]:
        async with database.read() as session:
            return {
                "teams": {str(row.id): row.name for row in await session.execute(select(Team.id, Team.name))},
                "now": None if unable else await _part(session, within, BY[by], now),
                "as_of": await as_of(session),
            }

    async def beside() -> dict[str, Any]:
        async with database.read() as session:
            since = await known_since(session)
            comparable = since is not None and within.before().first >= since and not unable
            return {
                "before": await _part(session, within.before(), BY[by], now) if comparable else None,
                "loads": await loads(session, within),
                "impacts": await impacts(session, within, now),
            }

    # no figure is made of both
    read = {name: value for half in await asyncio.gather(this(), beside()) for name, value in half.items()}
    return Seen(within=within, by=by, names=names, untold=unable, at=now, **read)


async def _part(session: ReadSession, within: Within, by: str, now: datetime) -> Part:
    answered = await bot_answers(session, within, "intent") or []
    opened = await cases.cases(session, within, by, now) or []
    return Part(
        answers=answered,
        answered=answers.together(answered),
        bot=await bot_times(session, within),
        cases=opened,
        whole=cases.together(opened),
        times=await case_times(session, within, by) or {},
    )
