"""Rasa as a function: a turn and its state in, the answer and the next state out.

Rasa's own processor does the work, with the model already loaded. What differs: the tracker comes from the carried
state, a failed action ends the turn instead of passing for silence, actions are made once instead of with each use, and
a pressed button needs no parsing.
"""

from contextvars import ContextVar
from typing import Any, Dict, List, Optional, Tuple

from rasa.core.actions.action import (
    Action,
    ActionExecutionRejection,
    ActionExtractSlots,
    RemoteAction,
    action_for_name_or_text,
)
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import DEFAULT_INTENTS, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecutionRejected, DefinePrevUserUtteredFeaturization, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.components.action_server import ActionServer, AskedAction, AskedForm
from nlu.components.answering import in_answer_to
from nlu.components.carried_state import TurnsInFlight, fold, in_flight, unfold
from nlu.components.straight_runner import StraightRunner
from nlu.components.turn_replies import TurnReplies
from nlu.components.turn_request import Choice, Refused, TurnRequest

RANKED = 7

_CHOICE: ContextVar[Optional[Choice]] = ContextVar("choice_of_this_turn", default=None)


class TurnProcessor(MessageProcessor):
    """Answers turns with a model that Rasa has loaded."""

    def __init__(self, loaded: MessageProcessor) -> None:
        """Take over a processor with its model; nothing is loaded twice."""
        self.__dict__.update(vars(loaded))
        self.loaded = loaded
        self.graph_runner = StraightRunner(loaded.graph_runner)
        self.tracker_store = TurnsInFlight(self.domain)
        self.action_server = ActionServer(loaded.action_endpoint, self.domain) if loaded.action_endpoint else None
        self.action_endpoint = self.action_server
        self._made: Dict[str, Action] = {}
        self._extract_slots = ActionExtractSlots(self.action_endpoint)
        self._intents = frozenset(self.domain.intents) - frozenset(DEFAULT_INTENTS)
        self._slots = frozenset(slot.name for slot in self.domain.slots)

    async def answer(self, turn: TurnRequest) -> Tuple[TurnReplies, Dict[str, Any], Dict[str, Any]]:
        """Return what is said, what was understood, and the state to carry on."""
        replies = TurnReplies()
        message = UserMessage(
            turn.text,
            replies,
            turn.sender,
            parse_data=self._chosen(turn) if turn.choice else None,
            input_channel=replies.name(),
            message_id=turn.turn_id,
            metadata=turn.metadata,
        )
        token = _CHOICE.set(turn.choice)
        try:
            with in_flight(unfold(turn.state, turn.sender, self.domain)) as tracker:
                await self.handle_message(message)
        finally:
            _CHOICE.reset(token)
        return replies, self.understanding(tracker.latest_message.parse_data), fold(tracker, turn.state)

    async def understand(self, text: str) -> Dict[str, Any]:
        """Return what a text means by itself."""
        return self.understanding(await self.parse_message(UserMessage(text, TurnReplies(), "parse")))

    def understanding(self, parsed: Dict[str, Any]) -> Dict[str, Any]:
        """Return the part of a reading that the bot keeps."""
        return {
            "intent": {"name": parsed["intent"]["name"], "confidence": parsed["intent"]["confidence"]},
            "ranking": parsed.get("intent_ranking", [])[:RANKED],
            "also": parsed.get("also", []),
            "prior": parsed.get("prior", []),
            "entities": [{"entity": e["entity"], "value": e["value"], "text": e["text"]} for e in parsed["entities"]],
            "model": self.model_filename,
        }

    async def parse_message(
        self, message: UserMessage, tracker: Optional[DialogueStateTracker] = None, only_output_properties: bool = True
    ) -> Dict[str, Any]:
        """Read a message, as an answer when a question is open."""
        parsed = self._parse_message_with_graph(message, tracker, only_output_properties)
        asked = tracker.get_slot(REQUESTED_SLOT) if tracker is not None and tracker.active_loop_name else None
        return in_answer_to(asked, parsed) if asked else parsed

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots from the message, and those that a pressed button carries."""
        events = await self._extract_slots.run(output_channel, self.nlg, tracker, self.domain)
        choice = _CHOICE.get()
        chosen = [SlotSet(name, value) for name, value in choice.slots.items()] if choice else []
        tracker.update_with_events([*events, *chosen], self.domain)
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Tuple[Action, PolicyPrediction]:
        """Return the action that the rules name next."""
        if self.is_action_limit_reached(tracker, self.should_predict_another_action(tracker.latest_action_name)):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._get_action(self.domain.action_names_or_texts[prediction.max_confidence_index]), prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action as Rasa does, except that its failure is the turn's failure."""
        seen = tracker
        # how a message was featurised is nothing to an action
        telling = [event for event in prediction.events if not isinstance(event, DefinePrevUserUtteredFeaturization)]
        if telling:
            # not yet the tracker's own: the action may be rejected
            seen = tracker.copy()
            seen.update_with_events(telling, self.domain)
        try:
            events = await action.run(output_channel, nlg, seen, self.domain)
        except ActionExecutionRejection:
            rejected = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            tracker.update(rejected)
            return self.should_predict_another_action(action.name())
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: Optional[List[Event]],
        prediction: PolicyPrediction,
    ) -> None:
        """Write down what was done, as Rasa does, without copying all of it for a debug log that is never written."""
        done = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in done):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(done, self.domain)

    def _get_action(self, action_name: str) -> Action:
        if action_name not in self._made:
            self._made[action_name] = self._make(action_name)
        return self._made[action_name]

    def _make(self, name: str) -> Action:
        action = action_for_name_or_text(name, self.domain, self.action_endpoint)
        if isinstance(action, FormAction):
            return AskedForm(name, self.action_endpoint)
        return AskedAction(name, self.action_endpoint) if isinstance(action, RemoteAction) else action

    def _chosen(self, turn: TurnRequest) -> Dict[str, Any]:
        """Return a pressed button as if it had been read with certainty."""
        choice = turn.choice
        if choice is None or choice.intent not in self._intents:
            raise Refused(422, "unknown_intent", "the choice names no intent of this model")
        if not self._slots.issuperset(choice.slots):
            raise Refused(422, "unknown_slot", "the choice names no slot of this model")
        intent = {"name": choice.intent, "confidence": 1.0}
        return {"text": turn.text, "intent": intent, "intent_ranking": [intent], "also": [], "entities": []}
