"""K: is there a dated article that answers this? The article itself is worded elsewhere; here it is evidence."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.situation import Situation, known
from registry.interface import CouldNotAsk

NAME = "knowledge"
LABEL = "Artikel"


def check(situation: Situation) -> Finding | None:
    """Say which article speaks of this question on this day, if one does."""
    answer = situation.article
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    article = known(answer)
    if article is None:
        return Finding(NAME, Verdict.NO, "Belum ada artikelnya", (evidence(LABEL, answer, ""),))
    shown = (evidence(LABEL, answer, article.title),)
    if article.near:
        return Finding(NAME, Verdict.NO, f"Artikel terdekat: {article.title}", shown)
    return Finding(NAME, Verdict.YES, f"Artikel: {article.title}", shown)
