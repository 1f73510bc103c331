"""Conversations 1, 2, 3, 4, 5, 6, 8 and 20 of the design, and some others, as scenes over the small programme."""

from dataclasses import replace

import pytest

from registry.facts import Incentive, Offer
from tests.actions.house import Answered, Chat, House
from tests.actions.programme import FIFTH_OF_SEPTEMBER, INCIDENT, MARKETING, DeskRecords, cast, purchase, wib

SITI_ASKS = (
    "Mohon penjelasanya Bapak/Ibu dari @KemnakerRI sudah 3 hari ini saya tidak bisa memilih paket pelatihan kartu "
    "prakerja, keteranganya selalu paket kursus tidak ditemukan. Apakah memang saat ini sedang gangguan atau bagaimana?"
)
BUDI_ASKS = (
    "@PrakerjaId min kok saya gak bisa melakukan pembayaran via kartu prakerja untuk kursus yang saya minati ya? "
    "Tolong pencerahannya. Thanks"
)
YANTO_SHOUTS = "BOT GOBLOK udah 3 hari ga bisa beli, otp jg ga masuk, mana adminnya!!"
AT_SISNAKER = {"platform": "sisnaker", "course_title": "desain"}
EVERY_PLATFORM = [
    *("Tokopedia", "Bukalapak", "Pintaria", "Sekolah.mu", "Pijar Mahir", "MauBelajarApa", "Sisnaker", "Ruangguru"),
]


def missing(words: list[str], answer: Answered) -> list[str]:
    """Return the words an answer lacks."""
    return [word for word in words if word.casefold() not in answer.text.casefold()]


# 1. Package not found, three days


async def test_the_package_is_not_found_and_the_open_incident_is_told_before_the_one_question() -> None:
    answer = await Chat(House(), "siti").says(SITI_ASKS, "package_not_found")
    assert (
        missing(["Per 23 Agustus 2020", "Permenko 11/2020", "akhir Agustus 2020", "tidak semua", "mana?"], answer) == []
    )
    assert answer.buttons == EVERY_PLATFORM
    assert answer.proposals == []
    assert answer.findings[0]["evidence"][0]["source"] == INCIDENT.source


async def test_three_days_at_sisnaker_go_to_the_transaction_queue_with_platform_and_course() -> None:
    chat = Chat(House(), "siti")
    await chat.says(SITI_ASKS, "package_not_found")
    answer = await chat.says("di sisnaker, kelas desain", "inform", AT_SISNAKER)
    words = [
        "Desain Grafis Dasar",
        "Sisnaker",
        "Sabtu, 12 September 2020 pukul 23.59 WIB",
        "3 hari",
        "{ticket}",
        "{promise}",
    ]
    assert missing(words, answer) == []
    assert answer.ticket is not None
    assert (answer.ticket["queue"], answer.ticket["priority"]) == ("PMO_TRANSACTION", "normal")
    assert (answer.ticket["platform"], answer.ticket["course"]) == ("sisnaker", "desain")
    assert [it["check"] for it in answer.findings] == ["system_status", "course", "deadline"]
    assert "ditargetkan" not in answer.text, "what was told with the question is not told again"


async def test_a_stranger_is_asked_for_the_platform_alone_and_told_nothing_personal() -> None:
    chat = Chat(House(), None)
    await chat.says(SITI_ASKS, "package_not_found")
    answer = await chat.says("sisnaker", "inform", {"platform": "sisnaker"})
    assert chat.slots["requested_slot"] is None
    assert "Batas beli" not in answer.text
    assert answer.ticket is not None, "three days are three days"


async def test_everything_said_at_once_is_answered_at_once() -> None:
    text = "udah 3 hari kelas desain di sisnaker ga ketemu"
    answer = await Chat(House(), "siti").says(text, "package_not_found", AT_SISNAKER)
    assert missing(["Permenko 11/2020", "Desain Grafis Dasar", "12 September 2020", "{ticket}"], answer) == []


