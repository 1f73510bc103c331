"""What the bot may say: short, whole, without blame, and with no promise that is not ours."""

import re

import pytest

from actions.plans import PLANS
from actions.reply import BUTTON_LIMIT
from actions.wording import Wording, WordingError, placeholders
from checks.table import CHECKS

WORDING = Wording.read()
FORBIDDEN = (
    *(
        "salah kakak",
        "kesalahan anda",
        "anda",
        "invalid",
        "timeout",
        "error",
        "server",
        "database",
        "dijamin",
        "garansi",
    ),
    *(
        "tidak ada masalah",
        "kirimkan foto",
        "kirimkan otp",
        "sebutkan otp",
        "sebutkan nik",
        "konflik kepentingan",
        "sesaat",
    ),
)
PROMISES = re.compile(r"\b(?:pasti (?:cair|lolos|kembali|selesai)|kami janji|saya janji)\b", re.IGNORECASE)


@pytest.mark.parametrize("key", sorted(WORDING.texts))
def test_a_text_is_short_and_without_blame_or_jargon(key: str) -> None:
    text = WORDING.texts[key]
    assert len(text) <= 420
    assert not [word for word in FORBIDDEN if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    assert not PROMISES.search(text)


@pytest.mark.parametrize("key", sorted(key for key in WORDING.texts if key.startswith(("ticket", "hand_over"))))
def test_whoever_is_told_of_a_person_is_told_the_number_and_the_time(key: str) -> None:
    if "nomor laporan" in WORDING.texts[key]:
        assert {"ticket", "promise"} <= placeholders(WORDING.texts[key])


def test_a_ticket_text_keeps_its_two_places_for_the_bot() -> None:
    assert "{ticket}" in WORDING.say("ticket")
    assert "{promise}" in WORDING.say("ticket")


def test_a_placeholder_without_a_value_is_refused() -> None:
    with pytest.raises(WordingError, match="course"):
        WORDING.say("course_full")


def test_braces_in_a_value_do_not_become_placeholders() -> None:
    assert "{ticket}" not in WORDING.say("course_full", {"course": "Kelas {ticket}"})


def test_every_button_fits_on_whatsapp_and_no_two_are_alike() -> None:
    titles = [plan.button for plan in PLANS.values()]
    assert [title for title in titles if len(title) > BUTTON_LIMIT] == []
    assert len(set(titles)) == len(titles)


def test_every_plan_names_checks_and_steps_that_exist() -> None:
    for intent, plan in PLANS.items():
        assert set(plan.checks) <= CHECKS.keys(), intent
        assert plan.steps is None or plan.steps in WORDING.texts, intent
