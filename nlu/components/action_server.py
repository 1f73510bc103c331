"""The way to the action server: open lines, a short deadline, and no failure mistaken for silence.

Stock Rasa opens a connection for each action, waits 300 seconds, sends the whole domain, checks its own JSON schema
anew with each answer, and takes a failed action for one that had nothing to say. Here the connection stays, the domain
is what an action can use (slots and forms) and is written once, the form of an answer is looked at without a schema,
and a failed action ends the turn.
"""

import asyncio
import json
from typing import Any, Dict, List, Optional
from urllib.parse import urlencode

from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from nlu.components.kept_line import KeptLines, LineFailed

SECONDS = 10.0
REJECTED = 400


class ActionServerFailed(Exception):
    """The action server could not be asked, or did not answer as an action server does."""


class ActionServer(EndpointConfig):
    """The action endpoint of endpoints.yml, asked over lines that stay open."""

    def __init__(self, endpoint: EndpointConfig, domain: Domain) -> None:
        """Take over a configured endpoint. `timeout` in endpoints.yml is the deadline in seconds."""
        super().__init__(
            endpoint.url, endpoint.params, endpoint.headers, endpoint.basic_auth, endpoint.token, endpoint.token_name,
            endpoint.cafile, **{**endpoint.kwargs, "enable_selective_domain": True},
        )  # fmt: skip
        self._seconds = float(endpoint.kwargs.get("timeout") or SECONDS)
        whole = domain.as_dict()
        self._domain = json.dumps({part: whole.get(part, {}) for part in ("slots", "forms")}).encode()
        params = urlencode(self.combine_parameters())
        self._lines = KeptLines(self.url + (f"?{params}" if params else ""), dict(self.headers))

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Ask for an action; give its answer, its rejection, or `ActionServerFailed`."""
        body = json.dumps(kwargs["json"], ensure_ascii=False).encode()
        body = body[:-1] + b', "domain": ' + self._domain + b"}"
        try:
            return await self._asked(body)
        except LineFailed as failed:
            raise ActionServerFailed(str(failed)) from None
        except asyncio.TimeoutError:
            raise ActionServerFailed("it did not answer in time") from None
        except ValueError:
            # Not `from` it: the error would repeat the answer, and so the conversation.
            raise ActionServerFailed("its answer is not JSON") from None

    async def _asked(self, body: bytes) -> Any:
        status, said = await self._lines.post(body, self._seconds)
        if status == REJECTED:
            raise ClientResponseError(status, "", said)
        if status != 200:
            raise ActionServerFailed(f"it answered {status}")
        return json.loads(said)

    async def close(self) -> None:
        """Close the lines."""
        self._lines.close()


class AskedAction(RemoteAction):
    """An action on the action server."""

    def _validate_action_result(self, result: Dict[str, Any]) -> bool:
        if not _is_answer(result):
            raise ActionServerFailed("its answer has not the form of an action's answer")
        return True


def _is_answer(result: Any) -> bool:
    """Tell whether this is {events, responses}, each event with its name: what Rasa goes on to use without asking."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(event, dict) and isinstance(event.get("event"), str) for event in events)
        and all(isinstance(response, dict) for response in responses)
    )


class AskedForm(FormAction):
    """A form whose validation and questions are asked of the action server."""

    async def validate_slots(
        self,
        slot_candidates: Dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> List[Event]:
        """Have the extracted slots validated."""
        validate = f"validate_{self.name()}"
        if validate not in domain.action_names_or_texts:
            return []
        candidates: List[Event] = [SlotSet(name, value) for name, value in slot_candidates.items()]
        seen = self._temporary_tracker(tracker, candidates, domain)
        return await AskedAction(validate, self.action_endpoint).run(output_channel, nlg, seen, domain)

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> List[Event]:
        ask = self._name_of_utterance(domain, slot_name)
        if ask and ask.startswith("action_"):
            return await AskedAction(ask, self.action_endpoint).run(output_channel, nlg, tracker, domain)
        return await super()._ask_for_slot(domain, nlg, output_channel, slot_name, tracker)
