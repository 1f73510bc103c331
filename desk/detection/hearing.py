"""What the desk has heard lately, kept in memory and read on from; read anew after a rest or a jump in time.

Only the newest minutes are read in a round. What is usual is learned once a day, beside the rounds.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from records.clock import wib
from records.database import ReadSession
from trends.rhythm.baseline import Baseline
from trends.rhythm.days import day_number, minute_of, moment_of
from trends.rhythm.failing import CHECKS, SENDS, Failing
from trends.rhythm.learning import learn
from trends.rhythm.listening import Going, Heard, Listening
from trends.suspecting.lately import People, complaints, failed_checks, failed_sends
from trends.suspecting.past import calendar, habits, past

BACK_TO = 8 * 60
"""So many minutes are read at the beginning."""
AGAIN = 3
"""So many are read again each time: a turn's row may come a moment after its time."""
FAILURES_BACK_TO = timedelta(minutes=90)
LONGEST_REST = 15


@dataclass
class Hearing:
    """One desk's memory of the last hours."""

    listening: Listening
    checks: Failing
    sends: Failing
    learned: date
    people: People = field(default_factory=People)
    upto: int | None = None
    """The minute read last."""

    @property
    def going(self) -> list[Going]:
        """Everything that goes on."""
        return [*self.listening.going, *self.checks.going, *self.sends.going]

    def resume(self, going: list[Going]) -> None:
        """Go on with what was found before."""
        self.listening.going = [it for it in going if it.kind not in (CHECKS, SENDS)]
        self.checks.going = [it for it in going if it.kind == CHECKS]
        self.sends.going = [it for it in going if it.kind == SENDS]

    def follows(self, now: datetime) -> bool:
        """Whether this memory can be read on from: the clock neither stood long nor jumped, and the day is the same."""
        rest = 0 if self.upto is None else minute_of(now) - self.upto
        return 0 <= rest <= LONGEST_REST and wib(now).date() == self.learned

    async def hear(self, session: ReadSession, now: datetime, ahead: timedelta) -> Heard:
        """Read what is new and look at it."""
        minute = minute_of(now)
        first = minute - BACK_TO if self.upto is None else self.upto - AGAIN + 1
        recent = self.listening.recent
        recent.tell_again_from(first)
        for at, arrived in (await complaints(session, self.people, moment_of(first), now)).items():
            recent.tell(at, arrived)
        self.people.forget_before(minute - 2 * 60)
        lately = range(first if self.upto is not None else minute - 1, minute + 1)
        touched = {scope for at in lately for scope in recent.touched(at)}
        heard = self.listening.look(minute + 1, recent.scopes() if self.upto is None else touched)
        checks = await failed_checks(session, self._since(self.checks, now), now)
        sends = await failed_sends(session, self._since(self.sends, now), now, ahead)
        for failing, failed in ((self.checks, checks), (self.sends, sends)):
            more = failing.look(failed, recent, minute + 1)
            heard.opened += more.opened
            heard.over += more.over
        self.upto = minute
        return heard

    def _since(self, failing: Failing, now: datetime) -> datetime:
        began = [moment_of(it.began) for it in failing.going]
        return min([now - FAILURES_BACK_TO, *began])


async def begin(session: ReadSession, now: datetime, ahead: timedelta) -> Hearing:
    """Learn what is usual today and begin to listen."""
    today = wib(now).date()
    days = await calendar(session, today)
    history = await past(session, days, today)
    checks, sends = await habits(session, history, now, ahead)
    baseline: Baseline = await asyncio.to_thread(learn, history, days, day_number(today))
    return Hearing(Listening(baseline), Failing(CHECKS, checks), Failing(SENDS, sends), today)
