"""What the ledger says: the last charges, one taken twice or for nothing, and money that should be back."""

from collections import Counter
from datetime import timedelta

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, rupiah
from checks.purchase.choosing import NOT_CHARGED, subject
from checks.purchase.words import failed, none_recorded, not_asked, shown, told
from checks.situation import Situation, known
from registry.facts import LedgerEntry, Purchase
from registry.interface import CouldNotAsk

NAME = "ledger"
LABEL = "Riwayat saldo"
REFUND_PATIENCE = timedelta(days=1)


def charges(situation: Situation) -> Finding | None:
    """Say what was charged last, and whether a charge stands twice or without a live purchase."""
    answer = situation.ledger
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    captures = [entry for entry in known(answer) or () if entry.kind == "capture"]
    if not captures:
        nothing = (evidence(LABEL, answer, "belum ada potongan"),)
        return Finding(NAME, Verdict.YES, "Tidak ada potongan tercatat", nothing, advice="ledger_no_charge")
    lines = "; ".join(f"{rupiah(entry.amount)} pada {day(entry.at)}" for entry in captures[:3])
    lines_shown = (evidence(LABEL, answer, lines),)
    wrong = wrongly_charged(situation)
    advice = "ledger_wrong" if wrong else "ledger_charges"
    verdict = Verdict.NO if wrong else Verdict.YES
    return Finding(NAME, verdict, f"Potongan: {lines}", lines_shown, advice, words={"lines": lines})


def wrongly_charged(situation: Situation) -> bool:
    """Whether one purchase was captured twice, or a purchase that failed was captured and not given back."""
    entries = known(situation.ledger) or ()
    taken = Counter(entry.purchase_id for entry in entries if entry.kind == "capture")
    back = Counter(entry.purchase_id for entry in entries if entry.kind == "refund")
    dead = {it.id for it in known(situation.purchases) or () if it.state in NOT_CHARGED}
    return any(taken[it] - back[it] > (0 if it in dead else 1) for it in taken)


def cancel_or_refund(situation: Situation) -> Finding | None:
    """Say whether a purchase is being cancelled, was given back, or is simply regretted."""
    if not_asked(situation):
        return None
    if (failure := failed(situation)) is not None:
        return failure
    meant = subject(situation)
    if meant is None:
        return none_recorded(situation, "no_order_recorded")
    advice = "cancel_regret"
    if meant.state == "cancelling":
        advice = "refund_under_way"
    elif meant.state == "refunded":
        advice = "refund_done" if returned(meant, situation) else "refund_missing"
    verdict = Verdict.YES if advice == "refund_done" else Verdict.NO
    return Finding(
        "purchase", verdict, f"Status: {told(meant)['state']}", shown(meant, situation), advice, words=told(meant)
    )


def returned(purchase: Purchase, situation: Situation) -> bool:
    """Whether the ledger shows the money of this purchase back (true where the ledger could not be asked)."""
    ledger: tuple[LedgerEntry, ...] | None = known(situation.ledger)
    if ledger is None:
        return True
    return any(entry.kind == "refund" and entry.purchase_id == purchase.id for entry in ledger)


def class_cancelled(purchase: Purchase) -> bool:
    """Whether the institution called the class off."""
    reason = (purchase.failure_reason or "").lower()
    return purchase.state in ("cancelling", "refunded") and "dibatalkan" in reason and "peserta" not in reason