async def test_when_incidents_cannot_be_asked_the_question_is_asked_and_nothing_is_called_fine() -> None:
    house = House(records=DeskRecords(away=True))
    answer = await Chat(house, "siti").says(SITI_ASKS, "package_not_found")
    assert missing(["Status sistem belum bisa dicek", "mana?"], answer) == []
    assert "tidak ada gangguan" not in answer.text


async def test_an_active_course_and_no_incident_is_a_case_for_a_person() -> None:
    house = House(records=DeskRecords(known_incidents=()))
    chat = Chat(house, "siti")
    answer = await chat.says("kursus desain ga ketemu di sisnaker", "package_not_found", AT_SISNAKER)
    assert answer.ticket is not None
    house.programme.away.add("courses")
    away = await Chat(house, "siti").says("kursus desain ga ketemu di sisnaker", "package_not_found", AT_SISNAKER)
    assert away.ticket is None, "a catalogue that could not be asked proves nothing"
    assert "Katalog pelatihan belum bisa dicek" in away.text


# 2. Cannot pay


async def test_budis_single_failed_attempt_is_found_and_nothing_need_be_asked() -> None:
    answer = await Chat(House(), "budi").says(BUDI_ASKS, "payment_failed")
    words = [
        "Permenko 11/2020",
        "Tokopedia",
        "23 Agustus 2020",
        "API token tidak valid",
        "tidak terpotong",
        "Rp1.000.000",
    ]
    assert missing([*words, "jeda"], answer) == []
    assert answer.ticket is None, "in order and once: try again first"
    assert {"system_status", "card", "deadline", "purchase", "course"} == {it["check"] for it in answer.findings}


async def test_failing_again_after_the_retry_goes_to_a_person() -> None:
    chat = Chat(House(), "budi")
    await chat.says(BUDI_ASKS, "payment_failed")
    answer = await chat.says("udah dicoba lagi tetep gagal bayar", "payment_failed")
    assert answer.ticket is not None
    assert answer.ticket["reason"] == "Catatan beres, pembayaran gagal dua kali"


async def test_the_failing_condition_is_named() -> None:
    programme = cast()
    programme.cards["budi"] = replace(programme.cards["budi"], available_balance=100_000)
    answer = await Chat(House(programme), "budi").says(BUDI_ASKS, "payment_failed")
    assert missing(["Rp350.000", "lebih dari saldo"], answer) == []


async def test_a_stranger_who_cannot_pay_hears_the_incident_and_how_to_be_recognised() -> None:
    chat = Chat(House(), None)
    first = await chat.says(BUDI_ASKS, "payment_failed")
    assert missing(["Permenko 11/2020", "mana?"], first) == []
    answer = await chat.says("tokopedia", "inform", {"platform": "tokopedia"})
    assert missing(["jeda", "Bagikan kontak"], answer) == []
    assert answer.request_contact
    assert answer.ticket is None


async def test_on_whatsapp_nobody_is_asked_to_share_a_contact() -> None:
    answer = await Chat(House(), None, channel="whatsapp", slots={"platform": "tokopedia"}).says(
        "gagal bayar", "payment_failed", {"platform": "tokopedia"}
    )
    assert "nomor WhatsApp" in answer.text
    assert not answer.request_contact


async def test_purchases_that_cannot_be_asked_are_not_called_absent() -> None:
    programme = cast()
    programme.away = {"purchases"}
    chat = Chat(House(programme), "budi")
    await chat.says(BUDI_ASKS, "payment_failed")
    answer = await chat.says("tokopedia", "inform", {"platform": "tokopedia"})
    assert "Data pembelian belum bisa dicek" in answer.text
    assert "belum tercatat" not in answer.text


# 3. The same complaint on 5 September


async def test_a_passed_estimate_is_called_passed_and_never_a_promise() -> None:
    chat = Chat(House(now=FIFTH_OF_SEPTEMBER), "siti")
    first = await chat.says("katanya akhir agustus beres kok masih ga ketemu kursusnya", "package_not_found")
    assert missing(["Perkiraan semula akhir Agustus 2020 sudah lewat", "belum dinyatakan selesai"], first) == []
    assert "ditargetkan" not in first.text
    assert "Ruangguru" not in first.buttons
    answer = await chat.says("di sisnaker, kelas desain", "inform", AT_SISNAKER)
    assert answer.ticket is not None
    assert "ditargetkan" not in answer.text


