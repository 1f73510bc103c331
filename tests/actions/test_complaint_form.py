"""The form asks for one thing, once, takes short answers as answers, and lets go when something else is said."""

from tests.actions.house import Chat, House

COMPLAINS = "paket kursus tidak ditemukan terus"


def rejected(events: list[dict[str, object]]) -> bool:
    return any(event["event"] == "action_execution_rejected" for event in events)


async def asked() -> Chat:
    """A chat in which the platform has just been asked for."""
    chat = Chat(House(), "siti")
    await chat.says(COMPLAINS, "package_not_found")
    assert chat.slots["requested_slot"] == "platform"
    return chat


async def test_an_answer_in_other_words_is_recognised() -> None:
    chat = await asked()
    await chat.says("yg tokped kak", "inform")
    assert chat.slots["platform"] == "tokopedia"
    assert chat.slots["requested_slot"] == "course"


async def test_a_short_answer_the_model_misreads_is_still_an_answer() -> None:
    chat = await asked()
    answer = await chat.says(
        "di sisnaker, kelas desain", "ask_training_choice", {"platform": "sisnaker", "course_title": "desain"}
    )
    assert "Desain Grafis Dasar" in answer.text


async def test_not_knowing_is_an_answer_and_nobody_is_asked_twice() -> None:
    chat = await asked()
    await chat.says("lupa kak", "inform")
    await chat.says("Tidak ingat", "inform")
    assert chat.slots["requested_slot"] is None
    assert chat.slots["platform"] is None, "what was not known is not remembered as a name"


async def test_a_question_in_between_is_let_through() -> None:
    chat = await asked()
    answer = await chat.says("syarat ikut prakerja buat yang masih kuliah gimana ya min", "ask_eligibility")
    assert rejected(answer.events)


async def test_after_the_question_in_between_the_form_asks_again_without_telling_the_incident_twice() -> None:
    chat = await asked()
    house = chat.house
    back = await house.act(
        *("validate_complaint_form", "masih kuliah boleh ikut?", "ask_eligibility", "siti"),
        slots=chat.slots,
        loop=True,
        interrupted=True,
    )
    assert back.slots == {"requested_slot": "platform"}
    question = await house.act("action_ask_platform", "…", "ask_eligibility", "siti", slots=chat.slots, loop=True)
    assert question.text == "Kakak mengalaminya di platform mana?"


async def test_a_question_in_between_is_answered_and_the_open_one_put_again() -> None:
    chat = await asked()
    await chat.says("sisnaker", "inform", {"platform": "sisnaker"})
    between = await chat.house.act(
        *("action_answer_from_knowledge", "ruangguru masih bisa?", "ask_platforms", "siti"),
        slots={**chat.slots, "platform": "ruangguru"},
        loop=True,
    )
    assert between.texts[-1].startswith("Lalu soal yang tadi: Kelas")
    assert between.buttons == ["Tidak ingat"]
    chat.slots |= between.slots
    answer = await chat.says("desain", "inform", {"course_title": "desain"})
    assert "Sisnaker" in answer.text, "the platform of the complaint is not the one that was asked about"


async def test_a_call_for_a_person_is_let_through_with_what_stood_open() -> None:
    chat = await asked()
    assert rejected((await chat.says("mana adminnya", "talk_to_human")).events)
    answer = await chat.house.act(
        "action_hand_over", "mana adminnya", "talk_to_human", "siti", slots=chat.slots, loop=True
    )
    assert answer.ticket is not None
    assert answer.ticket["also"] == ["package_not_found"]


async def test_another_complaint_takes_over_and_the_first_is_not_lost() -> None:
    chat = await asked()
    await chat.says("terus saldo saya kepotong padahal ga beli apa2 min, gimana ini", "wrong_charge")
    assert chat.slots["requested_slot"] is None
    assert chat.slots["complaint_intent"] == "wrong_charge"


async def test_a_platform_of_an_earlier_complaint_is_not_taken_for_another_one() -> None:
    chat = await asked()
    await chat.says("sisnaker", "inform", {"platform": "sisnaker"})
    await chat.says("desain", "inform", {"course_title": "desain"})
    await chat.says("ga bisa bayar pake kartu", "payment_failed")
    assert chat.slots["requested_slot"] == "platform"


async def test_a_course_nobody_can_be_expected_to_know_is_not_asked_of_a_stranger() -> None:
    chat = Chat(House(), None)
    await chat.says(COMPLAINS, "package_not_found", {"platform": "sisnaker"})
    assert chat.slots["requested_slot"] is None


async def test_what_the_form_remembers_stays_small() -> None:
    chat = Chat(House(), "siti")
    await chat.says(COMPLAINS + " banget" * 500, "package_not_found")
    assert len(str(chat.slots["open_question"])) < 500


async def test_a_failing_registry_does_not_stop_the_form() -> None:
    chat = Chat(House(), "budi")
    chat.house.programme.away = {"everything"}
    answer = await chat.says("min gagal bayar", "payment_failed")
    assert "mana?" in answer.text
    assert answer.buttons == []


async def test_a_platform_named_after_the_answer_completes_it() -> None:
    chat = Chat(House(), "budi")
    await chat.says("min gagal bayar", "payment_failed")
    answer = await chat.house.act(
        *("action_clarify", "bukalapak", "inform", "budi"),
        slots={**chat.slots, "platform": "bukalapak"},
        entities={"platform": "bukalapak"},
    )
    assert "Permenko" in answer.text
    assert answer.ticket is None
