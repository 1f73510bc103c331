"""B: the first training: is it unfinished (2020-2021: no second one meanwhile), and does it carry an incentive yet?"""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.indonesian import day, listed
from checks.purchase.choosing import NOT_CHARGED, subject
from checks.purchase.words import LABEL, not_asked, told
from checks.situation import Situation, known
from records.clock import wib
from registry.buying import ONE_AT_A_TIME_UNTIL, UNFINISHED
from registry.facts import Purchase
from registry.interface import CouldNotAsk

FINISHED = ("completed",)


def unfinished(situation: Situation) -> Finding | None:
    """Say whether an unfinished training stands in the way of the next one; nothing where none does."""
    if not_asked(situation) or wib(situation.now).date() > ONE_AT_A_TIME_UNTIL:
        return None
    answer = situation.purchases
    if answer is None or isinstance(answer, CouldNotAsk):
        return None
    running = _running(situation)
    if running is None or running is subject(situation):
        return None
    words = told(running)
    summary = f"Pelatihan sebelumnya belum selesai: “{words['course']}” {words['state']}"
    shown = (evidence(LABEL, answer, summary),)
    return Finding("unfinished", Verdict.NO, summary, shown, "training_unfinished", words=words)


def conditions(situation: Situation) -> Finding | None:
    """Say for staff whether training, certificate and review are all in the records; no means one is missing."""
    answer = situation.purchases
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("conditions", "Syarat insentif", answer)
    lacking = missing(situation)
    summary = f"Syarat belum lengkap: {listed(lacking)}" if lacking else "Pelatihan, sertifikat, dan ulasan tercatat"
    shown = (evidence("Syarat insentif", answer, summary),)
    return Finding("conditions", Verdict.NO if lacking else Verdict.YES, summary, shown)


def missing(situation: Situation) -> list[str]:
    """Return what the records lack of a finished first training; nothing where they could not be asked."""
    if known(situation.purchases) is None and (
        situation.purchases is None or isinstance(situation.purchases, CouldNotAsk)
    ):
        return []
    finished = [it for it in known(situation.purchases) or () if it.state in FINISHED]
    conditions = {
        "pelatihan pertama yang tercatat selesai": bool(finished),
        "sertifikatnya": not finished or any(it.certificate_at for it in finished),
        "rating dan ulasannya": not finished or any(it.rated_at for it in finished),
    }
    return [name for name, met in conditions.items() if not met]


def attempts_before_deadline(situation: Situation) -> Finding | None:
    """Say which purchases were tried and failed before the first deadline; nothing where none is recorded."""
    answer = situation.purchases
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown("tries", "Percobaan beli", answer)
    card = known(situation.card)
    due = card.first_purchase_due if card else None
    failed = [it for it in known(answer) or () if it.state in NOT_CHARGED]
    tries = [it for it in failed if due is None or it.created_at <= due]
    if not tries:
        nothing = (evidence("Percobaan beli", answer, "tidak ada"),)
        return Finding("tries", Verdict.NO, "Tidak ada percobaan beli tercatat", nothing)
    newest = max(tries, key=lambda it: it.created_at)
    words = told(newest) | {"count": str(len(tries))}
    summary = f"{len(tries)} percobaan beli sebelum batas, terakhir {day(newest.created_at)}: {words['reason']}"
    shown = (evidence("Percobaan beli", answer, summary),)
    # "before that deadline" means nothing where no deadline is known
    return Finding("tries", Verdict.YES, summary, shown, "tries_before" if due else None, words=words)


def _running(situation: Situation) -> Purchase | None:
    mine = [it for it in known(situation.purchases) or () if it.state in UNFINISHED]
    return max(mine, key=lambda it: it.created_at, default=None)
