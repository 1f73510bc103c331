"""The carried state: small, whole, and forgetting what belongs to a finished complaint. Runs in Rasa's environment."""

import json
import unittest

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered

from nlu.components.carried_state import LARGEST, TURNS_KEPT, fold, size_of, unfold


def slot():
    """Return the definition of a slot; Rasa takes a definition apart, so each needs its own."""
    return {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}


NAMES = ("platform", "course", "error_text", "clarify_count", "open_question")
DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "inform"],
        "slots": {name: slot() for name in NAMES},
        "forms": {"complaint_form": {"required_slots": ["platform"]}},
        "actions": ["action_clarify", "action_check_purchase"],
    }
)


def a_turn(state, *events, intent="inform"):
    """Return the state after a turn in which these events happened."""
    tracker = unfold(state, "siti", DOMAIN)
    tracker.update_with_events([UserUttered("x", {"name": intent, "confidence": 1.0}), *events], DOMAIN)
    return fold(tracker, state)


OPEN = {"slots": {"error_text": "paket kursus tidak ditemukan"}, "form": "complaint_form", "asks": "platform"}


class CarriedState(unittest.TestCase):
    """A state goes in and the next one comes out."""

    def test_an_open_form_waits_for_the_slot_it_asked_for(self):
        tracker = unfold(OPEN, "siti", DOMAIN)
        assert tracker.active_loop_name == "complaint_form"
        assert tracker.get_slot("requested_slot") == "platform"
        assert tracker.latest_action_name == "action_listen"

    def test_what_a_turn_filled_is_there_in_the_next(self):
        state = a_turn(OPEN, SlotSet("platform", "sisnaker"))
        again = unfold(json.loads(json.dumps(state)), "siti", DOMAIN)
        assert again.get_slot("platform") == "sisnaker"
        assert again.get_slot("error_text") == "paket kursus tidak ditemukan"

    def test_the_error_text_goes_with_its_complaint(self):
        assert "error_text" not in a_turn({"slots": {"error_text": "limit OTP", "platform": "sisnaker"}})["slots"]

    def test_the_count_of_questions_starts_again_after_an_understood_message(self):
        asked = a_turn({}, ActionExecuted("action_clarify"), SlotSet("clarify_count", 1))
        assert asked["slots"]["clarify_count"] == 1
        assert "clarify_count" not in a_turn(asked, ActionExecuted("action_check_purchase"))["slots"]

    def test_a_hundred_turns_carry_no_more_than_the_last_few(self):
        state = {}
        for _ in range(100):
            state = a_turn(state, ActionExecuted("action_clarify"))
        assert len(state["turns"]) == TURNS_KEPT
        assert size_of(state) < LARGEST

    def test_a_state_stays_under_four_kilobytes_whatever_is_said(self):
        big = {"intent": "inform", "also": [], "text": "🙏" * 1_500}
        state = a_turn(OPEN, SlotSet("course", "é" * 9_000), SlotSet("open_question", big), SlotSet("platform", "bl"))
        assert size_of(state) < LARGEST
        assert state["slots"]["platform"] == "bl"
        assert state["form"] == "complaint_form"

    def test_a_slot_of_an_older_model_is_left_behind(self):
        assert a_turn({"slots": {"gone": 1}})["slots"] == {}


if __name__ == "__main__":
    unittest.main()
