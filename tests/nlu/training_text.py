"""The Rasa side's YAML, read with nothing but YAML: training examples, rules and domain."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
NLU = ROOT / "nlu"


@cache
def loaded(folder: str) -> list[tuple[Path, dict[str, Any]]]:
    paths = sorted((NLU / folder).rglob("*.yml"))
    return [(path, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)) for path in paths]


@cache
def examples() -> dict[str, list[str]]:
    """Return every intent's training messages."""
    found: dict[str, list[str]] = {}
    for _, content in loaded("training"):
        for item in content.get("nlu", []):
            lines = [line.removeprefix("- ") for line in item["examples"].splitlines()]
            found.setdefault(item["intent"], []).extend(lines)
    return found


def beside() -> Iterator[tuple[str, list[str]]]:
    """Yield each block's intent and the other intents that its messages carry."""
    for _, content in loaded("training"):
        for item in content.get("nlu", []):
            yield item["intent"], item.get("metadata", {}).get("also", [])


def heldout(name: str) -> list[dict[str, Any]]:
    """Return a set of messages kept apart from the training text."""
    lines = (NLU / "heldout" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def domain() -> dict[str, Any]:
    """Return the domain, its files merged."""
    merged: dict[str, Any] = {}
    for _, content in loaded("domain"):
        for key, value in content.items():
            if isinstance(value, list):
                merged.setdefault(key, []).extend(value)
            elif isinstance(value, dict):
                merged.setdefault(key, {}).update(value)
    return merged


def intents() -> set[str]:
    return {name for entry in domain()["intents"] for name in (entry if isinstance(entry, dict) else [entry])}


def rules() -> list[dict[str, Any]]:
    return [rule for _, content in loaded("training") for rule in content.get("rules", [])]


def in_steps(rule: dict[str, Any], kind: str) -> list[str]:
    """Return the intents or actions that a rule names."""
    steps = [inner for step in rule["steps"] for inner in step.get("or", [step])]
    return [step[kind] for step in steps if kind in step]
