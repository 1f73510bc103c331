"""A new model is compared with the old one message by message, and stopped only when it is really worse."""

from typing import Any

from nlu.components.comparison import compare
from scripts.gate_table import table

ROWS = [{"text": f"otp ke {number} ga masuk", "intent": "login_otp", "also": []} for number in range(40)]


def read(name: str) -> dict[str, Any]:
    ranked = [{"name": name, "confidence": 0.9}, {"name": "wrong_charge", "confidence": 0.1}]
    return {"intent": ranked[0], "ranking": ranked, "also": [], "ms": 1.0}


RIGHT = [read("login_otp")] * 40
ONE_LOST = [read("greet"), *RIGHT[1:]]
TEN_LOST = [read("greet")] * 10 + RIGHT[10:]


def test_the_same_readings_are_not_worse() -> None:
    same = compare(ROWS, RIGHT, RIGHT)
    assert (same.worse, same.difference, same.lost) == (False, 0.0, [])


def test_many_lost_messages_are_worse_and_named() -> None:
    compared = compare(ROWS, RIGHT, TEN_LOST)
    assert compared.worse
    assert compared.difference == 10 * 5 / 40
    assert [row["read_as"] for row in compared.lost] == ["greet"] * 10
    assert {(row["was"], row["is"]) for row in compared.lost} == {("direct_right", "direct_wrong")}


def test_as_many_won_as_lost_is_no_reason_to_stop() -> None:
    won_and_lost = [RIGHT[0], *[read("greet")], *RIGHT[2:]]
    assert not compare(ROWS, ONE_LOST, won_and_lost).worse


def test_a_better_one_is_not_worse() -> None:
    assert not compare(ROWS, TEN_LOST, RIGHT).worse


def test_the_table_says_what_a_person_needs_to_decide() -> None:
    compared = compare(ROWS, RIGHT, TEN_LOST)._asdict()
    shown = table({"rows": 40, "first": False, "old_model": "helpdesk-0.tar.gz", **compared})
    for words in ("worse", "helpdesk-0.tar.gz", "10 messages are read worse", "otp ke 3 ga masuk", "now greet"):
        assert words in shown
    assert "No model to compare with" in table({"rows": 40, "first": True, "old_model": None, **compared})
