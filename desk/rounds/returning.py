"""Brings back cases whose holder is silent, away or gone while somebody waits; only while the team works."""

from datetime import timedelta

from desk.office import Office
from desk.refusals import Refusal
from desk.returning import held_while_waiting, put_back
from desk.rounds.round import Round
from records.promises import read_rules


async def bring_back(office: Office) -> int:
    """Put back what lies; returns how many cases that was."""
    now, real_now = office.clock(), office.real_clock()
    async with office.database.read() as session:
        held = await held_while_waiting(session, now)
        working = {team: (await read_rules(session, team=team)).working for team in {it.team_id for it in held}}
    done = 0
    for it in held:
        team = working[it.team_id]
        reason = it.reason(team, now, real_now) if team.worked_at(now) else None
        if reason is None:
            continue
        try:
            async with office.database.write() as session:
                done += await put_back(session, office.bell, it, reason=reason, at=now)
        except Refusal:
            # somebody changed the case in between: the next round sees how it stands
            continue
    return done


ROUND = Round("returning", timedelta(seconds=15), bring_back)
