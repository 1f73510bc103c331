"""Clarifying and the status of a report."""

from dataclasses import replace

from checks.tickets import TicketFact
from tests.actions.house import House
from tests.actions.programme import NOW, DeskRecords, wib

MINE = TicketFact(
    "T-100004", "package_not_found", "PMO_TRANSACTION", "open", wib(2020, 8, 23), wib(2020, 8, 25), None, None
)
RANKING = (
    ("nlu_fallback", 0.3),
    ("incentive_not_received", 0.25),
    ("payment_failed", 0.2),
    ("greet", 0.15),
    ("survey_incentive", 0.1),
)


async def test_an_unclear_message_is_asked_about_once_with_the_likeliest_meanings() -> None:
    answer = await House().act("action_clarify", "kartu prakerja", "nlu_fallback", ranking=RANKING)
    assert answer.buttons == ["Insentif belum cair", "Gagal bayar", "Survei"]
    assert answer.slots["clarify_count"]["count"] == 1


async def test_the_second_unclear_message_is_offered_a_person() -> None:
    answer = await House().act("action_clarify", "hmm", "nlu_fallback", ranking=RANKING, slots={"clarify_count": 1})
    assert answer.buttons == ["Insentif belum cair", "Gagal bayar", "Bicara petugas"]


async def test_one_likely_meaning_is_offered_beside_a_person() -> None:
    ranking = (("out_of_scope", 0.79), ("ask_programme", 0.2), ("login_otp", 0.001))
    answer = await House().act("action_clarify", "apa kabar prakerja", "nlu_fallback", ranking=ranking)
    assert answer.buttons == ["Info program", "Bicara petugas"]


async def test_with_no_likely_meaning_the_person_is_asked_to_tell_more() -> None:
    answer = await House().act("action_clarify", "…", "nlu_fallback", ranking=(("nlu_fallback", 0.3),))
    assert answer.buttons == []
    assert "ceritakan" in answer.text


async def test_ones_own_report_is_told_with_its_promise() -> None:
    house = House(records=DeskRecords(own_tickets=(MINE,)))
    answer = await house.act("action_ticket_status", "laporan saya kemarin gimana", "ticket_status")
    assert "T-100004" in answer.text
    assert "besok, Selasa 25 Agustus, pukul" in answer.text
    assert answer.proposals == []


async def test_a_broken_promise_is_admitted_and_staff_reminded() -> None:
    house = House(records=DeskRecords(own_tickets=(replace(MINE, promised_at=wib(2020, 8, 24, 9)),)))
    answer = await house.act("action_ticket_status", "udah lewat nih", "ticket_status")
    assert "Maaf" in answer.text
    assert answer.proposals[0]["priority"] == "high"


async def test_a_foreign_number_an_unknown_one_and_none_read_the_same() -> None:
    own = House(records=DeskRecords(own_tickets=(MINE,)))
    nobody = House(records=DeskRecords(own_tickets=()))
    said = {
        (await own.act("action_ticket_status", "tiket T-100099", "ticket_status")).text,
        (await nobody.act("action_ticket_status", "tiket T-100004", "ticket_status")).text,
        (await nobody.act("action_ticket_status", "laporan saya gimana", "ticket_status")).text,
    }
    assert len(said) == 1


async def test_a_report_that_cannot_be_looked_up_is_not_denied() -> None:
    house = House(records=DeskRecords(away=True))
    answer = await house.act("action_ticket_status", "laporan saya gimana", "ticket_status")
    assert "belum bisa dicek" in answer.text
    assert "Tidak ada laporan" not in answer.text


async def test_many_equal_reports_and_no_incident_alert_staff() -> None:
    house = House(records=DeskRecords(known_incidents=(), report_count=14))
    answer = await house.act("action_check_system_status", "lagi gangguan ya", "system_outage")
    assert answer.ticket is not None
    assert answer.ticket["priority"] == "urgent"
    quiet = House(records=DeskRecords(known_incidents=(), report_count=2))
    calm = await quiet.act("action_check_system_status", "lagi gangguan ya", "system_outage")
    assert calm.proposals == []
    assert NOW is quiet.now


async def test_after_two_questions_a_person_reads_what_was_said() -> None:
    answer = await House().act("action_clarify", "hmm itu", "nlu_fallback", ranking=RANKING, slots={"clarify_count": 2})
    assert [it["kind"] for it in answer.proposals] == ["ticket", "hand_over"]


async def test_where_nothing_at_all_is_understood_no_person_is_called_unasked() -> None:
    nothing = (("nlu_fallback", 0.3),)
    answer = await House().act("action_clarify", "…", "nlu_fallback", ranking=nothing, slots={"clarify_count": 2})
    assert answer.proposals == []
    assert answer.buttons == ["Bicara petugas"]


async def test_a_class_named_after_the_answer_completes_the_complaint() -> None:
    slots = {"last_answer_intent": "package_not_found", "platform": "sisnaker"}
    answer = await House().act("action_clarify", "desain grafis", "inform", "siti", slots=slots)
    assert "course" in [finding["check"] for finding in answer.findings]
    assert answer.slots["course"] == "desain grafis"


async def test_a_correction_that_names_a_topic_is_not_called_not_understood() -> None:
    ranking = (("certificate_missing", 0.5), ("certificate_wrong_data", 0.4))
    said = "bukan itu, saya mau nanya sertifikat"
    answer = await House().act("action_clarify", said, "nlu_fallback", ranking=ranking, slots={"clarify_count": 1})
    assert "belum menangkap" not in answer.text
    assert answer.buttons == ["Sertifikat belum ada", "Sertifikat salah", "Bicara petugas"]


async def test_a_platform_after_another_question_still_completes_the_complaint_before_it() -> None:
    talk = {"answered": "card_number_or_balance", "before": ["payment_failed"]}
    slots = {"last_answer_intent": "card_number_or_balance", "talk": talk}
    answer = await House().act("action_clarify", "tokopedia", "nlu_fallback", "budi", slots=slots)
    assert "purchase" in [finding["check"] for finding in answer.findings]


async def test_a_class_that_is_not_there_is_a_missing_class_and_keeps_its_name() -> None:
    said, named = "kelas desain grafis dasar di bukalapak kok ga ada ya", {"course_title": "desain grafis dasar"}
    ranking = (("inform", 0.6), ("package_not_found", 0.3), ("ask_training_choice", 0.1))
    answer = await House().act("action_clarify", said, "nlu_fallback", entities=named, ranking=ranking)
    (followed,) = [event for event in answer.events if event["event"] == "user"]
    assert followed["parse_data"]["intent"]["name"] == "package_not_found"
    assert followed["parse_data"]["entities"][0]["value"] == "desain grafis dasar"
