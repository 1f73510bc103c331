"""What is looked up once is what Rasa would look up every time. Runs in Rasa's environment, with the trained model."""

import itertools
import random
import unittest

from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.model import get_latest_model
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.components.intent_rules import IntentRules

CHANCE = random.Random(24)  # noqa: S311


def the_policy_of(agent):
    """Return the loaded rule policy."""
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, IntentRules))


def a_turn(domain):
    """Return what may happen in a turn: any intent, entities, slots, actions and forms."""
    intent = CHANCE.choice([*domain.intents, "nlu_fallback"])
    entities = [{"entity": name, "value": "x"} for name in CHANCE.sample(domain.entities, CHANCE.randint(0, 2))]
    did = CHANCE.choice(domain.action_names_or_texts)
    return [
        UserUttered("x", {"name": intent, "confidence": 1.0}, entities),
        SlotSet("platform", CHANCE.choice([None, "sisnaker"])),
        DefinePrevUserUtteredFeaturization(False),
        *CHANCE.choice([[], [ActionExecuted(did), BotUttered("y")]]),
        *CHANCE.choice([[], [], [ActiveLoop("complaint_form"), SlotSet("requested_slot", "platform")]]),
        *CHANCE.choice([[], [], [ActiveLoop(None), SlotSet("requested_slot", None)]]),
    ]


class TheRules(unittest.TestCase):
    """They are looked up once for each past."""

    @classmethod
    def setUpClass(cls):
        agent = Agent.load(get_latest_model("models"))
        cls.domain, cls.policy = agent.domain, the_policy_of(agent)

    def find(self, how, events):
        """Return what a policy finds for a conversation."""
        tracker = DialogueStateTracker.from_events("siti", events, self.domain.slots, domain=self.domain)
        return how(self.policy, tracker, self.domain, False)

    def test_a_remembered_rule_is_the_one_that_rasa_would_find(self):
        for _ in range(300):
            turns = [a_turn(self.domain) for _ in range(CHANCE.randint(1, 2))]
            events = [ActionExecuted("action_listen"), *itertools.chain(*turns)]
            expected = self.find(RulePolicy._find_action_from_rules, events)
            for _ in range(2):
                assert self.find(IntentRules._find_action_from_rules, events) == expected, events

    def test_the_rules_are_remembered(self):
        events = [ActionExecuted("action_listen"), UserUttered("x", {"name": "greet", "confidence": 1.0})]
        assert self.find(IntentRules._find_action_from_rules, events)[0] == "action_small_talk"
        remembered = len(self.policy._found)
        self.find(IntentRules._find_action_from_rules, [SlotSet("platform", "sisnaker"), *events])
        assert len(self.policy._found) == remembered


if __name__ == "__main__":
    unittest.main()
