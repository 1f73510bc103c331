"""Putting the counts of the resolved together now and then, so that their sum stays quick to read."""

from datetime import timedelta

from sqlalchemy import text

from desk.office import Office
from desk.rounds.round import Round

WORTH = 2000
"""Single counts that have gathered before they are put together; the sum is right either way."""
UNFOLDED = text("SELECT count(*) FROM (SELECT FROM resolved_counts WHERE NOT folded LIMIT :worth) AS gathered")
FOLD = text("SELECT fold_resolved_counts()")


async def fold(office: Office, worth: int = WORTH) -> int:
    """Put the counts together where enough have gathered; returns how many there were."""
    async with office.database.read() as session:
        gathered = await session.scalar(UNFOLDED, {"worth": worth}) or 0
    if gathered < worth:
        return 0
    async with office.database.write() as session:
        await session.execute(FOLD)
    return gathered


ROUND = Round("resolved counts", timedelta(minutes=1), fold)
