"""What somebody who waits is told: their place, the pace where it is known, when people are back, and no more."""

from dataclasses import replace
from datetime import datetime

import pytest

from checks.expected import expected, later
from checks.wording import Wording
from records.clock import WIB
from records.expectation import Expectation

WORDING = Wording.read()
NOW = datetime(2020, 8, 24, 10, tzinfo=WIB)
EVENING = datetime(2020, 8, 24, 18, tzinfo=WIB)
USUAL = Expectation(EVENING, place=7, likely=datetime(2020, 8, 24, 11, 40, tzinfo=WIB))
MONDAY = datetime(2020, 8, 24, 8, tzinfo=WIB)


@pytest.mark.parametrize(
    ("it", "now", "said"),
    [
        (USUAL, NOW, "Kakak urutan ke-7; biasanya dibalas dalam 2 jam."),
        (replace(USUAL, likely=None), NOW, "Kakak urutan ke-7."),
        (replace(USUAL, likely=datetime(2020, 8, 25, 9, tzinfo=WIB)), NOW, "Kakak urutan ke-7."),
        (Expectation(EVENING), NOW, ""),
        (
            Expectation(EVENING, place=2, opens=MONDAY),
            datetime(2020, 8, 23, 21, tzinfo=WIB),
            "Kakak urutan ke-2. Sekarang di luar jam kerja; petugas kembali besok, Senin 24 Agustus, pukul 08.00 WIB.",
        ),
        (
            Expectation(EVENING, place=1, opens=datetime(2020, 8, 22, 8, tzinfo=WIB), holiday="Tahun Baru Islam"),
            datetime(2020, 8, 20, 9, tzinfo=WIB),
            "Kakak urutan ke-1. Hari ini libur (Tahun Baru Islam); petugas kembali Sabtu, 22 Agustus 2020 pukul "
            "08.00 WIB.",
        ),
        (
            replace(USUAL, likely=None, unsure=True),
            NOW,
            "Kakak urutan ke-7. Bila ada hari libur di antaranya, jawabannya bisa mundur.",
        ),
    ],
)
def test_place_and_pace_are_told_as_far_as_they_are_known(it: Expectation, now: datetime, said: str) -> None:
    assert expected(it, WORDING, now) == said


def test_before_a_promise_is_missed_the_truth_is_told_with_a_new_estimate() -> None:
    worse = replace(USUAL, likely=datetime(2020, 8, 25, 9, tzinfo=WIB))
    assert later(worse, "T-100001", WORDING, NOW) == (
        "Kak, laporan T-100001 mungkin belum terjawab sampai hari ini pukul 18.00 WIB; maaf ya. Masih ada 6 laporan "
        "yang lebih dulu. Perkiraan kami sekarang, Kakak dijawab besok, Selasa 25 Agustus, pukul 09.00 WIB. "
        "Laporan Kakak tetap diurus dan tidak perlu dikirim ulang."
    )


def test_a_missed_promise_is_called_missed_and_no_estimate_is_made_up() -> None:
    said = later(Expectation(EVENING, place=1), "T-100001", WORDING, datetime(2020, 8, 24, 19, tzinfo=WIB))
    assert "belum terjawab sampai waktu yang kami janjikan (hari ini pukul 18.00 WIB)" in said
    assert "Perkiraan" not in said