async def test_a_resolved_incident_is_not_told_any_more() -> None:
    resolved = replace(INCIDENT, status="resolved", ended_at=wib(2020, 9, 1))
    house = House(records=DeskRecords(known_incidents=(resolved,)), now=FIFTH_OF_SEPTEMBER)
    answer = await Chat(house, "siti").says("masih ga ketemu kursusnya", "package_not_found")
    assert "Permenko" not in answer.text


# 4 and 5. Bundles


async def test_dewis_bundle_of_june_keeps_her_incentives() -> None:
    text = "saya beli paket bundling bulan juni, insentif saya ilang dong?"
    answer = await House().act("action_answer_from_knowledge", text, "ask_bundling", "dewi")
    words = [
        "30 Juni 2020",
        "tidak berlaku surut",
        "15 Juni 2020",
        "seperti biasa",
        "cair 13 Juli 2020",
        "10 September 2020",
    ]
    assert missing(words, answer) == []
    assert answer.ticket is None


async def test_an_incentive_that_really_stopped_goes_to_a_person() -> None:
    programme = cast()
    first = programme.incentives_of["dewi"][0]
    programme.incentives_of["dewi"] = (replace(first, status="on_hold", reason="evaluasi"),)
    text = "saya beli paket bundling bulan juni, insentif saya ilang dong?"
    answer = await House(programme).act("action_answer_from_knowledge", text, "ask_bundling", "dewi")
    assert answer.ticket is not None
    assert answer.ticket["queue"] == "PMO_INCENTIVE"


async def test_incentives_that_cannot_be_asked_are_not_said_to_run() -> None:
    programme = cast()
    programme.away = {"incentives"}
    text = "saya beli paket bundling bulan juni, insentif saya ilang dong?"
    answer = await House(programme).act("action_answer_from_knowledge", text, "ask_bundling", "dewi")
    assert "Data insentif belum bisa dicek" in answer.text
    assert "cair" not in answer.text


async def test_whoever_wants_a_bundle_hears_why_all_eight_platforms_stopped() -> None:
    text = "paket bundling kok ga ada di tokped?"
    answer = await House().act("action_answer_from_knowledge", text, "ask_bundling", slots={"platform": "tokopedia"})
    assert missing(["30 Juni 2020", "8", "satuan", "dievaluasi", "2 Juli 2020"], answer) == []
    assert answer.proposals == []


# 6. Ruangguru


@pytest.mark.parametrize("away", [set(), {"organisations"}])
async def test_ruangguru_on_5_september_is_an_institution_and_seven_platforms_are_listed(away: set[str]) -> None:
    programme = cast()
    programme.away = away
    house = House(programme, now=FIFTH_OF_SEPTEMBER)
    text = "ruangguru masih bisa buat beli prakerja ga"
    answer = await house.act("action_answer_from_knowledge", text, "ask_platforms", slots={"platform": "ruangguru"})
    assert "konflik kepentingan" not in answer.text
    assert missing(["4 September 2020", "Skill Academy"], answer) == []
    if not away:
        assert missing([it for it in EVERY_PLATFORM if it != "Ruangguru"], answer) == []
    assert answer.slots["platform"] is None, "a platform asked about is not where a later complaint happened"


async def test_ruangguru_on_24_august_is_still_a_platform() -> None:
    text = "ruangguru masih bisa buat beli prakerja ga"
    answer = await House().act("action_answer_from_knowledge", text, "ask_platforms", slots={"platform": "ruangguru"})
    assert missing(["per 24 Agustus 2020", "Ruangguru tercatat sebagai platform resmi"], answer) == []


# 8. Paid, no code


