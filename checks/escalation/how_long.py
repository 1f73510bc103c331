"""For how long it has lasted, as the person says it, against the limits of the rules."""

from datetime import timedelta

from checks.indonesian import span
from checks.situation import Situation

A_DAY, TWO_HOURS = timedelta(hours=24), timedelta(hours=2)


def lasted(situation: Situation, limit: timedelta) -> bool:
    """Whether they say it has gone on for longer than this."""
    return situation.lasted is not None and situation.lasted > limit


def how_long(situation: Situation) -> str:
    """Return `sudah 3 hari`, for staff."""
    return f"sudah {span(situation.lasted)}" if situation.lasted else "berulang"
