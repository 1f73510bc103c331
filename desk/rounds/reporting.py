"""Makes the weekly reports that are due, one week a time, and lays them into the folder for reports, if any."""

import logging
from datetime import timedelta

from desk.office import Office
from desk.report.keeping import file_away, keep, missing
from desk.report.paper import NotSet
from desk.rounds.round import Round
from trends.counting import freshen

log = logging.getLogger("desk.rounds")


async def report(office: Office) -> int:
    """File what is made and make what is due; returns how many reports and files that was.

    A week whose paper cannot be set holds up neither the files nor the weeks after it: it is tried again every round.
    """
    await freshen(office.database, office.clock)
    async with office.database.read() as session:
        weeks = await missing(session, office.clock())
    done = 0
    if office.report_folder:
        done += await file_away(office.database, office.report_folder, office.clock())
    for week in weeks:
        try:
            return done + int(await keep(office.database, office.clock, week))
        except NotSet as problem:
            log.warning("report of %s cannot be set: %s", week.name, " ".join(problem.__notes__))
    return done


ROUND = Round("weekly report", timedelta(seconds=30), report)
