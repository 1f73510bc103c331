"""One spelling for what people type."""

import pytest

from nlu.components.normaliser import Normaliser

NORMALISE = Normaliser.from_words()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Udah 3 hari gak bisaaaa", "sudah 0 hari tidak bisa"),
        ("knp blm cair2 gan??", "kenapa belum cair kak ? ?"),
        ("muter-muter doang", "muter saja"),
        ("<PROVIDER_NAME> lemot", "zprovider_name lemot"),
        ("di tokped error", "di zplatform error"),
        ("nik saya [NIK] ditolak", "nik saya znik ditolak"),
        ("@PrakerjaId tolong", "zhandle tolong"),
        ("cek https://contoh.id/a ya", "cek zlink ya"),
        ("ga\u200bbisa", "tidak bisa"),
        ("", ""),
    ],
)
def test_a_message_comes_to_its_one_spelling(typed: str, read: str) -> None:
    assert NORMALISE(typed) == read


def test_what_a_model_keeps_reads_the_same_as_the_word_lists() -> None:
    kept = Normaliser.loads(NORMALISE.dumps())
    text = "Kok gabisa beli di BL, [OTP] ga masuk2 siiih"
    assert kept(text) == NORMALISE(text)


def test_no_word_has_two_plain_forms() -> None:
    from nlu.components.normaliser import read_words

    slang = [word for group in read_words("slang").values() for word in group]
    assert all(isinstance(word, str) for word in slang), "YAML read a bare `no` as false"
    assert len(slang) == len(set(slang)), {word for word in slang if slang.count(word) > 1}
