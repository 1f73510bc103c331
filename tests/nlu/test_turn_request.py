"""Only a turn passes for a turn, and text is never a command."""

from typing import Any

import pytest

from nlu.components.turn_request import LONGEST_TEXT, Refused, turn_request

TURN: dict[str, Any] = {"turn_id": "1", "sender": "siti", "text": "otp ga masuk"}


def refusal(**changed: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        turn_request({**TURN, **changed})
    return refused.value.status, refused.value.error


@pytest.mark.parametrize("name", ["turn_id", "sender"])
@pytest.mark.parametrize("value", [None, "", "  ", 7])
def test_a_turn_without_an_id_or_a_sender_is_refused(name: str, value: Any) -> None:
    assert refusal(**{name: value}) == (422, f"missing_{name}")


def test_a_text_that_is_no_text_is_refused() -> None:
    assert refusal(text=None) == (422, "missing_text")
    assert refusal(text=" \n ") == (422, "empty_text")
    assert refusal(text="a" * (LONGEST_TEXT + 1)) == (413, "too_long")


def test_state_metadata_and_choice_must_be_objects() -> None:
    assert refusal(state=[]) == (422, "bad_state")
    assert refusal(metadata="x") == (422, "bad_metadata")
    assert refusal(choice={"slots": {}}) == (422, "bad_choice")


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        turn_request(["turn"])
    assert refused.value.error == "not_an_object"


@pytest.mark.parametrize("typed", ["/restart", "  /restart", "/ /restart", "\u00a0/restart", "\t/\n/restart"])
def test_a_leading_slash_is_only_a_sign(typed: str) -> None:
    assert turn_request({**TURN, "text": typed}).text == "restart"


def test_nothing_but_slashes_is_still_a_message() -> None:
    assert turn_request({**TURN, "text": "///"}).text == "-"


def test_a_pressed_button_needs_no_text() -> None:
    turn = turn_request({**TURN, "text": "", "choice": {"intent": "inform", "slots": {"platform": "sisnaker"}}})
    assert turn.choice is not None
    assert turn.choice.slots == {"platform": "sisnaker"}
