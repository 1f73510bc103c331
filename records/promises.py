"""By when a person is promised to look at a case, by its priority.

Only times we can keep: the hours are the desk's own rule, not the programme's. Working hours and holidays are not yet
counted; the promise is in clock hours.
"""

from datetime import datetime, timedelta

PROMISES = {"urgent": timedelta(hours=4), "high": timedelta(hours=12), "normal": timedelta(hours=48)}


def promised_at(priority: str, now: datetime) -> datetime:
    """Return the moment until which the case must have been looked at."""
    return now + PROMISES[priority]
