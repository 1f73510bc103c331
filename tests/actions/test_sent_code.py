"""A redeem code that was sent: six refusals, and nothing about a code of somebody else."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from records.sealed import Seal
from registry.facts import RedeemStatus
from registry.interface import Absent, Answer, CouldNotAsk, Known
from tests.actions.house import Answered, House
from tests.actions.programme import NOW, SOURCE, Programme, cast, purchase, wib

CODE, INVOICE = "PRKABCDEF123", "PNTRIA-AAAABBBBCCCC"
FRESH = RedeemStatus(1, 0, None, "Pintaria", "K-Excel", INVOICE, "JDW-1", "webinar")
USED = replace(FRESH, attendance_status=1, redeem_at=wib(2020, 8, 24, 9, 40))
ANOTHERS = replace(USED, invoice_code="TOKPED-SOMEBODYELSE")
SAID = "kode redeem saya [KODE] gagal terus min"


def knowing(status: RedeemStatus | None) -> House:
    programme = cast()
    programme.codes = {CODE: status} if status else {}
    return House(programme)


async def ask(house: House, who: str | None = "agus", text: str = SAID, **given: Any) -> Answered:
    """Send a code with the complaint that it fails."""
    return await house.act("action_check_purchase", text, "redeem_failed", who, codes=(CODE,), **given)


def untouched(answer: Answered) -> bool:
    """Whether the code stands nowhere in what came back."""
    return CODE not in str(answer) and CODE[-4:] not in str(answer)


async def test_an_unused_code_of_theirs_is_said_to_be_good_and_where() -> None:
    answer = await ask(knowing(FRESH))
    assert "belum dipakai menurut program, per pukul 10.00 WIB" in answer.text
    assert "Balai Karya" in answer.text
    assert answer.ticket is None
    assert untouched(answer)


async def test_a_used_code_asks_after_another_account_and_goes_to_security_without_a_name() -> None:
    answer = await ask(knowing(USED))
    assert "sudah dipakai pada Senin, 24 Agustus 2020 pukul 09.40 WIB" in answer.text
    assert "email atau akun lain milik Kakak?" in answer.text
    assert answer.ticket is not None
    assert answer.ticket["queue"] == "SECURITY"
    assert untouched(answer)


@pytest.mark.parametrize(
    ("refusal", "words", "ticket"),
    [
        ("wrong_type", "tipe pelatihannya tidak sesuai. Kode itu untuk webinar", False),
        ("other_institution", "Tukar di halaman Balai Karya", False),
        ("code_cancelled", "sudah dibatalkan, jadi tidak bisa dipakai lagi", True),
        ("transaction_cancelled", "transaksi Kakak untuk “Excel Laporan Keuangan” sudah dibatalkan", True),
        ("already_used", "sudah dipakai, menurut program per", True),
    ],
)
async def test_each_refusal_has_its_own_words(refusal: str, words: str, ticket: bool) -> None:
    answer = await ask(knowing(replace(FRESH, refusal=refusal, attendance_status=None)))
    assert words in answer.text
    assert (answer.ticket is not None) == ticket
    assert untouched(answer)


async def test_a_code_of_somebody_else_and_one_of_nobody_are_answered_alike() -> None:
    variants = (ANOTHERS, replace(ANOTHERS, refusal="already_used"), replace(FRESH, invoice_code=None), None)
    answers = [await ask(knowing(status)) for status in variants]
    assert len({answer.text for answer in answers}) == 1
    assert "tidak cocok dengan pembelian Kakak" in answers[0].text
    seen = [str([{**it, "took_ms": 0} for found in answer.findings for it in found["evidence"]]) for answer in answers]
    assert len(set(seen)) == 1
    assert [answer.ticket for answer in answers] == [None] * len(answers)


async def test_a_person_without_any_purchase_hears_the_same_whatever_the_code_is() -> None:
    texts = {(await ask(knowing(status), "siti")).text for status in (USED, FRESH, ANOTHERS, None)}
    assert len(texts) == 1


async def test_a_stranger_s_code_is_never_looked_up() -> None:
    house = knowing(USED)
    answers = {(await ask(it, None)).text for it in (house, knowing(None))}
    assert len(answers) == 1
    assert "redeem_status" not in house.programme.asked


async def test_a_complaint_that_is_not_about_the_code_leaves_the_seal_alone() -> None:
    house = knowing(USED)
    await house.act("action_check_purchase", SAID, "certificate_missing", "agus", codes=(CODE,))
    assert "redeem_status" not in house.programme.asked


async def test_a_code_under_another_key_was_not_asked_and_does_no_harm() -> None:
    house = knowing(USED)
    call = house.payload("action_check_purchase", SAID, "redeem_failed", "agus")
    other = Seal(Fernet.generate_key().decode()).close(CODE).decode()
    call["tracker"]["latest_message"]["metadata"]["sealed_codes"] = [other, CODE]
    response = await house.call(call)
    assert response.status_code == 200
    assert "belum bisa dicek ke program" in response.text
    assert CODE not in response.text


class Away(Programme):
    """A programme that cannot be asked about codes, with what it said before."""

    last: Known[RedeemStatus] | Absent | None = None

    async def redeem_status(self, code: str, sequence: int = 1) -> Answer[RedeemStatus]:
        return CouldNotAsk("API program", "tidak menjawab", 1800.0, self.last)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, ""),
        (Known(USED, SOURCE, wib(2020, 8, 24, 9, 45), 1.0), "Terakhir, per pukul 09.45 WIB, kode itu sudah dipakai"),
        (Known(FRESH, SOURCE, wib(2020, 8, 24, 9, 45), 1.0), "Terakhir, per pukul 09.45 WIB, kode itu belum dipakai"),
        (Known(ANOTHERS, SOURCE, NOW, 1.0), ""),
        (Absent(SOURCE, NOW, 1.0), ""),
    ],
)
async def test_a_programme_that_is_away_decides_nothing_and_its_last_word_is_dated(
    last: Known[RedeemStatus] | Absent | None, words: str
) -> None:
    programme = Away(**cast().__dict__)
    programme.last = last
    answer = await ask(House(programme))
    assert "belum bisa dicek ke program sekarang" in answer.text
    assert words in answer.text
    assert ("Terakhir" in answer.text) == bool(words)
    assert answer.findings[0]["verdict"] == "unknown"
    assert answer.findings[0]["evidence"][0]["failed"] == "tidak menjawab"
    assert answer.ticket is None


async def test_the_last_word_on_a_code_of_somebody_else_is_that_on_a_code_of_nobody() -> None:
    seen = []
    for last in (Known(ANOTHERS, SOURCE, NOW, 1.0), Absent(SOURCE, NOW, 1.0)):
        programme = Away(**cast().__dict__)
        programme.last = last
        answer = await ask(House(programme))
        seen.append((answer.text, answer.findings[0]["evidence"][0]["value"]))
    assert seen[0] == seen[1]
    assert "tidak cocok dengan pembelian orang ini" in seen[0][1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("katanya kode bukan milik lembaga pelatihan yang dipilih", "halaman yang dibuka milik lembaga lain"),
        ("kodenya ga cocok terus", "hanya berlaku di Balai Karya"),
        ("tulisannya tipe pelatihan tidak sesuai", "kelas yang sama persis"),
    ],
)
async def test_a_refusal_that_is_only_told_of_is_explained(text: str, words: str) -> None:
    answer = await House().act("action_check_purchase", text, "redeem_failed", "agus")
    assert words in answer.text
    assert answer.ticket is None


async def test_of_two_orders_the_code_s_own_is_meant() -> None:
    house = knowing(FRESH)
    newer = purchase("code_issued", "Kopi Dasar", "tokopedia", wib(2020, 8, 23), invoice_code="TOKPED-NEWER")
    house.programme.bought["agus"] = (newer, *house.programme.bought["agus"])
    answer = await ask(house)
    assert "Excel Laporan Keuangan" in answer.text
    assert "Kopi Dasar" not in answer.text
