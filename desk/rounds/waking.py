"""Wakes cases that were put off and whose time has come; each in its own transaction."""

from datetime import timedelta

from desk.acts.snooze import asleep_too_long, wake
from desk.office import Office
from desk.rounds.round import Round

BATCH = 100


async def wake_due(office: Office) -> int:
    """Wake what is due and return how many cases that was."""
    now = office.clock()
    async with office.database.read() as session:
        due = await asleep_too_long(session, now, BATCH)
    woken = 0
    for ticket_id in due:
        async with office.database.write() as session:
            woken += await wake(session, office.bell, ticket_id=ticket_id, at=now)
    return woken


ROUND = Round("waking", timedelta(seconds=5), wake_due)
