"""While a question is open, a short message is its answer, unless it plainly is something else."""

from typing import Any

from nlu.components.answering import in_answer_to


def said(text: str, intent: str, confidence: float, *entities: str) -> dict[str, Any]:
    found = [{"entity": entity} for entity in entities]
    return {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": found}


def test_a_platform_is_the_answer_to_which_platform() -> None:
    heard = in_answer_to("platform", said("di tokped kak", "ask_platforms", 0.8, "platform"))
    assert heard["intent"]["name"] == "inform"


def test_a_title_that_means_nothing_by_itself_is_the_answer_to_which_course() -> None:
    heard = in_answer_to("course", said("barista pemula", "out_of_scope", 0.9))
    assert heard["intent"]["name"] == "inform"


def test_a_title_that_sounds_like_a_wish_is_the_answer_too() -> None:
    heard = in_answer_to("course", said("barista pemula", "ask_training_choice", 0.99))
    assert heard["intent"]["name"] == "inform"


def test_a_question_about_platforms_is_no_answer() -> None:
    heard = in_answer_to("platform", said("emang platform prakerja apa aja sih", "ask_platforms", 0.99))
    assert heard["intent"]["name"] == "ask_platforms"


def test_asking_for_a_person_is_no_answer() -> None:
    heard = in_answer_to("platform", said("mana adminnya", "talk_to_human", 0.98))
    assert heard["intent"]["name"] == "talk_to_human"


def test_no_is_still_no() -> None:
    assert in_answer_to("course", said("gak jadi", "deny", 0.5))["intent"]["name"] == "deny"


def test_a_long_new_story_is_no_answer() -> None:
    story = "di tokped saya udah bayar tapi sampai sekarang kode vouchernya belum juga masuk"
    assert in_answer_to("platform", said(story, "paid_no_code", 0.95, "platform"))["intent"]["name"] == "paid_no_code"
