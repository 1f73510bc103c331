"""What a message names is found, and what only looks like a name is left alone."""

from typing import Any

import pytest

from nlu.components.entities import Entities
from nlu.components.spelling import one_letter_off

ENTITIES = Entities.from_words()


def found(text: str) -> list[tuple[str, Any]]:
    return [(entity["entity"], entity["value"]) for entity in ENTITIES.found_in(text)]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("di tokped kak", [("platform", "tokopedia")]),
        ("tokopdia error mulu", [("platform", "tokopedia")]),
        ("lewat BL ya", [("platform", "bukalapak")]),
        ("Sekolah.mu", [("platform", "sekolahmu")]),
        ("skill academy belinya lewat mana", [("platform", "ruangguru")]),
        ("mau sambungin DANA", [("partner", "dana")]),
        ("link aja sama gopay", [("partner", "linkaja"), ("partner", "gopay")]),
        ("gel 4", [("wave", 4)]),
        ("gelombang empat", [("wave", 4)]),
        ("lolos G11", [("wave", 11)]),
        ("300rb", [("amount", 300_000)]),
        ("3,55 juta", [("amount", 3_550_000)]),
        ("Rp1.000.000", [("amount", 1_000_000)]),
        ("1 000 000", [("amount", 1_000_000)]),
        ("Rp 300.000,00", [("amount", 300_000)]),
        ("udah 3 hari", [("duration", "P3D")]),
        ("sudah 3 hari ini", [("duration", "P3D")]),
        ("seminggu", [("duration", "P1W")]),
        ("3 hari lalu", [("date", "-P3D")]),
        ("kemarin", [("date", "-P1D")]),
        ("H-1", [("date", "-P1D")]),
        ("23/8/2020", [("date", "2020-08-23")]),
        ("23 Agustus", [("date", "--08-23")]),
        ("tgl 15", [("date", "---15")]),
        ("tgl 23 agustus", [("date", "--08-23")]),
        ("tanggal 23/8", [("date", "--08-23")]),
        ("pijar mhr", [("platform", "pijarmahir")]),
        ("skul mu sama maubljarapa", [("platform", "sekolahmu"), ("platform", "maubelajarapa")]),
        ("gelombang ke-4", [("wave", 4)]),
        ("1jt", [("amount", 1_000_000)]),
        ("600rb", [("amount", 600_000)]),
        ("error 500", [("error_text", "ERROR 500")]),
        ("INV/20200824/XX/VIII/61902", [("invoice_code", "INV/20200824/XX/VIII/61902")]),
        ("TOKPED-XB9C89BXBJL7X", [("invoice_code", "TOKPED-XB9C89BXBJL7X")]),
        ("tiket t-100001 gimana", [("ticket_number", "T-100001")]),
        ("laporan 100001", [("ticket_number", "T-100001")]),
        ("kursusnya ga ditemukan", [("error_text", "paket kursus tidak ditemukan")]),
        ("kode redeem udah dipake katanya", [("error_text", "kode redeem sudah digunakan")]),
        ("muncul ERRPLT40036", [("error_text", "ERRPLT40036")]),
        ("di sisnaker, kelas desain", [("platform", "sisnaker"), ("course_title", "desain")]),
        ("kelas 'Digital Marketing' ga kebuka", [("course_title", "Digital Marketing")]),
    ],
)
def test_a_name_is_found_with_its_value(said: str, named: list[tuple[str, Any]]) -> None:
    assert found(said) == named


@pytest.mark.parametrize(
    "said",
    [
        "dana prakerja dari mana",
        "mba saya mau tanya",
        "@KemnakerRI tolong dijawab",
        "pelatihan saya error",
        "kelasnya ga bisa dibuka",
        "nomor [KARTU] ditolak",
        "32/15",
        "tanggal 99",
        "",
        "🙏🙏",
    ],
)
def test_what_only_looks_like_a_name_is_left_alone(said: str) -> None:
    assert found(said) == []


def test_the_place_of_an_entity_is_the_text_as_it_was_written() -> None:
    text = "Di Tokopedia, kelas Desain Grafis Dasar dari kemarin"
    for entity in ENTITIES.found_in(text):
        assert text[entity["start"] : entity["end"]] == entity["text"]
    assert [entity["text"] for entity in ENTITIES.found_in(text)] == ["Tokopedia", "Desain Grafis Dasar", "kemarin"]


def test_letters_that_change_length_when_lowered_do_not_shift_the_places() -> None:
    text = "İİ di tokped"
    assert [entity["text"] for entity in ENTITIES.found_in(text)] == ["tokped"]


def test_a_very_long_message_is_read_in_a_moment() -> None:
    assert found("kelas " * 1_300 + "tokped")[-1] == ("platform", "tokopedia")


@pytest.mark.parametrize(
    ("written", "close"),
    [
        ("tokopdia", True),
        ("tokopediaa", True),
        ("tokoepdia", True),
        ("tokopesia", True),
        ("topedia", False),
        ("shopee", False),
    ],
)
def test_one_slip_of_the_finger_is_forgiven(written: str, close: bool) -> None:
    assert one_letter_off(written, "tokopedia") is close
