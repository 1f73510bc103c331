"""T: what became of earlier reports, of this chat or its bound participant and of nobody else."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import listed, moment
from checks.situation import Situation, known
from checks.tickets import TicketFact
from registry.interface import CouldNotAsk

NAME = "tickets"
LABEL = "Laporan sebelumnya"


def check(situation: Situation) -> Finding | None:
    """Say whether earlier reports stand open; no means that a promise has passed."""
    answer = situation.tickets
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    mine = _open(situation)
    numbers = listed([it.number for it in mine])
    shown = (evidence(LABEL, answer, f"terbuka: {numbers}" if numbers else "tidak ada yang terbuka"),)
    if not mine:
        return Finding(NAME, Verdict.YES, "Tidak ada laporan terbuka", shown)
    first = late(situation) or mine[0]
    words = {"number": first.number, "due": moment(first.promised_at)}
    if first.late_at(situation.now):
        summary = f"Laporan {first.number} lewat dari janji {words['due']}"
        return Finding(NAME, Verdict.NO, summary, shown, "earlier_report_late", words=words)
    return Finding(NAME, Verdict.YES, f"Laporan terbuka: {numbers}", shown, words=words)


def late(situation: Situation) -> TicketFact | None:
    """Return the report whose promise passed longest ago, or none."""
    overdue = [it for it in _open(situation) if it.late_at(situation.now)]
    return min(overdue, key=lambda it: it.promised_at, default=None)


def _open(situation: Situation) -> list[TicketFact]:
    return [it for it in known(situation.tickets) or () if it.open]
