"""What the two Python environments share by name exists on both sides: actions, intents, slots, responses, the form.

Rasa's side is read as YAML, ours from the code: neither environment can import the other.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.app import abilities
from actions.complaint_form import ENTITY, FORM
from actions.wording import read_wording
from checks.finding import Priority, Queue
from checks.plans import DIALOGUE, PLANS
from checks.sources import Sources
from knowledge_base.answer import best_answer
from tests.actions.programme import DeskRecords, Programme

ROOT = Path(__file__).parent.parent.parent
BUILT_IN = {"action_listen", "action_deactivate_loop", "action_default_fallback"}


def domain() -> dict[str, Any]:
    """Everything under nlu/domain, merged."""
    merged: dict[str, Any] = {}
    for path in sorted((ROOT / "nlu" / "domain").glob("*.yml")):
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if isinstance(value, list):
                merged.setdefault(key, []).extend(value)
            elif isinstance(value, dict):
                merged.setdefault(key, {}).update(value)
    return merged


DOMAIN = domain()
RULES = yaml.safe_load((ROOT / "nlu" / "training" / "rules.yml").read_text(encoding="utf-8"))["rules"]
INTENTS = {next(iter(it)) if isinstance(it, dict) else it for it in DOMAIN["intents"]}
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").glob("*.py"))


def served() -> set[str]:
    """Names of the actions the server has."""
    sources = Sources(Programme(), DeskRecords(), best_answer)
    return {it.name() for it in abilities(sources, read_wording(), 1.0)}


def steps(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step of a rule, alternatives spread out."""
    spread: list[dict[str, Any]] = []
    for step in rule["steps"]:
        spread += step.get("or", [step])
    return spread


def primary_actions() -> dict[str, str]:
    """Which of our actions a rule names for an intent where no form is open."""
    named: dict[str, str] = {}
    for rule in RULES:
        if rule.get("condition"):
            continue
        every = steps(rule)
        action = next((it["action"] for it in every if "action" in it), None)
        for step in every:
            if "intent" in step and action is not None:
                named[step["intent"]] = action
    return named


def test_every_action_of_the_domain_is_served_and_every_served_one_is_in_the_domain() -> None:
    assert set(DOMAIN["actions"]) == served()


def test_every_intent_has_a_plan_or_belongs_to_the_dialogue() -> None:
    assert INTENTS - {"nlu_fallback"} == set(PLANS) | set(DIALOGUE)


@pytest.mark.parametrize("intent", sorted(PLANS))
def test_the_rule_and_the_plan_of_an_intent_name_the_same_action(intent: str) -> None:
    by_rule = primary_actions()[intent]
    assert PLANS[intent].action == ("action_check_purchase" if by_rule == FORM else by_rule)


def test_every_action_a_rule_names_exists() -> None:
    known = served() | set(DOMAIN["forms"]) | BUILT_IN
    named = {step["action"] for rule in RULES for step in steps(rule) if "action" in step}
    assert named <= known


def test_every_intent_a_rule_names_exists() -> None:
    named = {step["intent"] for rule in RULES for step in steps(rule) if "intent" in step}
    assert named <= INTENTS | {"nlu_fallback"}


def test_every_slot_an_action_reads_or_sets_exists() -> None:
    used = set(re.findall(r'(?:SlotSet|\.slot|slots\.get)\(\s*"(\w+)"', SOURCE)) - {"requested_slot"}
    assert {"platform", "course", "open_question", "last_answer_intent", "clarify_count"} <= used
    assert used <= set(DOMAIN["slots"])


def test_every_entity_an_action_reads_exists() -> None:
    used = set(re.findall(r'\.entity\(\s*"(\w+)"', SOURCE)) | set(ENTITY.values())
    assert used <= set(DOMAIN["entities"])


def test_the_form_and_what_it_asks_for_exist_on_both_sides() -> None:
    assert set(DOMAIN["forms"]) == {FORM}
    assert set(ENTITY) <= set(DOMAIN["forms"][FORM]["required_slots"])
    assert {f"action_ask_{slot}" for slot in ENTITY} <= served()


def test_what_a_button_can_choose_is_an_intent_with_slots_of_the_domain() -> None:
    assert {slot for plan in PLANS.values() for slot in plan.asks} <= set(DOMAIN["slots"])
    assert "inform" in INTENTS


def test_no_slot_but_the_dialogues_own_steers_a_rule() -> None:
    steering = {name for name, slot in DOMAIN["slots"].items() if slot.get("influence_conversation", True)}
    assert steering == set()


def test_queues_and_priorities_are_those_the_desk_knows() -> None:
    assert {it.value for it in Priority} == {"normal", "high", "urgent"}
    assert "PRIVACY" in {it.value for it in Queue}