async def test_rinas_confirmed_payment_without_code_is_urgent_because_her_class_is_tomorrow() -> None:
    answer = await Chat(House(), "rina").says("saldo kepotong 300rb tp kode vouchernya ga ada", "paid_no_code")
    assert (
        missing(
            ["Maaf", "sudah berhasil menurut program", "Jangan beli ulang", "25 Agustus 2020 pukul 09.00 WIB"], answer
        )
        == []
    )
    assert answer.ticket is not None
    assert (answer.ticket["queue"], answer.ticket["priority"]) == ("PMO_TRANSACTION", "high")
    assert answer.ticket["platform"] == "tokopedia"


async def test_rinas_payment_that_cannot_be_confirmed_is_neither_denied_nor_promised() -> None:
    programme = cast()
    programme.away = {"payment_status"}
    answer = await Chat(House(programme), "rina").says("saldo kepotong 300rb tp kode vouchernya ga ada", "paid_no_code")
    assert missing(["belum bisa dicek", "Jangan beli ulang"], answer) == []
    assert "berbeda" not in answer.text
    assert answer.ticket is not None


async def test_aguss_code_is_pointed_to_and_never_printed() -> None:
    answer = await Chat(House(), "agus").says("saldo kepotong tp kode vouchernya ga ada", "paid_no_code")
    assert missing(["sudah terbit", "dashboard", "email", "riwayat"], answer) == []
    assert "K7QZ" not in answer.text + str(answer.findings)
    assert answer.ticket is None


async def test_what_platform_and_programme_say_of_jokos_order_differs_and_goes_to_a_person() -> None:
    answer = await Chat(House(), "joko").says("pesanan saya gimana statusnya", "purchase_status")
    assert "berbeda" in answer.text
    assert answer.ticket is not None
    assert answer.ticket["priority"] == "high"


async def test_two_unpaid_orders_are_told_apart_by_the_platform() -> None:
    programme = cast()
    second = purchase("paid_without_code", "Kopi Dasar", "pintaria", wib(2020, 8, 22), invoice_code="PNTRIA-XYZXYZXYZ")
    programme.bought["rina"] = (*programme.bought["rina"], second)
    chat = Chat(House(programme), "rina")
    assert "mana?" in (await chat.says("udah bayar kodenya ga ada", "paid_no_code")).text
    answer = await chat.says("pintaria", "inform", {"platform": "pintaria"})
    assert "Kopi Dasar" in answer.text


# 12. Incentive failed


async def test_mayas_failed_incentive_is_for_her_bank_first_and_for_a_person_if_that_fails() -> None:
    house = House()
    answer = await house.act(
        "action_check_participant", "insentif gagal dicairkan bni", "incentive_not_received", "maya"
    )
    assert missing(["BNI", "gagal", "NIK yang sama", "dijadwalkan ulang"], answer) == []
    assert answer.ticket is None
    again = await house.act(
        "action_check_participant", "tetep gagal", "incentive_not_received", "maya", slots=answer.slots
    )
    assert again.ticket is not None


async def test_an_incentive_within_five_working_days_waits_and_later_goes_to_a_person() -> None:
    programme = cast()
    recent: Incentive = replace(programme.incentives_of["dewi"][2], scheduled_for=wib(2020, 8, 20, 9).date())
    programme.incentives_of["dewi"] = (recent,)
    house = House(programme)
    wait = await house.act("action_check_participant", "insentif nyangkut", "incentive_not_received", "dewi")
    assert wait.ticket is None
    assert "28 Agustus 2020" in wait.text, "21 August 2020 was collective leave"
    house.now = wib(2020, 8, 29, 10)
    late = await house.act("action_check_participant", "insentif nyangkut", "incentive_not_received", "dewi")
    assert late.ticket is not None


# 15, 16, 17, 18, 19


async def test_the_amounts_say_what_is_cash() -> None:
    answer = await House().act("action_answer_from_knowledge", "3,55 juta itu cash semua?", "ask_incentive_terms")
    assert missing(["Rp1.000.000, bukan uang tunai", "Rp600.000 × 4", "Rp2.550.000"], answer) == []


