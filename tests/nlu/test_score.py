"""The figures of an evaluation, worked out by hand on five messages."""

from typing import Any

from nlu.components.score import score


def read(answer: str, *ranking: str, also: tuple[str, ...] = ()) -> dict[str, Any]:
    ranked = [{"name": name, "confidence": 0.5} for name in ranking]
    return {"intent": {"name": answer}, "ranking": ranked, "also": [{"name": name} for name in also], "ms": 1.0}


ROWS = [
    {"intent": "login_otp", "also": []},
    {"intent": "login_otp", "also": ["purchase_otp"]},
    {"intent": "wrong_charge", "also": []},
    {"intent": "out_of_scope", "also": []},
    {"intent": "wrong_charge", "also": []},
]
READINGS = [
    read("login_otp", "login_otp", "greet"),
    read("purchase_otp", "purchase_otp", "login_otp", also=("login_otp",)),
    read("nlu_fallback", "payment_failed", "wrong_charge"),
    read("out_of_scope", "out_of_scope"),
    read("out_of_scope", "out_of_scope", "greet"),
]


def test_each_share_counts_what_it_says() -> None:
    figures = score(ROWS, READINGS)
    assert (figures["strict"], figures["lenient"], figures["top3"]) == (0.4, 0.6, 0.8)
    assert (figures["direct_right"], figures["asked_right"], figures["refused_in_scope"]) == (0.5, 0.25, 0.25)
    assert (figures["oos_refused"], figures["oos_asked"], figures["oos_answered"]) == (1.0, 0.0, 0.0)
    assert figures["second_found"] == 1.0


def test_confusions_name_intents_and_never_a_sentence() -> None:
    assert score(ROWS, READINGS)["confusions"] == [
        {"is": "wrong_charge", "read_as": "payment_failed", "times": 1},
        {"is": "wrong_charge", "read_as": "out_of_scope", "times": 1},
    ]
