"""What may be expected, as a participant is told it: never more than is known, and no promise beside the promise."""

from datetime import datetime, timedelta
from math import ceil

from checks.wording import Wording
from records.clock import wib
from records.expectation import Expectation
from records.spoken_time import spoken_soon

HOUR = timedelta(hours=1)


def expected(it: Expectation, wording: Wording, now: datetime) -> str:
    """Return the sentences that stand beside the promise, or nothing."""
    return " ".join(
        said for said in (_place(it, wording, now), _closed(it, wording, now), _unsure(it, wording)) if said
    )


def _place(it: Expectation, wording: Wording, now: datetime) -> str:
    if it.place is None:
        return ""
    # how long it takes is counted from when people are there: while they are away their return is told instead
    if it.usually is None or it.opens is not None:
        return wording.say("waiting_place", {"place": str(it.place)})
    words = {"place": str(it.place), "usually": how_long(it.usually - now, wib(it.usually).date() == wib(now).date())}
    return wording.say("waiting_place_usually", words)


def _closed(it: Expectation, wording: Wording, now: datetime) -> str:
    if it.opens is None:
        return ""
    words = {"opens": spoken_soon(it.opens, now), "holiday": it.holiday or ""}
    return wording.say("waiting_holiday" if it.holiday else "waiting_closed", words)


def _unsure(it: Expectation, wording: Wording) -> str:
    return wording.say("waiting_unsure") if it.unsure else ""


def how_long(span: timedelta, today: bool) -> str:
    """Return `1 jam`, `3 jam`; beyond today `2 hari`: rounded up, for nobody minds being early."""
    if today:
        return f"{max(1, ceil(span / HOUR))} jam"
    return f"{max(1, ceil(span / timedelta(days=1)))} hari"


def later(it: Expectation, number: str, wording: Wording, now: datetime) -> str:
    """Return what is told when a promise will probably be missed or just was, and what to expect instead."""
    words = {"due": spoken_soon(it.promised_at, now), "number": number}
    before = (it.place or 1) - 1
    said = [
        wording.say("waiting_missed" if it.promised_at <= now else "waiting_later", words),
        wording.say("waiting_before", {"before": str(before)}) if before else "",
        _likely(it, wording, now),
        _closed(it, wording, now),
        wording.say("waiting_still"),
    ]
    return " ".join(part for part in said if part)


def _likely(it: Expectation, wording: Wording, now: datetime) -> str:
    if it.likely is None or it.likely <= it.promised_at:
        return ""
    return wording.say("waiting_likely", {"likely": spoken_soon(it.likely, now)})
