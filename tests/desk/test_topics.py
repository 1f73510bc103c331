"""Likeness: one subject in many spellings is one topic, two subjects stay two, and a name holds nobody's own words."""

from itertools import combinations

import pytest

from desk.topics.gathering import taught
from desk.topics.likeness import Group, gathered
from desk.topics.naming import name_of

TOPICS = {
    "kartu fisik": (
        *("kartu prakerja fisiknya dikirim kapan ya?", "apakah kartu fisik prakerja dikirim ke rumah"),
        *("kartunya ada bentuk fisik ga min", "kpn kartu fisik nya dikirim kerumah", "kartu fisik blm dikirim jg"),
        *("min kartu fisik prakerja diambil dimana", "ada kartu fisiknya gak sih", "kartu fisk dikirim lewat pos?"),
    ),
    "magang": (
        *("habis pelatihan ada magang gak?", "apakah ada program magang setelah pelatihan"),
        *("min abis kelas bisa magang ga", "magangnya dimana min sesudah pelatihan", "info magang dong min"),
        *("gmn cara ikut magang stlh selesai kursus", "pelatihan ini dapat tempat magang?"),
    ),
    "ganti nomor": (
        *("hp saya hilang gimana ganti nomor", "mau ganti nomer hp krn hp ilang", "no hp saya hangus, gantinya gmn"),
        *("cara ubah no hp akun prakerja hp lama hilang", "nomor telepon lama sdh mati mau ganti nomor baru"),
    ),
    "pajak": (
        *("insentif prakerja kena pajak tidak?", "apakah uang insentif dipotong pajak", "kena pajak ga insentif 600rb"),
        *("insentifnya dipotong pajak gak min", "pajak penghasilan utk insentif prakerja"),
    ),
    "suami pns": (
        *("kalau suami pns boleh daftar ga", "istri pns apa boleh ikut prakerja", "suami pns bs daftar gak min"),
        "saya istri PNS blh daftar?",
    ),
    "tki": ("tki di malaysia bisa daftar ga", "tki boleh ikut ga min", "sy tki apa bisa daftar"),
}
ALONE = ("hujan deras di sini", "saya suka kucing", "asdf ghjk", "wkwkwk", "p", "lama banget jawabnya")
SAID = [(subject, text) for subject, texts in TOPICS.items() for text in texts] + [("", text) for text in ALONE]


@pytest.fixture(scope="module")
def found() -> list[Group]:
    """The topics of all of them, mixed."""
    return gathered([text for _, text in SAID], taught())


def test_no_two_subjects_are_one_topic(found: list[Group]) -> None:
    for group in found:
        assert len({SAID[place][0] or SAID[place][1] for place in group.members}) == 1


def test_a_subject_in_many_spellings_is_one_topic(found: list[Group]) -> None:
    subject_of = {place: number for number, group in enumerate(found) for place in group.members}
    pairs = [(one, other) for one, other in combinations(range(len(SAID)), 2) if SAID[one][0] == SAID[other][0] != ""]
    together = sum(subject_of[one] == subject_of[other] for one, other in pairs)
    assert together / len(pairs) >= 0.95


def test_every_text_is_in_one_topic(found: list[Group]) -> None:
    assert sorted(place for group in found for place in group.members) == list(range(len(SAID)))


def test_a_platform_is_no_subject() -> None:
    texts = ["di tokopedia ada magang ga", "tokped kena pajak ga", "tokopedia magang dimana", "pajak di tokped gmn"]
    assert {frozenset(group.members) for group in gathered(texts, taught())} == {frozenset({0, 2}), frozenset({1, 3})}


def test_the_most_typical_question_stands_first(found: list[Group]) -> None:
    internship = next(group for group in found if SAID[group.members[0]][0] == "magang")
    assert "magang" in SAID[internship.members[0]][1]


def test_a_name_is_made_of_words_several_people_used(found: list[Group]) -> None:
    texts = [text for _, text in SAID]
    names = {SAID[group.members[0]][0]: name_of(group, texts, list(range(len(SAID)))) for group in found[:4]}
    assert "magang" in names["magang"]
    assert "fisik" in names["kartu fisik"]
    # all of one conversation: nothing of it may stand in a name
    assert name_of(found[0], texts, [0] * len(SAID)) == "tanpa kata bersama"


def test_nothing_makes_no_topic() -> None:
    assert gathered([]) == []
    assert len(gathered(["[TELEPON]", "[NIK]"], taught())) == 2
