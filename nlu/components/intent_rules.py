"""Rasa's rule policy for a project whose rules name intents and never texts, and whose slots influence no rule.

The stock policy looks every message up twice, first by its text; none of our rules has one, so that search is left out.
What applies then follows from the intents, actions and forms so far and from little else: few such pasts exist, and
each is looked up once.
"""

from typing import Any, Dict, Optional, Text, Tuple

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import USED_ENTITIES_KEY, Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 10_000
Found = Tuple[Optional[Text], Optional[Text], bool]
Past = Tuple[Any, ...]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IntentRules(RulePolicy):
    """Says what to do next, by the rules of nlu/training/rules.yml."""

    _found: Optional[Dict[Past, Found]] = None
    """What was looked up; nothing before the rules are learned and loaded, because until then they change."""
    _by_past_alone: Optional[bool] = None

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> "IntentRules":
        """Read the learned rules from the model."""
        loaded = super().load(*args, **kwargs)
        loaded._found = {}
        return loaded

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        if use_text_for_last_user_input:
            return None, None, False
        past = self._past(tracker, domain)
        if self._found is None or past is None:
            return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        if past not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[past] = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        return self._found[past]

    def _past(self, tracker: DialogueStateTracker, domain: Domain) -> Optional[Past]:
        """Return all that the rules can see of a conversation, or None where that is more than its past."""
        if self._by_past_alone is None:
            self._by_past_alone = _sees_the_past_alone(domain)
        if not self._by_past_alone:
            return None
        past = []
        for event in tracker.events:
            seen = _seen(event, domain)
            if seen is None:
                return None
            past += seen
        return tuple(past)


def _seen(event: Event, domain: Domain) -> Optional[Past]:
    """Return what the rules see of an event, or None of one that does not occur here."""
    if isinstance(event, SlotSet):
        return ("asks", event.value) if event.key == REQUESTED_SLOT else ()
    if isinstance(event, UserUttered):
        return ("says", event.intent_name, *_entities(event, domain))
    if isinstance(event, ActionExecuted) and event.action_name:
        return ("does", event.action_name)
    if isinstance(event, ActiveLoop):
        return ("form", event.name)
    if isinstance(event, DefinePrevUserUtteredFeaturization):
        return ("by text", event.use_text_for_featurization)
    return () if isinstance(event, BotUttered) else None


def _entities(event: UserUttered, domain: Domain) -> Past:
    """Return the entities of a message that the rules see beside its intent: none, for every intent of our own."""
    used = domain.intent_properties.get(event.intent_name or "", {}).get(USED_ENTITIES_KEY, domain.entities)
    return tuple(sorted({str(found.get("entity")) for found in event.entities} & set(used))) if used else ()


def _sees_the_past_alone(domain: Domain) -> bool:
    return not any(slot.influence_conversation for slot in domain.slots)