async def test_a_nik_of_others_is_reported_and_nobody_is_revealed() -> None:
    text = "nik saya [NIK] terdaftar pdhl blm pernah daftar, emailnya siapa?"
    answer = await House().act("action_check_participant", text, "nik_already_registered")
    assert answer.ticket is not None
    assert answer.ticket["queue"] == "SECURITY"
    assert "@" not in answer.text


async def test_a_deadline_tomorrow_with_an_outage_is_urgent_and_promises_no_extension() -> None:
    programme = cast()
    programme.cards["siti"] = replace(programme.cards["siti"], first_purchase_due=wib(2020, 8, 25, 23, 59))
    text = "besok batas 30 hari saya tapi ga bisa2 beli"
    answer = await House(programme).act("action_check_participant", text, "purchase_deadline", "siti")
    assert missing(["Selasa, 25 Agustus 2020 pukul 23.59 WIB", "1 hari lagi", "mendesak"], answer) == []
    assert answer.ticket is not None
    assert answer.ticket["priority"] == "urgent"


async def test_a_near_deadline_is_told_first_where_paying_fails_and_buying_is_disturbed() -> None:
    programme = cast()
    programme.cards["budi"] = replace(programme.cards["budi"], first_purchase_due=wib(2020, 8, 25, 23, 59))
    disturbed = replace(INCIDENT, platforms=("sisnaker", "tokopedia"))
    house = House(programme, DeskRecords(known_incidents=(disturbed,)))
    answer = await Chat(house, "budi").says(BUDI_ASKS, "payment_failed")
    assert answer.text.split("\n\n")[1].startswith("Batas beli pelatihan pertama Kakak: Selasa, 25 Agustus 2020")
    assert answer.ticket is not None
    assert answer.ticket["priority"] == "urgent"


@pytest.mark.parametrize("intent", ["purchase_deadline", "package_not_found"])
async def test_a_deadline_that_passed_while_buying_was_disturbed_is_for_a_person(intent: str) -> None:
    programme = cast()
    programme.cards["budi"] = replace(programme.cards["budi"], first_purchase_due=wib(2020, 8, 23, 23, 59))
    action = "action_check_participant" if intent == "purchase_deadline" else "action_check_purchase"
    slots = {"complaint_intent": intent, "platform": "tokopedia", "course": "digital marketing"}
    answer = await House(programme).act(action, "kmrn ga bisa beli terus", intent, "budi", slots=slots)
    assert missing(["23 Agustus 2020 pukul 23.59 WIB", "perlu dilihat petugas", "{ticket}"], answer) == []
    assert "diperpanjang" not in answer.text


async def test_the_same_class_where_nothing_is_disturbed_is_named_near_the_deadline() -> None:
    programme = cast()
    programme.cards["budi"] = replace(programme.cards["budi"], first_purchase_due=wib(2020, 8, 25, 23, 59))
    elsewhere = Offer("pijarmahir", "Pijar Mahir", 350_000, "S", wib(2020, 9, 2, 13), 20)
    programme.catalogue = (replace(MARKETING, offers=(*MARKETING.offers, elsewhere)),)
    house = House(programme, DeskRecords(known_incidents=(replace(INCIDENT, platforms=("tokopedia",)),)))
    text = "besok batas beli saya, di tokopedia gagal terus"
    answer = await house.act("action_check_participant", text, "purchase_deadline", "budi")
    assert "dijual juga di Pijar Mahir" in answer.text
    everywhere = await House(programme).act("action_check_participant", text, "purchase_deadline", "budi")
    assert "dijual juga" not in everywhere.text


@pytest.mark.parametrize(("started", "escalates"), [(wib(2020, 8, 20), True), (wib(2020, 8, 22), False)])
async def test_a_revocation_is_for_a_person_only_where_an_outage_overlapped(started: object, escalates: bool) -> None:
    house = House(records=DeskRecords(known_incidents=(replace(INCIDENT, started_at=started),)))  # type: ignore[arg-type]
    answer = await house.act("action_check_participant", "kok kartu saya dicabut", "participation_revoked", "lina")
    assert (answer.ticket is not None) is escalates
    assert "22 Agustus 2020" in answer.text


