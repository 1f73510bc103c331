"""The stock project: a fixed sample, every intent in it, a rule for each."""

import yaml

from benchmarks.stock import project
from benchmarks.stock.sample import LINES, sample, training_lines
from helpdesk.settings import ROOT

TRAINING = ROOT / "nlu" / "training"


def test_the_sample_is_fixed_and_holds_every_intent():
    lines = training_lines(TRAINING)
    once, again = sample(lines), sample(lines)
    assert once == again
    assert sum(map(len, once.values())) == LINES
    assert set(once) == set(lines)
    assert all(set(mine) <= set(lines[intent]) for intent, mine in once.items())


def test_the_project_answers_every_intent_and_half_the_kinds_call_the_action():
    made = {name: yaml.safe_load(text) for name, text in project.files(TRAINING).items()}
    rules = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in made["data/rules.yml"]["rules"]}
    assert set(made["domain.yml"]["intents"]) <= set(rules)
    assert rules["greet"] == "utter_greet"
    assert rules["payment_failed"] == "action_check"


def test_the_fingerprint_changes_with_the_project_and_not_with_a_mended_line():
    made = project.files(TRAINING)
    slower = made | {"config.yml": made["config.yml"].replace("epochs: 100", "epochs: 99")}
    mended = made | {"data/nlu.yml": made["data/nlu.yml"] + "# mended\n"}
    assert project.fingerprint(made) != project.fingerprint(slower)
    assert project.fingerprint(made) == project.fingerprint(mended)
