"""An answer that was not what was meant, thanks that are no thanks, and a problem that still waits."""

from datetime import timedelta

import pytest

from actions.paragraphs import fit
from actions.platform_names import names_only_a_platform, platform_in
from actions.spoken_lengths import spoken_length
from tests.actions.house import Answered, Chat, House

ANSWERED = {"answered": "incentive_not_received", "others": ["survey_incentive", "payout_account_failed"]}
SURVEY, PAYOUT, PERSON = "Survei", "Gagal sambung rek.", "Bicara petugas"


def goes_on(answer: Answered) -> str:
    """The meaning with which the turn goes on."""
    (followed,) = [event for event in answer.events if event["event"] == "user"]
    return str(followed["parse_data"]["intent"]["name"])


async def test_a_no_after_an_answer_offers_what_else_was_meant_and_a_person() -> None:
    answer = await House().act("action_small_talk", "bukan itu", "deny", slots={"talk": ANSWERED})
    assert "belum pas" in answer.text
    assert answer.buttons == [SURVEY, PAYOUT, PERSON]
    assert [finding["check"] for finding in answer.findings] == ["correction"]


async def test_what_was_rejected_once_is_not_offered_again() -> None:
    house = House()
    first = await house.act("action_small_talk", "bukan itu", "deny", slots={"talk": ANSWERED})
    second = await house.act("action_small_talk", "bukan itu juga", "deny", slots=first.slots)
    assert second.buttons == [PERSON]
    assert "ceritakan" in second.text


async def test_the_third_correction_brings_a_person_with_what_was_answered() -> None:
    slots = {"talk": {**ANSWERED, "corrected": 2}}
    answer = await House().act("action_small_talk", "bukan itu ih", "deny", slots=slots)
    assert [it["kind"] for it in answer.proposals] == ["ticket", "hand_over"]
    assert answer.ticket is not None
    assert answer.ticket["also"] == ["incentive_not_received"]


@pytest.mark.parametrize(
    ("said", "taken_for"),
    [
        ("ga nyambung", "payout_account_failed"),
        ("ga nyambung jawabannya min", "support_complaint"),
        ("jawaban lo salah", "nlu_fallback"),
        ("ngaco lu bot", "out_of_scope"),
        ("makasih tapi bukan itu", "thank"),
        ("bukan itu maksud saya", "affirm"),
        ("belum menjawab pertanyaan saya kak", "partner_complaint"),
    ],
)
async def test_a_correction_is_heard_whatever_the_model_takes_it_for(said: str, taken_for: str) -> None:
    action = {
        "payout_account_failed": "action_check_participant",
        "support_complaint": "action_hand_over",
        "partner_complaint": "action_hand_over",
        "nlu_fallback": "action_clarify",
        "affirm": "action_clarify",
    }.get(taken_for, "action_small_talk")
    answer = await House().act(action, said, taken_for, slots={"talk": ANSWERED})
    assert "belum pas" in answer.text
    assert answer.proposals == []


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("rekening bni saya ga nyambung ke prakerja", "payout_account_failed"),
        ("nama di sertifikat saya salah", "certificate_wrong_data"),
        ("bukan itu aja, kelasnya juga ga bisa dibuka", "class_access"),
        ("saldo saya salah potong", "wrong_charge"),
    ],
)
async def test_a_new_problem_is_no_correction(said: str, intent: str) -> None:
    answer = await House().act("action_check_participant", said, intent, slots={"talk": ANSWERED})
    assert "belum pas" not in answer.text


async def test_where_nothing_was_answered_there_is_nothing_to_correct() -> None:
    answer = await House().act("action_check_participant", "ga nyambung", "payout_account_failed")
    assert "belum pas" not in answer.text


async def test_thanks_after_an_answer_leave_a_way_to_say_it_was_wrong() -> None:
    house = House()
    thanked = await house.act("action_small_talk", "makasih", "thank", slots={"talk": ANSWERED})
    assert thanked.buttons == ["Belum pas"]
    pressed = await house.act(
        "action_small_talk", "Belum pas", "deny", slots={"talk": ANSWERED, **thanked.slots}, confidence=1.0
    )
    assert pressed.buttons == [SURVEY, PAYOUT, PERSON]


async def test_thanks_that_say_it_is_not_solved_are_not_taken_for_thanks() -> None:
    answer = await House().act("action_small_talk", "makasih, tapi masih belum cair", "thank", slots={"talk": ANSWERED})
    assert "belum beres" in answer.text
    assert PERSON in answer.buttons


