"""The action server over the small programme, and somebody who talks to it as Rasa would: one call an action."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from cryptography.fernet import Fernet
from starlette.applications import Starlette

from actions.app import create_app
from actions.wording import read_wording
from checks.sources import Sources
from knowledge_base.answer import best_answer
from records.sealed import Seal
from tests.actions.programme import NOW, DeskRecords, Programme, cast

WORDING = read_wording()
SEAL = Seal(Fernet.generate_key().decode())
CONVERSATION = "00000000-0000-4000-8000-000000000001"


@dataclass
class Answered:
    """What came back, sorted as the turn channel sorts it."""

    texts: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    request_contact: bool = False

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "\n".join(self.texts)

    @property
    def ticket(self) -> dict[str, Any] | None:
        """The proposed ticket."""
        return next((it for it in self.proposals if it["kind"] == "ticket"), None)


@dataclass
class House:
    """The sources and the server over them."""

    programme: Programme = field(default_factory=cast)
    records: DeskRecords = field(default_factory=DeskRecords)
    now: datetime = NOW

    def sources(self) -> Sources:
        """Return what may be asked."""
        return Sources(self.programme, self.records, best_answer, deadline_seconds=30.0, seal=SEAL)

    def app(self) -> Starlette:
        """Return the action server."""
        return create_app(self.sources(), WORDING, deadline_seconds=60.0)

    async def call(self, call: dict[str, Any]) -> httpx.Response:
        """Send one action call."""
        async with self.client() as client:
            return await client.post("/webhook", json=call)

    def client(self) -> httpx.AsyncClient:
        """Return a client of the server."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app()), base_url="http://actions")

    async def act(self, action: str, text: str, intent: str, who: str | None = None, **given: Any) -> Answered:
        """Run one action on one message."""
        answer = await self.call(self.payload(action, text, intent, who, **given))
        assert answer.status_code == 200, answer.text
        return sorted_answer(answer.json())

    def payload(
        self,
        action: str,
        text: str,
        intent: str,
        who: str | None = None,
        *,
        slots: dict[str, Any] | None = None,
        also: tuple[str, ...] = (),
        entities: dict[str, str] | None = None,
        loop: bool = False,
        channel: str = "telegram",
        confidence: float = 0.9,
        ranking: tuple[tuple[str, float], ...] = (),
        interrupted: bool = False,
        codes: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Return the call Rasa would make."""
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": n, "confidence": c} for n, c in (ranking or ((intent, confidence),))],
            "also": [{"name": name, "confidence": 0.5} for name in also],
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
            "metadata": {
                "now": self.now.isoformat(),
                "channel": channel,
                "conversation_id": CONVERSATION,
                "participant_id": who,
                "sealed_codes": [SEAL.close(code).decode() for code in codes],
            },
        }
        active = {"name": "complaint_form", "is_interrupted": interrupted, "rejected": False} if loop else {}
        tracker = {
            "sender_id": CONVERSATION,
            "slots": slots or {},
            "latest_message": message,
            "events": [{"event": "user", "text": text}],
            "paused": False,
            "active_loop": active,
            "latest_action_name": "action_listen",
        }
        return {"next_action": action, "sender_id": CONVERSATION, "tracker": tracker, "domain": {}, "version": "3.6.21"}


def sorted_answer(data: dict[str, Any]) -> Answered:
    """Sort what an action gave back."""
    answered = Answered(events=data["events"])
    for response in data["responses"]:
        custom = response["custom"]
        if response["text"]:
            answered.texts.append(response["text"])
        answered.buttons += [button["title"] for button in response["buttons"]]
        answered.findings += [custom["finding"]] if "finding" in custom else []
        answered.proposals += [custom["proposal"]] if "proposal" in custom else []
        answered.request_contact |= bool(custom.get("request_contact"))
    for event in data["events"]:
        if event["event"] == "slot":
            answered.slots[event["name"]] = event["value"]
    return answered


@dataclass
class Chat:
    """A conversation with the complaint form kept alive between messages, the way Rasa keeps it."""

    house: House
    who: str | None
    slots: dict[str, Any] = field(default_factory=dict)
    channel: str = "telegram"

    async def says(self, text: str, intent: str, entities: dict[str, str] | None = None, **given: Any) -> Answered:
        """Say something that belongs to the form; return what was answered at the end of the turn."""
        named = {
            {"course_title": "course", "invoice_code": "invoice"}.get(k, k): v for k, v in (entities or {}).items()
        }
        self.slots |= named
        asked = self.slots.get("requested_slot")
        if asked and intent == "inform" and asked not in named:
            self.slots[asked] = text
        common = {"who": self.who, "entities": entities, "loop": bool(asked), "channel": self.channel, **given}
        checked = await self._act("validate_complaint_form", text, intent, common)
        if any(event["event"] == "action_execution_rejected" for event in checked.events):
            return checked
        missing = self.slots.get("requested_slot")
        action = f"action_ask_{missing}" if missing else "action_check_purchase"
        return await self._act(action, text, intent, {**common, "loop": bool(missing)})

    async def _act(self, action: str, text: str, intent: str, common: dict[str, Any]) -> Answered:
        answered = await self.house.act(action, text, intent, slots=self.slots, **common)
        self.slots |= answered.slots
        return answered
