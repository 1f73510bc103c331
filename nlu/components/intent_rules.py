"""Rasa's rule policy for a project whose rules name intents and never texts, and whose slots influence no rule.

The stock policy looks every message up twice, first by its text; none of our rules has one, so that search is left out.
Nothing but intents, actions and the open form makes up a state, so few states exist, and what applies to them is
worked out once.
"""

from typing import Any, Dict, List, Optional, Set, Text, Tuple

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 10_000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IntentRules(RulePolicy):
    """Says what to do next, by the rules of nlu/training/rules.yml."""

    _applicable: Optional[Dict[Tuple[int, str], Set[Text]]] = None
    """What was worked out; nothing before the rules are learned and loaded, because until then they change."""

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> "IntentRules":
        """Read the learned rules from the model."""
        loaded = super().load(*args, **kwargs)
        loaded._applicable = {}
        return loaded

    def _get_possible_keys(self, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
        if self._applicable is None:
            return super()._get_possible_keys(lookup, states)
        seen = (id(lookup), repr(states))
        if seen not in self._applicable:
            if len(self._applicable) >= REMEMBERED:
                self._applicable.clear()
            self._applicable[seen] = super()._get_possible_keys(lookup, states)
        return self._applicable[seen]

    @staticmethod
    def format_tracker_states(states: List[Dict]) -> Text:
        """Return nothing: this is for a debug log that is never written, and is copied before it is thrown away."""
        return ""

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[str], Optional[str], bool]:
        if use_text_for_last_user_input:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