async def test_thanks_after_a_ticket_are_just_thanks() -> None:
    slots = {"talk": {**ANSWERED, "ticket": True}}
    answer = await House().act("action_small_talk", "makasih ya", "thank", slots=slots)
    assert answer.buttons == []
    assert answer.text.startswith("Sama-sama")


async def test_a_second_problem_that_could_not_be_answered_at_once_waits_and_is_offered() -> None:
    house = House()
    first = await house.act(
        "action_answer_from_knowledge",
        "syarat daftar apa, sama tiket saya",
        "ask_how_to_register",
        also=("ask_bundling", "wave_schedule"),
    )
    assert first.buttons == ["Paket bundling", "Jadwal gelombang"]
    thanked = await house.act("action_small_talk", "makasih", "thank", slots=first.slots)
    assert "paket bundling" in thanked.text
    assert thanked.buttons == ["Paket bundling", "Nanti saja"]


async def test_thanks_in_the_middle_of_a_question_do_not_lose_the_problem() -> None:
    opened = {"open_question": {"intent": "package_not_found", "also": [], "text": "paket ga ketemu"}}
    slots = {**opened, "requested_slot": "platform"}
    answer = await House().act("action_small_talk", "makasih", "thank", slots=slots, loop=True)
    assert answer.buttons == ["Paket tidak ketemu", "Nanti saja"]
    assert answer.slots["open_question"] is None


async def test_a_no_to_the_forms_question_offers_what_else_was_meant() -> None:
    opened = {"intent": "package_not_found", "also": [], "text": "kelas excel", "others": ["ask_training_choice"]}
    slots = {"open_question": opened, "requested_slot": "platform"}
    answer = await House().act("action_small_talk", "bukan itu", "deny", slots=slots, loop=True)
    assert answer.buttons == ["Pilihan pelatihan", PERSON]
    assert answer.slots["open_question"] is None
    assert len(answer.texts) == 1


async def test_off_topic_again_and_again_is_not_answered_in_the_same_words() -> None:
    house = House()
    first = await house.act("action_small_talk", "pantun dong", "out_of_scope")
    second = await house.act("action_small_talk", "pantun lagi", "out_of_scope", slots=first.slots)
    assert first.text != second.text
    assert second.buttons == [PERSON]


async def test_asking_the_same_again_brings_the_offer_of_a_person() -> None:
    slots = {"last_answer_intent": "card_number_or_balance"}
    answer = await House().act(
        "action_check_participant", "saldo saya berapa", "card_number_or_balance", "siti", slots=slots
    )
    assert answer.buttons == [PERSON]


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("bukan di tokopedia tapi di bukalapak maksudnya", "bukalapak"),
        ("eh salah, di pintaria kak", "pintaria"),
        ("bukan tokped", None),
        ("di tokped", "tokopedia"),
    ],
)
def test_the_platform_that_is_meant_is_not_the_one_that_is_denied(said: str, platform: str | None) -> None:
    assert platform_in(said) == platform


def test_a_class_title_beside_a_platform_is_more_than_a_platform() -> None:
    assert names_only_a_platform("bukan di tokped tapi di bukalapak maksudnya")
    assert not names_only_a_platform("desain grafis di bukalapak")


@pytest.mark.parametrize(
    ("said", "taken_for"),
    [
        ("udah dicoba lagi tetep ga bisa", "login_failed"),
        ("tetep ga bisa min", "nlu_fallback"),
        ("masih sama aja kak", "deny"),
        ("gagal lagi min", "join_wave_failed"),
    ],
)
async def test_that_it_still_fails_is_about_what_was_just_answered(said: str, taken_for: str) -> None:
    action = {"nlu_fallback": "action_clarify", "deny": "action_small_talk"}.get(taken_for, "action_check_participant")
    slots = {"talk": {"answered": "card_number_or_balance"}, "last_answer_intent": "card_number_or_balance"}
    answer = await House().act(action, said, taken_for, "siti", slots=slots)
    assert [finding["check"] for finding in answer.findings] == ["card"]
    assert answer.buttons == [PERSON]


async def test_that_another_thing_fails_is_about_that() -> None:
    slots = {"talk": {"answered": "card_number_or_balance"}}
    answer = await House().act("action_check_participant", "login gagal lagi min", "login_failed", "siti", slots=slots)
    assert "card" not in [finding["check"] for finding in answer.findings]


async def test_what_waits_is_kept_through_another_answer_until_it_is_asked_about() -> None:
    house = House()
    slots = {"talk": {"answered": "ask_eligibility", "waiting": ["ask_bundling", "card_number_or_balance"]}}
    asked = await house.act("action_check_participant", "saldo saya", "card_number_or_balance", "siti", slots=slots)
    assert asked.slots["talk"]["waiting"] == ["ask_bundling"]


