"""A: where incentives go: linked, with the same NIK, upgraded where it is an e-wallet."""

from checks.evidence import evidence, unknown
from checks.finding import Finding, Verdict
from checks.situation import Situation, known
from registry.interface import CouldNotAsk

NAME = "payout_account"
LABEL = "Rekening/e-wallet"
STATUS = {"not_linked": "belum tersambung", "linked": "tersambung", "failed": "gagal", "unlinked": "diputus"}
BANKS = ("bni", "bca")
THE_PARTNERS = ("tidak aktif", "ditutup", "diblokir", "dibekukan")
"""Reasons that only the bank or e-wallet can end: the refusal is in order, the account is not."""


def check(situation: Situation) -> Finding | None:
    """Say whether a payout account is linked and in order; names the condition that fails."""
    answer = situation.payout_account
    if answer is None:
        return None
    if isinstance(answer, CouldNotAsk):
        return unknown(NAME, LABEL, answer)
    account = known(answer)
    if account is None:
        nothing = (evidence(LABEL, answer, ""),)
        return Finding(NAME, Verdict.NO, "Belum ada rekening tersambung", nothing, advice="payout_not_linked")
    status = STATUS.get(account.status, account.status)
    shown = (evidence(LABEL, answer, f"{account.partner_name} …{account.last4[-2:]}: {status}"),)
    words = {"partner": account.partner_name, "status": status, "reason": account.reason or "alasannya tidak tercatat"}
    advice = _advice(account.status, account.nik_matches, account.kyc, account.partner_id)
    verdict = Verdict.YES if advice == "payout_linked" else Verdict.NO
    return Finding(NAME, verdict, f"{account.partner_name}: {status}", shown, advice, words=words)


def refused_in_order(situation: Situation) -> bool:
    """Whether linking failed although the NIK matches and the e-wallet is upgraded."""
    account = known(situation.payout_account)
    if account is None or account.status != "failed":
        return False
    if any(word in (account.reason or "").lower() for word in THE_PARTNERS):
        return False
    return account.nik_matches and (account.kyc == "premium" or account.partner_id in BANKS)


def _advice(status: str, nik_matches: bool, kyc: str, partner_id: str) -> str:
    if status in ("not_linked", "unlinked"):
        return f"payout_{status}"
    if not nik_matches:
        return "payout_nik_differs"
    if kyc != "premium" and partner_id not in BANKS:
        return "payout_not_premium"
    return "payout_failed_in_order" if status == "failed" else "payout_linked"
