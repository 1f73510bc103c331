"""Counts new messages for the trends, so that figures are as new as the messages."""

from datetime import timedelta

from desk.office import Office
from desk.rounds.round import Round
from trends.counting import fold


async def count_news(office: Office) -> int:
    """Count what is new; returns how many news that was."""
    return await fold(office.database, office.clock, most=50_000)


ROUND = Round("trends", timedelta(seconds=2), count_news)
