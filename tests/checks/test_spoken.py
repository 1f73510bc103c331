"""What people say, and what they only deny, suppose or spell alike."""

import pytest

from checks.spoken import asserts, mentions


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("hp sy ilang min", "hilang"),
        ("nomer lama udh ga aktif", "tidak aktif"),
        ("no lamanya sdh mati", "mati"),
        ("katanya kode udah dipake orang", "sudah dipakai"),
        ("kelasnya dibatalin lembaga", "kelas … dibatalkan"),
        ("kelas saya yg kemarin dibatalkan", "kelas … dibatalkan"),
        ("saldonya blm balik", "saldo belum kembali"),
        ("gabisa login", "tidak bisa masuk"),
        ("sertif nya punya orang lain", "orang lain"),
        ("udaaah transfer", "sudah transfer"),
        ("bukan, hpku hilang", "hilang"),
        ("tidak aktif lagi, hilang", "hilang"),
        ("bukan punya saya", "bukan punya saya"),
    ],
)
def test_what_is_said_is_heard_in_any_spelling(text: str, cue: str) -> None:
    assert asserts(text, cue)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("lampunya dimatikan", "mati"),
        ("sematian", "mati"),
        ("hp saya ga hilang kok", "hilang"),
        ("nomornya tidak pernah hilang", "hilang"),
        ("itu bukan orang lain, saya sendiri", "orang lain"),
        ("blm transfer kok", "transfer"),
        ("kalo hp ilang gimana", "hilang"),
        ("misalnya kelasnya dibatalin, saldo balik ga", "kelas … dibatalkan"),
        ("email saya ga hilang", "email … hilang"),
        ("kelas. nanti dibatalkan", "kelas … dibatalkan"),
        ("kelas yang saya beli minggu lalu itu dibatalkan", "kelas … dibatalkan"),
        ("", "hilang"),
    ],
)
def test_what_is_denied_supposed_or_only_spelled_alike_is_not_said(text: str, cue: str) -> None:
    assert not asserts(text, cue)


def test_a_topic_is_mentioned_even_where_it_is_denied_or_supposed() -> None:
    assert mentions("kalo insentif saya gimana", "insentif")
    assert mentions("3,55juta itu cash semua?", "juta")
    assert mentions("dapet 600rb kan", "rb")
    assert not mentions("cashback", "cash")
