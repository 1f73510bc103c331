"""When a person must look at incentives, the payout account, the account and waves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checks.finding import Queue
from registry.facts import WaveApplication
from tests.actions.programme import INCIDENT, NOW, cast, incentive, wib
from tests.checks.facts import AWAY, DAY, HOUR, NONE_OPEN, SITI, Scene, account, bought, closing, known, needed

DONE = bought("completed", certificate_at=wib(2020, 8, 1), rated_at=wib(2020, 8, 2))
LINKED = account(True, "premium", "linked")
# five working days from 11 August 2020 pass on the 19th, from 12 August on the 24th: 17, 20 and 21 August were off
LATE = known((incentive(1, "scheduled", date(2020, 8, 11)),))
RECENT = known((incentive(1, "scheduled", date(2020, 8, 12)),))
FAILED = known((incentive(1, "failed", date(2020, 7, 1)),))
SURVEY = replace(incentive(1, "scheduled", date(2020, 8, 11)), kind="survey")
UNFILLED = known((replace(SURVEY, status="conditions_not_met", scheduled_for=None),))
NEW = known(replace(cast().people["siti"], account_status="new", verified_nik_kk=False))
LOGIN_DOWN = known((replace(INCIDENT, components=("login",)),))
SOON, LATER = closing(NOW + 24 * HOUR), closing(NOW + 25 * HOUR)
TESTED = "udah tes tapi ga bisa gabung"


def paying(**more: Any) -> dict[str, Any]:
    return {"incentives": LATE, "purchases": DONE, "payout_account": LINKED, **more}


def joining(**more: Any) -> dict[str, Any]:
    return {"participant": SITI, "incidents": NONE_OPEN, "calendar": SOON, "text": TESTED, **more}


SCENES: list[Scene] = [
    ("incentive_not_received", paying(), True),
    ("incentive_not_received", paying(incentives=RECENT), False),
    ("incentive_not_received", paying(incentives=AWAY), False),
    ("incentive_not_received", paying(purchases=bought("completed", rated_at=NOW)), False),
    ("incentive_not_received", paying(purchases=bought("in_progress")), False),
    ("incentive_not_received", paying(purchases=AWAY), False),
    ("incentive_not_received", paying(payout_account=account(False, "premium", "linked")), False),
    ("incentive_not_received", paying(payout_account=AWAY), False),
    ("incentive_not_received", paying(incentives=FAILED), False),
    ("incentive_not_received", paying(incentives=FAILED, repeated=True), True),
    ("incentive_not_received", paying(incentives=FAILED, text="rekening udah diperbaiki tetep gagal"), True),
    ("incentive_not_received", paying(incentives=FAILED, text="rekening belum diperbaiki"), False),
    ("survey_incentive", {"incentives": known((SURVEY,))}, True),
    ("survey_incentive", {"incentives": known((replace(SURVEY, scheduled_for=date(2020, 8, 12)),))}, False),
    ("survey_incentive", {"incentives": known((replace(SURVEY, status="paid"),))}, False),
    ("survey_incentive", {"incentives": UNFILLED, "text": "udah isi survei", "lasted": 14 * DAY}, True),
    ("survey_incentive", {"incentives": UNFILLED, "text": "udah isi survei", "lasted": 5 * DAY}, False),
    ("survey_incentive", {"incentives": UNFILLED, "text": "survei ga muncul", "lasted": 14 * DAY}, False),
    ("survey_incentive", {"incentives": known(()), "text": "survei udah diisi", "lasted": 21 * DAY}, True),
    ("survey_incentive", {"incentives": known(()), "text": "survei ga muncul", "lasted": 21 * DAY}, False),
    ("survey_incentive", {"incentives": AWAY, "text": "udah isi survei", "lasted": 14 * DAY}, False),
    ("payout_account_failed", {"payout_account": account(True, "premium", "failed")}, True),
    ("payout_account_failed", {"payout_account": account(True, "premium", "failed", "akun tidak aktif")}, False),
    ("payout_account_failed", {"payout_account": account(True, "none", "failed")}, False),
    ("payout_account_failed", {"payout_account": account(False, "premium", "failed")}, False),
    ("payout_account_failed", {"payout_account": account(True, "premium", "linked")}, False),
    ("payout_account_failed", {"payout_account": AWAY}, False),
    ("payout_account_failed", {"payout_account": AWAY, "text": "rekeningnya kok atas nama orang lain"}, True),
    ("payout_account_failed", {"text": "bukan orang lain, rekening saya sendiri"}, False),
    ("login_otp", {"participant": SITI, "lasted": 3 * HOUR}, True),
    ("login_otp", {"participant": SITI, "lasted": 2 * HOUR}, False),
    ("login_otp", {"participant": AWAY, "lasted": 3 * HOUR}, False),
    ("login_otp", {"participant": SITI, "lasted": 3 * HOUR, "text": "itu email lama"}, False),
    ("login_otp", {"bound": False, "lasted": 3 * HOUR, "text": "emailnya udah bener"}, True),
    ("login_failed", {"participant": SITI, "incidents": NONE_OPEN}, False),
    ("login_failed", {"participant": SITI, "incidents": NONE_OPEN, "repeated": True}, True),
    ("login_failed", {"participant": SITI, "incidents": NONE_OPEN, "text": "sandinya udah bener"}, True),
    ("login_failed", {"participant": SITI, "incidents": LOGIN_DOWN, "repeated": True}, False),
    ("login_failed", {"participant": NEW, "incidents": NONE_OPEN, "repeated": True}, False),
    ("login_failed", {"participant": AWAY, "incidents": NONE_OPEN, "repeated": True}, False),
    ("login_failed", {"text": "lupa email yg didaftarin"}, True),
    ("login_failed", {"text": "email sy udah ga bisa dibuka"}, True),
    ("login_failed", {"text": "emailnya ga hilang, cuma lupa sandi"}, False),
    ("identity_verification_failed", {"participant": SITI, "incidents": NONE_OPEN, "times": 3}, True),
    ("identity_verification_failed", {"participant": SITI, "incidents": NONE_OPEN, "times": 2}, False),
    ("identity_verification_failed", {"participant": NEW, "incidents": NONE_OPEN, "times": 5}, False),
    (
        "identity_verification_failed",
        {"participant": NEW, "incidents": NONE_OPEN, "times": 5, "text": "padahal datanya udah bener"},
        True,
    ),
    (
        "identity_verification_failed",
        {"participant": SITI, "incidents": NONE_OPEN, "times": 5, "text": "fotonya buram emang"},
        False,
    ),
    ("identity_verification_failed", {"participant": AWAY, "incidents": NONE_OPEN, "times": 5}, False),
    ("blocked_by_other_data", {"text": "ada surat lulus, di pddikti udah diperbaiki, masih ditolak"}, True),
    ("blocked_by_other_data", {"text": "saya udah lulus, ada surat dari kampus"}, False),
    ("blocked_by_other_data", {"text": "pddikti udah diperbaiki"}, False),
    ("blocked_by_other_data", {"text": "punya surat tapi blm diperbaiki kampus"}, False),
    ("blocked_by_other_data", {"text": "katanya terdaftar sebagai mahasiswa"}, False),
    ("change_contact", {"text": "hp ilang otp ke nomor lama"}, True),
    ("change_contact", {"text": "nomer udah mati, gabisa login"}, True),
    ("change_contact", {"text": "nomer hp sy udah ga aktif gmn"}, False),
    ("change_contact", {"text": "ga bisa login, mau ganti email"}, False),
    ("change_contact", {"text": "hp ga hilang tapi ga bisa login"}, False),
    ("join_wave_failed", joining(), True),
    ("join_wave_failed", joining(calendar=LATER), False),
    ("join_wave_failed", joining(calendar=closing(NOW - HOUR)), False),
    ("join_wave_failed", joining(calendar=AWAY, text=f"{TESTED}, tutup hari ini"), False),
    ("join_wave_failed", joining(participant=NEW), False),
    ("join_wave_failed", joining(waves=known((WaveApplication(5, "joined", None),))), False),
    ("join_wave_failed", joining(participant=AWAY), False),
    ("join_wave_failed", joining(incidents=LOGIN_DOWN), False),
    ("join_wave_failed", joining(incidents=AWAY), False),
    ("join_wave_failed", joining(text="belum tes"), False),
]


@pytest.mark.parametrize(("intent", "given", "expected"), SCENES)
def test_a_person_looks_exactly_when_the_taxonomy_says_so(
    intent: str, given: Mapping[str, Any], expected: bool
) -> None:
    assert (needed(intent, **given) is not None) is expected


def test_an_account_under_somebody_else_is_for_security_and_one_refused_in_order_for_the_partner() -> None:
    other = needed("payout_account_failed", text="dipake orang lain")
    refused = needed("payout_account_failed", payout_account=account(True, "premium", "failed"))
    assert other is not None
    assert refused is not None
    assert (other.queue, refused.queue) == (Queue.SECURITY, Queue.PAYMENT_PARTNER)
