"""What ends on a day that is known beforehand: versions of Meta's Graph API.

A version is served for two years after the next one came out. As told by Meta in November 2026.
"""

from datetime import date

GRAPH_VERSIONS = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 29),
    "v23.0": date(2027, 10, 8),
    "v25.0": date(2028, 7, 29),
}


def graph_version_ends(version: str) -> date | None:
    """Return the day from which Meta no longer serves this version, or a day it surely still does; None: not known."""
    if version in GRAPH_VERSIONS:
        return GRAPH_VERSIONS[version]
    # a later version never ends earlier
    older = [known for known in GRAPH_VERSIONS if _number(known) < _number(version)]
    return GRAPH_VERSIONS[max(older, key=_number)] if older else None


def _number(version: str) -> float:
    try:
        return float(version.removeprefix("v"))
    except ValueError:
        return 0.0
