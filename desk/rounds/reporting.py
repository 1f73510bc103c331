"""Makes the weekly reports that are due, one week a time, and lays them into the folder for reports, if any."""

from datetime import timedelta

from desk.office import Office
from desk.report.keeping import file_away, keep, missing
from desk.rounds.round import Round
from trends.counting import freshen


async def report(office: Office) -> int:
    """Make what is due and file what is made; returns how many reports and files that was."""
    await freshen(office.database, office.clock)
    async with office.database.read() as session:
        weeks = await missing(session, office.clock())
    done = int(await keep(office.database, office.clock, weeks[0])) if weeks else 0
    if office.report_folder:
        done += await file_away(office.database, office.report_folder, office.clock())
    return done


ROUND = Round("weekly report", timedelta(seconds=30), report)
