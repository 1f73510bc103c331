"""What the model learns from is whole, clean and nobody's data."""

import re

import pytest

from tests.nlu.training_text import domain, examples, heldout, in_steps, intents, rules

PERSONAL = {
    "a 16-digit number": re.compile(r"(?:\d[ .\-]?){16}"),
    "a telephone number": re.compile(r"(?:\+?62|\b0)8\d(?:[ .\-]?\d){7,}"),
    "an e-mail address": re.compile(r"[\w.*]+@[\w-]+\.\w+"),
    "a one-time password": re.compile(r"\botp\w*\s*(?:saya|nya)?\s*[:=]?\s*\d{6}\b", re.IGNORECASE),
}


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip() or text


def test_there_are_53_intents_and_each_has_examples() -> None:
    assert len(intents()) == 53
    assert set(examples()) == intents()
    assert min(len(lines) for lines in examples().values()) >= 60


def test_no_message_is_taught_as_two_intents() -> None:
    taught: dict[str, str] = {}
    for intent, lines in examples().items():
        for line in lines:
            assert taught.setdefault(bare(line), intent) == intent, line


@pytest.mark.parametrize("kind", PERSONAL)
def test_no_example_holds_personal_data(kind: str) -> None:
    taught = [line for lines in examples().values() for line in lines]
    kept_apart = [row["text"] for name in ("calibration", "regression") for row in heldout(name)]
    found = [line for line in taught + kept_apart if PERSONAL[kind].search(line)]
    assert not found, f"{kind}: {found}"


def test_a_typed_label_is_an_example_of_its_intent() -> None:
    assert "Paket kursus tidak ditemukan" in examples()["package_not_found"]
    assert "Insentif belum cair" in examples()["incentive_not_received"]
    assert "Bicara petugas" in examples()["talk_to_human"]


def test_every_intent_leads_somewhere_outside_a_form() -> None:
    led = {intent for rule in rules() if "condition" not in rule for intent in in_steps(rule, "intent")}
    assert led == intents() | {"nlu_fallback"}


def test_every_action_of_the_rules_is_in_the_domain() -> None:
    known = {*domain()["actions"], *domain()["forms"], "action_deactivate_loop"}
    assert {action for rule in rules() for action in in_steps(rule, "action")} <= known


def test_no_slot_steers_the_rules() -> None:
    assert all(slot["influence_conversation"] is False for slot in domain()["slots"].values())
