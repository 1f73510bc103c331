"""P and policy: until when must the first training be bought? The date on the card decides, not a number of days."""

from checks.card import LAST_DAYS
from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, moment
from checks.situation import Situation, known
from checks.system_status import BUYING, incident_for
from records.clock import wib
from registry.facts import Card
from registry.interface import CouldNotAsk

NAME = "deadline"
LABEL = "Batas pembelian pertama"
RULE_LABEL = "Aturan batas beli"
DAYS_LEFT = (
    "besok",
    "hari ini",
    "lusa",
    "nanti malam",
    "tinggal 1 hari",
    "tinggal 2 hari",
    "tinggal 3 hari",
    "tinggal sehari",
)
"""How a person who is not known tells that three days or fewer remain."""
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


def rule(situation: Situation) -> Finding | None:
    """Say in how many days the first training must be bought, as the rule stood for them; their own date says more."""
    answer = situation.rule
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("deadline_rule", "Aturan batas beli", answer)
    policy = known(answer)
    if policy is None:
        return Finding("deadline_rule", Verdict.NO, "Aturannya tidak tercatat", (evidence(RULE_LABEL, answer, ""),))
    words = {"days": policy.value, "as_of": day(policy.as_of)}
    shown = (evidence(RULE_LABEL, answer, f"{policy.value} hari ({policy.source})"),)
    own = known(situation.card)
    advice = None if own is not None and own.first_purchase_due else "deadline_rule"
    return Finding("deadline_rule", Verdict.YES, f"Aturan: {policy.value} hari", shown, advice, words=words)


def blocked_near_deadline(situation: Situation) -> bool:
    """Whether three days or fewer remain, nothing is bought, and an open incident disturbs buying.

    Where the purchases could not be asked, that nothing is bought is taken from the complaint.
    """
    if incident_for(situation, BUYING) is None:
        return False
    if not situation.bound:
        return situation.says(*DAYS_LEFT) and situation.mentions("batas", "terakhir", "deadline", "hangus", "tenggat")
    card: Card | None = known(situation.card)
    if card is None or card.first_purchase_due is None or card.status == "revoked":
        return False
    if any(it.state in BOUGHT for it in known(situation.purchases) or ()):
        return False
    left = wib(card.first_purchase_due).date() - wib(situation.now).date()
    return situation.now <= card.first_purchase_due and left <= LAST_DAYS


def _days(left: int) -> str:
    return "hari ini" if left == 0 else f"{left} hari lagi" if left > 0 else "sudah lewat"
