"""A question about what is meant, asked of somebody of whom the records speak: by name, and yes or no is understood."""

from typing import Any

import pytest

from actions.reply import BUTTON_LIMIT
from benchmarks.prior_states import states
from checks.prior import likelier
from tests.actions.house import WORDING, Answered, House, sorted_answer

STATES = states()
UNCLEAR = (
    ("certificate_missing", 0.3),
    ("paid_no_code", 0.25),
    ("incentive_not_received", 0.2),
    ("purchase_status", 0.1),
    ("ticket_status", 0.05),
)


def prior(state: str) -> list[dict[str, Any]]:
    """What the bot sends along for somebody in this state."""
    situation, opened = STATES[state]
    return [dict(it.as_data()) for it in likelier(situation, opened)]


async def unclear(
    state: str | None,
    who: str | None = "rina",
    said: str = "blm ada nih min",
    intent: str = "nlu_fallback",
    **given: Any,
) -> Answered:
    """Say something unclear as somebody in this state."""
    house = House()
    action = given.pop("action", "action_clarify")
    call = house.payload(action, said, intent, who, ranking=given.pop("ranking", UNCLEAR), **given)
    if state is not None:
        call["tracker"]["latest_message"]["metadata"]["prior"] = prior(state)
    answer = await house.call(call)
    assert answer.status_code == 200
    return sorted_answer(answer.json())


async def after(state: str, said: str, intent: str, action: str = "action_clarify") -> Answered:
    """Answer the question that somebody in this state was asked about an unclear message."""
    asked = await unclear(state)
    words = ((intent, 0.9), ("greet", 0.05))
    return await unclear(state, said=said, intent=intent, slots=asked.slots, action=action, ranking=words)


async def test_somebody_who_paid_yesterday_is_asked_about_that_class() -> None:
    asked = await unclear("paid_without_code")
    assert asked.text == "Ini soal kelas Excel Laporan Keuangan yang dibayar kemarin, kodenya belum ada?"
    assert asked.buttons == ["Ya, itu", "Sertifikat belum ada", "Insentif belum cair", "Bukan itu"]


async def test_the_same_words_of_another_are_about_their_certificate() -> None:
    asked = await unclear("certificate_late")
    assert asked.text == "Ini soal sertifikat kelas Excel Laporan Keuangan yang selesai 4 Agustus?"


async def test_a_stranger_is_never_asked_by_name_whatever_is_sent_along() -> None:
    asked = await unclear("paid_without_code", who=None)
    assert "Excel" not in asked.text
    assert asked.buttons == ["Sertifikat belum ada", "Kode belum ada", "Insentif belum cair"]


async def test_what_the_records_speak_of_is_offered_where_it_is_not_among_the_likeliest() -> None:
    asked = await unclear("revoked")
    assert asked.buttons == ["Sertifikat belum ada", "Kode belum ada", "Insentif belum cair", "Kepesertaan dicabut"]


async def test_what_only_speaks_against_a_meaning_is_not_asked_about() -> None:
    asked = await unclear("nothing_known")
    assert asked.buttons == ["Sertifikat belum ada", "Kode belum ada", "Insentif belum cair"]


async def test_an_open_form_is_not_talked_over() -> None:
    asked = await unclear("paid_without_code", loop=True)
    assert "Excel" not in asked.texts[0]


@pytest.mark.parametrize("said", ["ya", "iya itu", "bener min yg itu"])
async def test_a_yes_goes_on_as_the_button_would(said: str) -> None:
    taken = await after("paid_without_code", said, "affirm")
    listening, meant = taken.events[-2:]
    assert taken.texts == []
    assert listening == {"event": "action", "name": "action_listen"}
    assert meant["parse_data"]["intent"] == {"name": "paid_no_code", "confidence": 1.0}
    assert meant["metadata"]["participant_id"] == "rina"
    assert taken.slots["clarify_count"] is None


async def test_a_bare_ya_says_yes_though_it_says_nothing_by_itself() -> None:
    asked = await unclear("paid_without_code")
    perhaps = (("out_of_scope", 0.72), ("affirm", 0.25))
    taken = await unclear("paid_without_code", said="ya", slots=asked.slots, ranking=perhaps)
    assert taken.events[-1]["parse_data"]["intent"]["name"] == "paid_no_code"
    long = "ya gimana sih ini kok begini terus"
    asked_again = await unclear("paid_without_code", said=long, slots=asked.slots, ranking=perhaps)
    assert asked_again.buttons == ["Bicara petugas"]


@pytest.mark.parametrize("action", ["action_clarify", "action_small_talk"])
async def test_a_no_brings_the_other_meanings_and_a_person(action: str) -> None:
    refused = await after("paid_without_code", "bukan", "deny", action)
    assert refused.text == "Baik Kak, bukan itu. Yang Kakak maksud yang mana?"
    assert refused.buttons == ["Sertifikat belum ada", "Insentif belum cair", "Bicara petugas"]


async def test_a_yes_to_several_meanings_is_asked_once_more_with_a_person() -> None:
    house = House()
    asked = await house.act("action_clarify", "blm ada", "nlu_fallback", ranking=UNCLEAR)
    again = await house.act("action_clarify", "iya", "affirm", slots=asked.slots)
    assert again.buttons == ["Sertifikat belum ada", "Kode belum ada", "Bicara petugas"]


async def test_a_yes_to_the_only_meaning_is_taken() -> None:
    house = House()
    asked = await house.act("action_clarify", "apa kabar prakerja", "nlu_fallback", ranking=(("ask_programme", 0.2),))
    taken = await house.act("action_clarify", "iya", "affirm", slots=asked.slots)
    assert taken.events[-1]["parse_data"]["intent"]["name"] == "ask_programme"


async def test_a_yes_out_of_nowhere_is_asked_about() -> None:
    asked = await House().act("action_clarify", "iya", "affirm")
    assert "ceritakan" in asked.text


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_question_can_be_said(state: str) -> None:
    for one in prior(state):
        if ask := one.get("ask"):
            said = WORDING.say(ask["key"], ask["words"])
            assert said.startswith("Ini soal ")
            assert said.endswith("?")


async def test_the_buttons_fit_on_whatsapp() -> None:
    asked = await unclear("paid_without_code")
    assert [title for title in asked.buttons if len(title) > BUTTON_LIMIT] == []