async def test_fraud_is_reported_and_a_mere_question_is_not() -> None:
    house = House()
    text = "ada yg chat dari prakerja minta otp sm transfer 300rb biar lolos"
    report = await house.act("action_hand_over", text, "report_fraud")
    assert report.ticket is not None
    assert report.ticket["queue"] == "SECURITY"
    assert missing(["Jangan kirim uang", "polisi"], report) == []
    question = await house.act("action_hand_over", "apakah joki prakerja itu boleh", "report_fraud")
    assert question.proposals == []
    assert "{ticket}" not in question.text


# 20. Angry, two problems, wants a person


@pytest.mark.parametrize("also", [(), ("package_not_found", "purchase_otp")])
async def test_an_angry_person_gets_a_person_and_one_ticket_with_both_problems(also: tuple[str, ...]) -> None:
    answer = await House().act("action_hand_over", YANTO_SHOUTS, "talk_to_human", "yanto", also=also)
    assert (
        missing(["maaf", "Paket kursus tidak ditemukan", "OTP pembelian", "{ticket}", "{promise}", "Permenko"], answer)
        == []
    )
    assert [it["kind"] for it in answer.proposals] == ["ticket", "hand_over"]
    assert answer.ticket is not None
    assert set(answer.ticket["also"]) == {"package_not_found", "purchase_otp"}
    assert "tidak mengerti" not in answer.text


async def test_a_complaint_that_also_calls_for_a_person_asks_nothing_and_hands_over() -> None:
    answer = await Chat(House(), "yanto").says(
        YANTO_SHOUTS, "package_not_found", also=("purchase_otp", "talk_to_human")
    )
    assert [it["kind"] for it in answer.proposals] == ["ticket", "hand_over"]
    assert answer.buttons == []


async def test_a_hand_over_needs_no_source() -> None:
    programme = cast()
    programme.away = {"everything"}
    house = House(programme, DeskRecords(away=True))
    answer = await house.act("action_hand_over", YANTO_SHOUTS, "talk_to_human", "yanto")
    assert [it["kind"] for it in answer.proposals] == ["ticket", "hand_over"]
    assert "belum bisa dicek" in answer.text


async def test_two_problems_in_one_message_are_both_answered_and_both_in_the_ticket() -> None:
    chat = Chat(House(), "siti", slots={"platform": "sisnaker", "course": "desain"})
    text = "udah 3 hari kelas desain di sisnaker ga ketemu, otp jg ga masuk"
    answer = await chat.says(text, "package_not_found", AT_SISNAKER, also=("purchase_otp",))
    assert missing(["paket kursus tidak ditemukan dan OTP pembelian", "berakhiran 78"], answer) == []
    assert answer.ticket is not None
    assert answer.ticket["also"] == ["purchase_otp"]


async def test_the_outage_question_inside_a_complaint_is_no_second_problem() -> None:
    chat = Chat(House(), "siti")
    await chat.says(SITI_ASKS, "package_not_found", also=("system_outage",))
    answer = await chat.says("di sisnaker, kelas desain", "inform", AT_SISNAKER)
    assert "Kedua hal" not in answer.text


async def test_one_problem_read_in_two_ways_is_one_problem() -> None:
    text = "saldo kepotong 300rb tp kode vouchernya ga ada"
    answer = await Chat(House(), "rina").says(text, "paid_no_code", also=("wrong_charge",))
    assert "Kedua hal" not in answer.text
    assert answer.ticket is not None


async def test_a_charge_disputed_while_the_code_of_a_class_tomorrow_is_missing_is_as_urgent_as_that() -> None:
    answer = await House().act("action_check_purchase", "duit gw ilang 300rb kodenya mna", "wrong_charge", "rina")
    assert answer.ticket is not None
    assert (answer.ticket["intent"], answer.ticket["priority"]) == ("wrong_charge", "high")
