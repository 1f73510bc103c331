"""The redeem code a person sent: what the programme says of it, told only where it belongs to a purchase of theirs.

A code of somebody else is answered exactly like one that does not exist. Whoever used a code is never said.
"""

from dataclasses import replace

from checks.evidence import evidence
from checks.finding import Evidence, Finding, Verdict
from checks.indonesian import asked_at, moment
from checks.purchase.words import NAME, told
from checks.situation import Situation, known
from registry.facts import Purchase, RedeemStatus
from registry.interface import CouldNotAsk, Known
from registry.refusals import CODE_CANCELLED, OTHER_INSTITUTION, TRANSACTION_CANCELLED, WRONG_TYPE

LABEL = "payment/redeem-code/status"
NOT_THEIRS = "tidak cocok dengan pembelian orang ini"
TYPES = {"webinar": "webinar", "self_paced": "pembelajaran mandiri", "offline": "tatap muka"}
REFUSED = {
    WRONG_TYPE: "redeem_wrong_type",
    OTHER_INSTITUTION: "redeem_other_institution",
    CODE_CANCELLED: "redeem_code_cancelled",
    TRANSACTION_CANCELLED: "redeem_transaction_cancelled",
}
SAID = {
    WRONG_TYPE: "ditolak: tipe pelatihan tidak sesuai",
    OTHER_INSTITUTION: "ditolak: milik lembaga lain",
    CODE_CANCELLED: "ditolak: kode dibatalkan",
    TRANSACTION_CANCELLED: "ditolak: transaksi dibatalkan",
}


def check(situation: Situation) -> Finding | None:
    """Say what is so of the code that was sent; none where none was."""
    answer = situation.redeem
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return _open(answer, situation)
    mine = theirs(situation)
    if mine is None or not isinstance(answer, Known):
        shown = _shown(situation, NOT_THEIRS)
        return Finding(NAME, Verdict.NO, f"Kode yang dikirim {NOT_THEIRS}", shown, "redeem_not_theirs")
    said = _said(answer.value)
    words = told(mine) | _words(answer.value) | {"asked": asked_at(answer.as_of, situation.now)}
    verdict = Verdict.YES if answer.value.used else Verdict.NO
    summary = f"Kode yang dikirim, {told(mine)['course']}: {said}"
    return Finding(NAME, verdict, summary, _shown(situation, said), _advice(answer.value), words=words)


def theirs(situation: Situation) -> Purchase | None:
    """Return the purchase the sent code belongs to, if it is one of theirs."""
    status = known(situation.redeem)
    return _own(status, situation) if status else None


def used(situation: Situation) -> bool:
    """Whether a code of theirs has been redeemed, though the purchase records do not say so."""
    status, mine = known(situation.redeem), theirs(situation)
    return status is not None and mine is not None and status.used and mine.redeemed_at is None


def cancelled(situation: Situation) -> bool:
    """Whether the programme calls a code of theirs cancelled."""
    status = known(situation.redeem)
    off = status is not None and status.refusal in (CODE_CANCELLED, TRANSACTION_CANCELLED)
    return off and theirs(situation) is not None


def _own(status: RedeemStatus, situation: Situation) -> Purchase | None:
    mine = known(situation.purchases) or ()
    return next((it for it in mine if it.invoice_code and it.invoice_code == status.invoice_code), None)


def _advice(status: RedeemStatus) -> str:
    if status.used:
        return "redeem_used_already"
    return REFUSED.get(status.refusal or "", "redeem_still_usable")


def _said(status: RedeemStatus) -> str:
    if status.used:
        return f"sudah dipakai {moment(status.redeem_at)}" if status.redeem_at else "sudah dipakai"
    return SAID.get(status.refusal or "", "belum dipakai")


def _words(status: RedeemStatus) -> dict[str, str]:
    when = f" pada {moment(status.redeem_at)}" if status.redeem_at else ""
    return {"when": when, "type": TYPES.get(status.course_type or "", "pelatihan yang dibeli")}


def _open(answer: CouldNotAsk, situation: Situation) -> Finding:
    """The code could not be looked up: its last known state is told only where it is theirs."""
    last = answer.last_known
    status = last.value if isinstance(last, Known) and _own(last.value, situation) else None
    word = _said(status) if status else NOT_THEIRS
    told_last = f" Terakhir, per {asked_at(last.as_of, situation.now)}, kode itu {word}." if status and last else ""
    # a code nobody has and one of somebody else read the same, to staff as well
    seen = Known(word, last.source, last.as_of, last.took_ms) if last else None
    shown = (evidence(LABEL, replace(answer, last_known=seen), "", last=word),)
    return Finding(
        NAME,
        Verdict.UNKNOWN,
        "Kode yang dikirim belum bisa dicek",
        shown,
        "redeem_could_not_ask",
        words={"last": told_last},
    )


def _shown(situation: Situation, said: str) -> tuple[Evidence, ...]:
    """One line of evidence; whether a code exists at all cannot be read from it."""
    answer = situation.redeem
    if answer is None or isinstance(answer, CouldNotAsk):
        return ()
    return (Evidence(LABEL, said, answer.source, answer.as_of, answer.took_ms),)
