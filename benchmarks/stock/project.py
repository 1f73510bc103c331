"""Writes a stock Rasa project: what `rasa init` gives, with our intents and the sampled lines.

Generous to stock on purpose: rules alone decide (no TED policy, which would cost more), no slots, no entities, short
answers, and one action that looks nothing up.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from benchmarks.stock.sample import LINES, sample, training_lines

CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "id",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [{"name": "MemoizationPolicy"}, {"name": "RulePolicy"}],
}
SAID_AT_ONCE = {
    "greet": "Halo Kak! Ada kendala apa?",
    "thank": "Sama-sama, Kak.",
    "out_of_scope": "Maaf Kak, itu di luar yang bisa saya bantu.",
    "affirm": "Baik, Kak.",
    "deny": "Baik, Kak.",
    "inform": "Terima kasih, Kak.",
    "nlu_fallback": "Maaf Kak, boleh ditulis dengan kata lain?",
}
"""Intents with a fixed answer; every other calls the action."""

ACTIONS = '''
from rasa_sdk import Action


class ActionCheck(Action):
    """Answers without looking anything up."""

    def name(self):
        return "action_check"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Sudah saya cek, Kak. Mohon ditunggu.")
        return []
'''


def files(training: Path) -> dict[str, str]:
    """Return every file the model is learned from, by name."""
    lines = sample(training_lines(training))
    written: dict[str, dict[str, Any]] = {
        "config.yml": CONFIG,
        "domain.yml": _domain(lines),
        "data/nlu.yml": {"version": "3.1", "nlu": [_block(intent, mine) for intent, mine in lines.items()]},
        "data/rules.yml": {"version": "3.1", "rules": [_rule(intent) for intent in [*lines, "nlu_fallback"]]},
    }
    return {name: yaml_of(body) for name, body in written.items()}


def files_of_run(action_port: int) -> dict[str, str]:
    """Return the files a running server needs beside its model, by name."""
    endpoints = {"action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"}}
    told: dict[str, dict[str, Any]] = {"credentials.yml": {"rest": None}, "endpoints.yml": endpoints}
    return {name: yaml_of(body) for name, body in told.items()} | {"actions.py": ACTIONS.lstrip()}


def fingerprint(made: dict[str, str]) -> str:
    """Return the hash of what decides how fast a model of the project is: everything but which lines were drawn.

    A line mended in our training text changes neither stock's speed nor its memory, and learning anew takes minutes.
    """
    shape = {name: text for name, text in made.items() if name != "data/nlu.yml"} | {"lines": str(LINES)}
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:12]


def write(folder: Path, made: dict[str, str]) -> None:
    """Write the project into a folder."""
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def yaml_of(body: dict[str, Any]) -> str:
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)


def _domain(lines: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "version": "3.1",
        "intents": list(lines),
        "actions": ["action_check"],
        "responses": {f"utter_{intent}": [{"text": said}] for intent, said in SAID_AT_ONCE.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _block(intent: str, lines: list[str]) -> dict[str, str]:
    return {"intent": intent, "examples": "".join(f"- {_plain(line)}\n" for line in lines)}


def _plain(line: str) -> str:
    """Keep square brackets of placeholders from being read as entities."""
    return line.replace("[", "(").replace("]", ")")


def _rule(intent: str) -> dict[str, Any]:
    action = f"utter_{intent}" if intent in SAID_AT_ONCE else "action_check"
    return {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": action}]}
