"""P: the card: active or revoked, what is left on it, and whether it was revoked while the system failed its owner."""

from datetime import timedelta

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, moment, rupiah
from checks.situation import Situation, could_not_ask, known
from checks.system_status import BUYING, incident_for
from records.clock import wib
from registry.facts import Card
from registry.interface import CouldNotAsk

NAME = "card"
LABEL = "Kartu"
STATUS = {"inactive": "belum aktif", "active": "aktif", "revoked": "dicabut", "finished": "selesai"}
BALANCE_DUE_AFTER = timedelta(days=7)
RULE_UNTIL = 2021
"""Until then, whoever was revoked could not register again."""
LAST_DAYS = timedelta(days=3)
"""An outage in these days of a deadline is what an open one would have made urgent."""


def check(situation: Situation) -> Finding | None:
    """Say whether the card is active and what is left on it."""
    answer = situation.card
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    card = known(answer)
    if card is None:
        nothing = (evidence(LABEL, answer, ""),)
        return Finding(NAME, Verdict.NO, "Belum ada kartu", nothing, advice="card_none")
    status = STATUS.get(card.status, card.status)
    shown = (evidence(LABEL, answer, f"…{card.last4}: {status}, saldo {rupiah(card.available_balance)}"),)
    words = {
        "status": status,
        "last4": card.last4,
        "balance": rupiah(card.available_balance),
        "holds": rupiah(card.open_holds),
    }
    if card.status != "active":
        advice = f"card_{card.status}" if card.status in STATUS else "card_not_active"
        return Finding(NAME, Verdict.NO, f"Kartu {status}", shown, advice, words=words)
    advice = "card_active_with_hold" if card.open_holds else "card_active"
    return Finding(NAME, Verdict.YES, f"Kartu aktif, saldo {words['balance']}", shown, advice, words=words)


def recipient(situation: Situation) -> Finding | None:
    """Say for staff since when they are a recipient: the rules of that day are theirs."""
    answer = situation.card
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("recipient", "Penerima", answer)
    card = known(answer)
    since = card.recipient_since if card else None
    told = f"sejak {day(since)}" if since else "belum tercatat"
    shown = (evidence("Penerima", answer, told),)
    return Finding("recipient", Verdict.YES if since else Verdict.NO, f"Penerima: {told}", shown)


def balance_missing(situation: Situation) -> bool:
    """Whether a recipient of more than seven days has nothing on the card and, by the ledger, never had."""
    card = known(situation.card)
    if card is None or card.recipient_since is None or card.available_balance or card.open_holds:
        return False
    if situation.ledger is None or could_not_ask(situation.ledger):
        return False
    granted = sum(entry.amount for entry in known(situation.ledger) or () if entry.kind == "grant")
    return granted == 0 and wib(situation.now).date() - card.recipient_since > BALANCE_DUE_AFTER


def revocation(situation: Situation) -> Finding | None:
    """Say whether participation was revoked, when and why, and whether an incident overlapped the thirty days."""
    answer = situation.card
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("revocation", "Kepesertaan", answer)
    card = known(answer)
    if card is None:
        return Finding("revocation", Verdict.NO, "Belum ada kartu", (evidence("Kepesertaan", answer, ""),), "card_none")
    if card.status != "revoked":
        shown = (evidence("Kepesertaan", answer, STATUS.get(card.status, card.status)),)
        return Finding(
            "revocation", Verdict.NO, "Tidak dicabut", shown, "not_revoked", words={"status": shown[0].value}
        )
    overlap = overlapping_incident(situation, card)
    words = {
        "later": _only_later(situation, card),
        "when": day(card.revoked_at) if card.revoked_at else "tanggal yang tidak tercatat",
        "reason": card.reason or "alasan yang tidak tercatat",
        "due": moment(card.first_purchase_due) if card.first_purchase_due else "tanggal yang tidak tercatat",
    }
    shown = (evidence("Kepesertaan", answer, f"dicabut {words['when']}: {words['reason']}"),)
    summary = f"Dicabut {words['when']}" + (", gangguan tercatat sebelum batas waktu" if overlap else "")
    then = card.revoked_at is not None and wib(card.revoked_at).year <= RULE_UNTIL
    advice = "revoked_during_incident" if overlap else "revoked_by_the_rule_of_2020" if then else "revoked"
    return Finding("revocation", Verdict.YES, summary, shown, advice, words=words)


def _only_later(situation: Situation, card: Card) -> str:
    """Say since when buying is disturbed, where that began after the deadline had passed."""
    due = card.first_purchase_due
    open_now = incident_for(situation, BUYING)
    if due is None or open_now is None or open_now.started_at <= due:
        return ""
    return f" Kendala pembelian yang tercatat mulai {day(open_now.started_at)}, sesudah batas itu."


def overlapping_incident(situation: Situation, card: Card) -> bool:
    """Whether buying was disturbed at any time in the last three days before the deadline."""
    due = card.first_purchase_due
    if due is None:
        return False
    incidents = known(situation.incidents) or ()
    return any(it.touches(BUYING) and it.overlaps(due - LAST_DAYS, due, situation.now) for it in incidents)
