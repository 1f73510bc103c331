"""Watches the promises: flags what comes near or is missed, and tells leads and participants while it still helps."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from checks.wording import Wording
from desk.keeping_promises import FLAG, TELL, TEMPLATE, Promise, flag, tell, unanswered
from desk.message_templates import Template, usable
from desk.office import Office
from desk.refusals import Refusal
from desk.rounds.round import Round
from records.channel_news import latest
from records.promises import read_rules
from records.working_time import WorkingTime

TOO_OLD = timedelta(days=3)
"""Missed so long ago, nobody is helped by being told now."""
LOUD = 5
"""Of one team so many are told of one by one in a round; of more, that there are more stands on the page Beban."""


async def keep_promises(office: Office) -> int:
    """Look at every promise that may be missed; returns how many were flagged or told of."""
    now = office.clock()
    async with office.database.read() as session:
        promises = await unanswered(session, now)
        working = {team: (await read_rules(session, team=team)).working for team in {it.team_id for it in promises}}
        approved = usable(office.whatsapp_templates, await latest(session))
    template = next((it for it in approved if it.name == TEMPLATE), None)
    done, told = 0, Counter[UUID]()
    for it in promises:
        told[it.team_id] += 1
        done += await _look(office, it, working[it.team_id], template, now, loud=told[it.team_id] <= LOUD)
    return done


async def _look(
    office: Office, it: Promise, working: WorkingTime, template: Template | None, now: datetime, *, loud: bool
) -> int:
    missed = it.promised_at <= now
    tells = not it.told and (now - it.promised_at < TOO_OLD) and (missed or working.worked_at(now))
    flags = missed or it.warned_at is None
    if not (missed or it.left_is(FLAG, working, now)) or not (flags or tells):
        return 0
    try:
        async with office.database.write() as session:
            done = 0
            if flags:
                done += await flag(session, office.bell, it, loud=loud, at=now)
            if tells:
                early = not missed and not it.left_is(TELL, working, now)
                done += await tell(session, office.bell, it, _wording(), early=early, template=template, at=now)
            return done
    except Refusal:
        # somebody changed the case in between: the next round sees how it stands
        return 0


@cache
def _wording() -> Wording:
    return Wording.read()


ROUND = Round("promises", timedelta(seconds=20), keep_promises)
