"""When the rehearsal stands, and the dates everything else is measured from."""

from datetime import datetime, timedelta

from simulator.programme.tables import WIB


def wib(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Name a moment in western Indonesian time."""
    return datetime(year, month, day, hour, minute, second, tzinfo=WIB)


NOW = wib(2020, 8, 24, 10)
PROGRAMME_START = wib(2020, 4, 11)
BUNDLE_END = wib(2020, 6, 30, 23, 59, 59)
RUANGGURU_END = wib(2020, 9, 4)
FIRST_PURCHASE_DAYS = 30


def first_purchase_due(recipient_since: datetime) -> datetime:
    """Give the last second of the thirtieth day."""
    day = recipient_since + timedelta(days=FIRST_PURCHASE_DAYS)
    return day.replace(hour=23, minute=59, second=59)
