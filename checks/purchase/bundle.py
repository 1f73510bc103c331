"""A bundle bought while bundles were sold stays good: the stop of 30 June 2020 does not reach back."""

from datetime import date

from checks.finding import Finding, Verdict
from checks.indonesian import day
from checks.purchase.choosing import PAID
from checks.purchase.words import NAME, failed, not_asked, shown, told
from checks.situation import Situation, known
from records.clock import wib
from registry.facts import Purchase

LAST_DAY = date(2020, 6, 30)


def check(situation: Situation) -> Finding | None:
    """Say whether they hold a bundle bought in time; nothing is said to whoever holds none."""
    if not_asked(situation):
        return None
    if (unknown := failed(situation)) is not None:
        return unknown
    mine = bought_bundle(situation)
    if mine is None:
        return None
    words = told(mine) | {"when": day(mine.paid_at or mine.created_at)}
    in_time = wib(mine.paid_at or mine.created_at).date() <= LAST_DAY
    advice = "bundle_bought_in_time" if in_time else None
    summary = f"Paket dibeli {words['when']}"
    return Finding(NAME, Verdict.YES if in_time else Verdict.NO, summary, shown(mine, situation), advice, words=words)


def bought_bundle(situation: Situation) -> Purchase | None:
    """Return the bundle they paid for, or none."""
    mine = [it for it in known(situation.purchases) or () if it.is_bundle and it.state in PAID]
    return max(mine, key=lambda it: it.created_at, default=None)