async def test_the_second_greeting_asks_for_the_problem() -> None:
    house = House()
    first = await house.act("action_small_talk", "halo", "greet")
    second = await house.act("action_small_talk", "mau tanya", "greet", slots=first.slots)
    assert "bukan kanal resmi" in first.text
    assert second.text.startswith("Silakan")


async def test_the_same_problem_under_another_name_is_still_the_same() -> None:
    slots = {"talk": {"answered": "incentive_not_received"}, "last_answer_intent": "incentive_not_received"}
    answer = await House().act(
        "action_check_participant",
        "rekening udah saya urus, masih gagal juga",
        "payout_account_failed",
        "maya",
        slots=slots,
    )
    assert answer.ticket is not None
    assert answer.ticket["intent"] == "incentive_not_received"


async def test_an_unclear_message_goes_on_with_what_was_talked_about_before() -> None:
    slots = {"talk": {"answered": "ask_platforms", "before": ["incentive_not_received"]}}
    ranking = (("incentive_not_received", 0.3), ("ask_incentive_terms", 0.25))
    said = "jadi yang insentif tadi saya mesti ngapain"
    answer = await House().act("action_clarify", said, "nlu_fallback", "maya", slots=slots, ranking=ranking)
    assert goes_on(answer) == "incentive_not_received"


async def test_one_answer_may_name_the_platform_and_the_class() -> None:
    chat = Chat(House(), "siti")
    await chat.says("paket kursus tidak ditemukan", "package_not_found")
    await chat.says("sisnaker kak, yg desain grafis", "inform", {"platform": "sisnaker"})
    assert chat.slots["course"] == "desain grafis"
    assert chat.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("wis telung dina ora iso", 3),
        ("geus 3 poe", 3),
        ("tilu poe teu bisa", 3),
        ("udah hampir seminggu", 7),
        ("sapoe", 1),
    ],
)
def test_lengths_are_heard_in_javanese_and_sundanese_too(said: str, days: int) -> None:
    assert spoken_length(said) == timedelta(days=days)


def test_an_article_keeps_its_source_and_the_whole_stays_three_paragraphs() -> None:
    article = "Satu.\n\nDua.\n\nSumber: Kompas, 3 September 2020"
    assert fit([article]) == "Satu.\n\nDua.\nSumber: Kompas, 3 September 2020"
    assert fit(["Sistem.", article, "Milikmu.", "Petugas."]).split("\n\n") == [
        "Sistem.",
        "Satu. Dua. Milikmu.\nSumber: Kompas, 3 September 2020",
        "Petugas.",
    ]


async def test_a_platform_named_after_the_answer_completes_it_even_where_the_model_is_unsure() -> None:
    slots = {"talk": {"answered": "payment_failed", "platform": "sisnaker"}, "last_answer_intent": "payment_failed"}
    other = await House().act("action_clarify", "di tokopedia", "nlu_fallback", "budi", slots=slots)
    assert "purchase" in [finding["check"] for finding in other.findings]
    same = await House().act("action_clarify", "di sisnaker kak", "nlu_fallback", "budi", slots=slots)
    assert "untuk platform itu" in same.text


@pytest.mark.parametrize("said", ["terus saya harus gimana dong", "jadi gimana min", "trus ngapain"])
async def test_what_now_is_about_what_was_just_answered(said: str) -> None:
    slots = {"talk": {"answered": "incentive_not_received"}}
    assert goes_on(await House().act("action_clarify", said, "nlu_fallback", "maya", slots=slots)) == (
        "incentive_not_received"
    )


async def test_somebody_who_was_harmed_after_a_report_of_fraud_is_heard() -> None:
    slots = {"talk": {"answered": "report_fraud", "ticket": True}}
    said = "udah telanjur kukirim uangnya"
    answer = await House().act("action_clarify", said, "nlu_fallback", slots=slots)
    assert goes_on(answer) == "report_fraud"


def test_a_quoted_message_is_never_cut() -> None:
    quoted, long = "Pengumuman satu. Pengumuman dua.", "Kalimat lain yang panjang sekali. " * 30
    assert fit([quoted, long.strip(), "Petugas."], quoted).startswith(quoted)


async def test_anger_is_met_with_one_line_before_what_is_done() -> None:
    answer = await House().act("action_check_participant", "ANJING saldo saya mana!!", "card_number_or_balance", "siti")
    assert answer.text.startswith("Saya mengerti ini bikin kesal")
    calm = await House().act("action_check_participant", "saldo saya mana", "card_number_or_balance", "siti")
    assert "kesal" not in calm.text
