"""Counts what is new for the figures of the service, a little at a time."""

from datetime import timedelta

from desk.office import Office
from desk.rounds.round import Round
from trends.helping.counting import fold


async def count(office: Office) -> int:
    """Count what is new; returns how many steps that took."""
    return await fold(office.database, office.clock)


ROUND = Round("service figures", timedelta(seconds=10), count)
