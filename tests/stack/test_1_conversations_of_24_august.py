"""Conversations of 24 August 2020 through the real stack: what is right stands in the design's list of twenty."""

from collections.abc import Callable

import pytest

from tests.stack.running import Stack

pytestmark = pytest.mark.stack

SITI_ASKS = (
    "Mohon penjelasanya Bapak/Ibu dari @KemnakerRI sudah 3 hari ini saya tidak bisa memilih paket pelatihan kartu "
    "prakerja, keteranganya selalu paket kursus tidak ditemukan. Apakah memang saat ini sedang gangguan atau bagaimana?"
)
BUDI_ASKS = (
    "@PrakerjaId min kok saya gak bisa melakukan pembayaran via kartu prakerja untuk kursus yang saya minati ya? "
    "Tolong pencerahannya. Thanks"
)

type Anew = Callable[[str], str]


def all_of(words: list[str], text: str) -> list[str]:
    """The words that are missing in a text."""
    return [word for word in words if word.casefold() not in text.casefold()]


def checks(answer: object) -> set[str]:
    return {check["check"] for check in answer.checks}  # type: ignore[attr-defined]


def test_package_not_found_for_three_days_at_sisnaker(stack: Stack, anew: Anew) -> None:
    first, then = stack.say(SITI_ASKS, "di sisnaker, kelas desain", who=anew("siti"))
    assert first.intent == "package_not_found"
    said = " ".join(reply.text for reply in first.replies)
    assert all_of(["penyesuaian", "Permenko 11/2020", "akhir Agustus 2020", "tidak semua"], said) == []
    assert "system_status" in checks(first) | checks(then)
    end = " ".join(reply.text for reply in then.replies)
    assert then.ticket is not None
    assert then.ticket in end
    assert "WIB" in end
    ticket = stack.rows("SELECT * FROM tickets WHERE number = %s", then.ticket)[0]
    assert (ticket["intent"], ticket["platform"], ticket["queue"]) == (
        "package_not_found",
        "sisnaker",
        "PMO_TRANSACTION",
    )
    for forbidden in ("tidak ada masalah", "salah Kakak", "sesaat"):
        assert forbidden not in said + end


def test_cannot_pay_on_whatsapp(stack: Stack, anew: Anew) -> None:
    first, then = stack.say(BUDI_ASKS, "tokopedia", who=anew("budi"), channel="whatsapp")
    assert first.intent == "payment_failed"
    said = " ".join(reply.text for reply in [*first.replies, *then.replies])
    assert all_of(["Permenko 11/2020", "Tokopedia"], said) == []
    assert {"system_status", "card"} <= checks(first) | checks(then)


def test_a_bundle_bought_in_june_keeps_its_incentive(stack: Stack, anew: Anew) -> None:
    (answer,) = stack.say("saya beli paket bundling bulan juni, insentif saya ilang dong?", who=anew("dewi"))
    said = " ".join(reply.text for reply in answer.replies)
    assert answer.intent == "ask_bundling"
    assert all_of(["30 Juni 2020", "insentif"], said) == []
    assert "tidak berlaku surut" in said or "tetap" in said
    assert answer.ticket is None


def test_who_wants_a_bundle_hears_that_all_eight_platforms_stopped(stack: Stack, anew: Anew) -> None:
    (answer,) = stack.say("paket bundling kok ga ada di tokped?", who=anew("budi"))
    said = " ".join(reply.text for reply in answer.replies)
    assert answer.intent == "ask_bundling"
    assert all_of(["30 Juni 2020"], said) == []
    assert "semua platform" in said
    assert "8" in said
    assert answer.ticket is None


def test_ruangguru_is_still_a_platform_on_24_august(stack: Stack, anew: Anew) -> None:
    (answer,) = stack.say("ruangguru masih bisa buat beli prakerja ga", who=anew("agus"))
    said = " ".join(reply.text for reply in answer.replies)
    assert answer.intent == "ask_platforms"
    assert "konflik kepentingan" not in said
    assert "2020" in said


def test_paid_without_a_code_and_class_tomorrow_is_a_high_case(stack: Stack, anew: Anew) -> None:
    answers = stack.say("saldo kepotong 300rb tp kode vouchernya ga ada", who=anew("rina"))
    said = " ".join(reply.text for answer in answers for reply in answer.replies)
    assert answers[0].intent == "paid_no_code"
    assert "jangan" in said.casefold()
    assert "beli" in said.casefold()
    ticket = stack.rows("SELECT * FROM tickets WHERE number = %s", answers[-1].ticket)[0]
    assert (ticket["queue"], ticket["priority"]) == ("PMO_TRANSACTION", "high")
    assert "purchase" in checks(answers[-1])


def test_a_code_that_is_there_is_pointed_to_and_never_printed(stack: Stack, anew: Anew) -> None:
    answers = stack.say("saldo kepotong tapi kode vouchernya belum ada", who=anew("agus"))
    said = " ".join(reply.text for answer in answers for reply in answer.replies)
    codes = [str(row["code"]) for row in stack.rows("SELECT redeem_code_last4 AS code FROM programme.purchases")]
    assert "dashboard" in said.casefold()
    assert codes
    assert "kode redeem: " not in said.casefold()


def test_an_angry_person_with_two_problems_gets_one_ticket_and_a_person(stack: Stack, anew: Anew) -> None:
    (answer,) = stack.say(
        "BOT GOBLOK udah 3 hari ga bisa beli, otp jg ga masuk, mana adminnya!!", who=anew("yanto"), channel="whatsapp"
    )
    said = " ".join(reply.text for reply in answer.replies)
    assert answer.ticket is not None
    assert answer.ticket in said
    assert "WIB" in said
    ticket = stack.rows("SELECT * FROM tickets WHERE number = %s", answer.ticket)[0]
    problems = {ticket["intent"], *ticket["also"]}  # type: ignore[misc]
    assert {"package_not_found", "purchase_otp"} <= problems
    assert stack.rows("SELECT owner FROM conversations WHERE id = %s", ticket["conversation_id"])[0]["owner"] == "human"
    assert "tidak mengerti" not in said


def test_a_stranger_learns_nothing_about_anybody(stack: Stack) -> None:
    answers = stack.say(
        "invoice TOKPED-XB9C89BXBJL7X punya rina udah bayar belum", "insentif saya kok belum cair", who="tamu"
    )
    said = " ".join(reply.text for answer in answers for reply in answer.replies)
    for secret in ("Rina", "Marlina", "300.000", "SUCCESS", "BNI"):
        assert secret not in said


def test_the_same_words_on_both_channels_come_to_the_same(stack: Stack, anew: Anew) -> None:
    anew("maya")
    (one,) = stack.say("insentif gagal dicairkan bni", who="maya")
    anew("maya")
    (other,) = stack.say("insentif gagal dicairkan bni", who="maya", channel="whatsapp")
    assert one.intent == other.intent == "incentive_not_received"
    assert [reply.text for reply in one.replies] == [reply.text for reply in other.replies]
    assert "BNI" in one.replies[0].text
