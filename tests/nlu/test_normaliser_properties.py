"""Whatever somebody types: it is normalised once and for all, never to nothing, and names and masked data survive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.components.normaliser import Normaliser, read_words

NORMALISE = Normaliser.from_words()
TYPED = ["ga", "bisa2", "bgttt", "cair-cair", "min", "gelombang", "3jt", "knp", "😭", "WOYYY", "...", "@prakerja", "hp"]
KINDS = ["NIK", "KARTU", "TELEPON", "EMAIL", "REKENING", "OTP", "SANDI", "KODE"]
NAMES = {
    f"z{kind}": [spelling for known in read_words("names")[kind].values() for spelling in known.get("plain", [])]
    for kind in ("platform", "partner")
}
messages = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TYPED), min_size=1, max_size=8).map(" ".join))


@given(messages)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = NORMALISE(text)
    assert NORMALISE(once) == once


@given(messages)
def test_a_message_that_shows_anything_never_becomes_nothing(text: str) -> None:
    if any(letter.isalnum() for letter in text):
        assert NORMALISE(text)


@given(messages, st.sampled_from(KINDS), messages)
def test_masked_data_stays_what_it_is(before: str, kind: str, after: str) -> None:
    assert f"z{kind.lower()}" in NORMALISE(f"{before} [{kind}] {after}").split()


@given(st.sampled_from(TYPED), st.sampled_from(sorted(NAMES)), st.data(), st.sampled_from(TYPED))
def test_the_name_of_a_platform_or_partner_is_kept_as_one(
    before: str, kind: str, data: st.DataObject, after: str
) -> None:
    name = data.draw(st.sampled_from(NAMES[kind]))
    assert kind in NORMALISE(f"{before} {name} {after}").split()


@pytest.mark.parametrize("short", ["kt", "hp", "min"])
def test_short_forms_with_two_meanings_are_left_to_context(short: str) -> None:
    assert NORMALISE(f"{short} saya") == f"{short} saya"


def test_every_plain_form_is_already_plain() -> None:
    assert {plain: NORMALISE(plain) for plain in read_words("slang") if NORMALISE(plain) != plain} == {}
