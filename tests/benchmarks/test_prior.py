"""What `bench prior` measures with: messages that really leave it open, and an honest count."""

import json
from typing import Any

import pytest

from benchmarks.prior import MESSAGES, Case, outcome, read_cases
from benchmarks.prior_states import states
from checks.plans import DIALOGUE, PLANS
from checks.prior import likelier

ROWS: list[dict[str, Any]] = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
CASES = list(read_cases(MESSAGES))
STATES = states()


def reading(intent: str, *ranked: str) -> dict[str, Any]:
    """A reading of the model."""
    ranking = [{"name": name, "confidence": 0.4 / (place + 1)} for place, name in enumerate(ranked or (intent,))]
    return {"intent": {"name": intent, "confidence": 0.4}, "ranking": ranking}


CASE = Case(0, "blm ada nih min", "paid_without_code", frozenset({"paid_no_code"}), "ambiguous")
TOLD = likelier(*STATES["paid_without_code"])


def test_every_ambiguous_message_means_different_things_under_different_records() -> None:
    ambiguous = [row["right"] for row in ROWS if "right" in row]
    assert len(ambiguous) >= 240
    assert [right for right in ambiguous if len({str(meant) for meant in right.values()}) < 2] == []


def test_every_state_and_every_meaning_is_one_of_ours() -> None:
    assert {case.state for case in CASES} <= STATES.keys()
    assert frozenset().union(*(case.right for case in CASES)) <= {*PLANS, *DIALOGUE}


def test_a_message_stands_in_one_half_with_all_its_states() -> None:
    assert len({(case.text, case.number % 2) for case in CASES}) == len({case.text for case in CASES})


@pytest.mark.parametrize(
    ("read", "lived_through"),
    [
        (reading("paid_no_code"), "at_once"),
        (reading("certificate_missing"), "wrong"),
        (reading("out_of_scope"), "wrong"),
        (reading("nlu_fallback", "certificate_missing", "paid_no_code"), "one_tap"),
        (reading("nlu_fallback", "certificate_missing", "ticket_status"), "asked_in_vain"),
    ],
)
def test_what_the_writer_lives_through(read: dict[str, Any], lived_through: str) -> None:
    assert outcome(CASE, read, ()) == lived_through


def test_what_the_records_speak_of_is_one_tap_away_once_it_is_asked_about() -> None:
    assert outcome(CASE, reading("nlu_fallback", "certificate_missing", "ticket_status"), TOLD) == "one_tap"
