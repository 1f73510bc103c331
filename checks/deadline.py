"""P and policy: until when must the first training be bought? The date on the card decides, not a number of days."""

from checks.card import LAST_DAYS, overlapping_incident
from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, moment
from checks.situation import Situation, could_not_ask, known
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
"""How people tell that three days or fewer remain."""
FAILING = ("gagal", "tidak bisa", "error", "terganggu", "gangguan")
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
    if passed_during_incident(situation):
        summary = f"Batas {words['due']} sudah lewat, gangguan tercatat menjelang batasnya"
        return Finding(NAME, Verdict.NO, summary, shown, "deadline_passed_during_incident", words=words)
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


def passed_during_incident(situation: Situation) -> bool:
    """Whether the deadline has passed with nothing bought, and an incident overlapped it: revocation may follow."""
    card = known(situation.card)
    if card is None or card.first_purchase_due is None or card.first_purchase_due >= situation.now:
        return False
    bought = any(it.state in BOUGHT for it in known(situation.purchases) or ())
    return not bought and card.status != "revoked" and overlapping_incident(situation, card)


def blocked_near_deadline(situation: Situation) -> bool:
    """Whether three days or fewer remain, nothing is bought, and an open incident disturbs buying.

    So near the end nobody waits for a source: what could not be asked is taken from what the person says.
    """
    if incident_for(situation, BUYING) is None:
        return could_not_ask(situation.incidents) and situation.says(*FAILING) and _near(situation)
    return _near(situation)


def _near(situation: Situation) -> bool:
    if not situation.bound or could_not_ask(situation.card):
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
