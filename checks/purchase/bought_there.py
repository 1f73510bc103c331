"""B: what they bought at the partner they complain about, so that staff need not ask."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.purchase.words import LABEL, told
from checks.situation import Situation, known
from registry.interface import CouldNotAsk


def check(situation: Situation) -> Finding | None:
    """Say for staff what was bought last, at the platform they name if they name one."""
    answer = situation.purchases
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("purchase", LABEL, answer)
    mine = [it for it in known(answer) or () if situation.platform in (None, it.platform_id)]
    newest = max(mine, key=lambda it: it.created_at, default=None)
    if newest is None:
        return Finding("purchase", Verdict.NO, "Tidak ada pembelian di sana", (evidence(LABEL, answer, "tidak ada"),))
    words = told(newest)
    summary = f"“{words['course']}” ({words['institution']}, {words['platform']}): {words['state']}"
    return Finding("purchase", Verdict.YES, summary, (evidence(LABEL, answer, summary),))
