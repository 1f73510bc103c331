"""The versions of the Graph API and when each ends.

From Meta's own table (developers.facebook.com/docs/graph-api/changelog/versions), read in November 2026.
"""

from datetime import date, timedelta

ENDS: dict[str, date | None] = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
"""None: Meta has not said yet."""
WARN_BEFORE = timedelta(days=90)


class UnknownVersion(Exception):
    """A version that is not in the table: look its end up, and add it."""


def end_of(version: str) -> date | None:
    """Return the day the version ends, None where Meta has not said; raises UnknownVersion."""
    if version not in ENDS:
        raise UnknownVersion(version)
    return ENDS[version]


def ends_soon(version: str, today: date) -> bool:
    """Return whether the version ends within 90 days, has ended, or nobody here knows when it ends."""
    try:
        end = end_of(version)
    except UnknownVersion:
        return True
    return end is not None and end - today <= WARN_BEFORE
