"""P and policy: until when must the first training be bought? The date on the card decides, not a number of days."""

from datetime import timedelta

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import moment
from checks.situation import Situation, known
from checks.system_status import BUYING, incident_for
from records.clock import wib
from registry.facts import Card
from registry.interface import CouldNotAsk

NAME = "deadline"
LABEL = "Batas pembelian pertama"
CLOSE = timedelta(days=3)
BOUGHT = ("paid_without_code", "code_issued", "redeemed", "in_progress", "completed", "code_expired")


def check(situation: Situation) -> Finding | None:
    """Say when the deadline is and how many days are left; yes means there is still time."""
    answer = situation.card
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    card = known(answer)
    if card is None or card.first_purchase_due is None:
        return None
    due = card.first_purchase_due
    left = (wib(due).date() - wib(situation.now).date()).days
    words = {"due": moment(due), "left": _days(left), "cause": card.reason or ""}
    shown = (evidence(LABEL, answer, words["due"]),)
    if any(it.state in BOUGHT for it in known(situation.purchases) or ()):
        return Finding(NAME, Verdict.YES, "Pelatihan pertama sudah dibeli", shown, "deadline_met", words=words)
    if due < situation.now:
        return Finding(NAME, Verdict.NO, f"Batas {words['due']} sudah lewat", shown, "deadline_passed", words=words)
    return Finding(NAME, Verdict.YES, f"Batas {words['due']} ({words['left']})", shown, "deadline_open", words=words)


def blocked_near_deadline(situation: Situation) -> bool:
    """Whether three days or fewer remain, nothing is bought, and an open incident disturbs buying."""
    card: Card | None = known(situation.card)
    if card is None or card.first_purchase_due is None or card.status == "revoked":
        return False
    if any(it.state in BOUGHT for it in known(situation.purchases) or ()):
        return False
    left = wib(card.first_purchase_due).date() - wib(situation.now).date()
    return left <= CLOSE and incident_for(situation, BUYING) is not None


def _days(left: int) -> str:
    return "hari ini" if left == 0 else f"{left} hari lagi" if left > 0 else "sudah lewat"
