"""What the WhatsApp server remembers: people, when each last wrote, events the bot has not taken yet.

A person is known by their business-scoped user id; the phone number may be absent.
"""

import time
from dataclasses import dataclass
from typing import Any

from simulator.chats import ChatBook
from simulator.clock import Clock
from simulator.journal import Journal
from simulator.people import WhatsAppAccount

CHANNEL = "whatsapp"
WINDOW, EVENT_LIFE = 24 * 3600, 7 * 24 * 3600
TYPING_SHOWN = 25.0


@dataclass(slots=True)
class Event:
    """One message or status on its way to the bot."""

    number: int
    user_id: str
    kind: str
    value: dict[str, Any]
    contact: dict[str, Any] | None
    expires: float
    message_id: str
    attempts: int = 0


class WhatsAppState:
    """The server's memory; everything changes through the journal."""

    def __init__(self, journal: Journal, chats: ChatBook, clock: Clock) -> None:
        self.journal, self.chats, self.clock = journal, chats, clock
        self._forget()
        journal.on("wa.event", self._apply_event)
        journal.on("wa.done", self._apply_done)
        journal.on("wa.person", self._apply_person)
        journal.on("wa.wrote", self._apply_wrote)
        journal.on("wa.standing", self._apply_standing)
        journal.on_reset(self._forget)

    def _forget(self) -> None:
        self.events: dict[int, Event] = {}
        self.people: dict[str, WhatsAppAccount] = {}
        self.by_number: dict[str, str] = {}
        self.wrote: dict[str, float] = {}
        self.standing: dict[str, dict[str, Any]] = {}
        self.next_event = 1
        self.taken: list[dict[str, Any]] = []
        self._typing: dict[str, float] = {}

    def typing(self, user_id: str) -> None:
        """Remember that the bot says it writes; it shows for 25 seconds or until the answer is there."""
        self._typing[user_id] = time.monotonic()
        self.chats.touch(CHANNEL, user_id)

    def doing(self, user_id: str) -> str | None:
        """Tell what the bot is doing in a chat, for as long as WhatsApp shows it."""
        items = self.chats.items(CHANNEL, user_id)
        answered = bool(items) and items[-1].who == "bot"
        began = self._typing.get(user_id)
        return "typing" if began is not None and not answered and time.monotonic() - began < TYPING_SHOWN else None

    def now(self) -> float:
        """Tell the rehearsed time in unix seconds."""
        return self.clock().timestamp()

    def meet(self, person: WhatsAppAccount) -> None:
        """Know a person, or their changed number or name."""
        if self.people.get(person.user_id) != person:
            self.journal.record("wa.person", person.model_dump())

    def find(self, address: str) -> WhatsAppAccount | None:
        """Find a person by number (with or without +) or by user id."""
        return self.people.get(self.by_number.get(address.lstrip("+"), address))

    def window_open(self, user_id: str) -> bool:
        """Say whether the person wrote within 24 hours."""
        return self.now() - self.wrote.get(user_id, float("-inf")) <= WINDOW

    def queue(self, user_id: str, kind: str, value: dict[str, Any], message_id: str) -> Event:
        """Queue a message or a status for the bot."""
        number = self.next_event
        person = self.people.get(user_id)
        contact = contact_of(person) if person and kind == "message" else None
        expires = self.now() + EVENT_LIFE
        self.journal.record("wa.event", number, user_id, kind, value, contact, expires, message_id)
        return self.events[number]

    def done(self, event: Event, outcome: str) -> None:
        """Note that the bot took an event, or that it was dropped."""
        self.journal.record("wa.done", event.number, outcome, event.attempts)

    def _apply_event(
        self,
        number: int,
        user_id: str,
        kind: str,
        value: dict[str, Any],
        contact: dict[str, Any] | None,
        expires: float,
        message_id: str,
    ) -> None:
        self.events[number] = Event(number, user_id, kind, value, contact, expires, message_id)
        self.next_event = number + 1

    def _apply_done(self, number: int, outcome: str, attempts: int) -> None:
        event = self.events.pop(number)
        note = {"event": number, "kind": event.kind, "user_id": event.user_id, "message_id": event.message_id}
        self.taken.append(note | {"outcome": outcome, "attempts": attempts, "at": self.now()})
        item = self.chats.find(CHANNEL, event.user_id, event.message_id)
        if event.kind == "message" and item and item.status == "queued":
            # part of this record, so not journalled again
            status = "delivered" if outcome == "taken" else "dropped"
            self.chats.apply_status(CHANNEL, event.user_id, event.message_id, status)

    def _apply_person(self, person: dict[str, Any]) -> None:
        made = WhatsAppAccount(**person)
        self.people[made.user_id] = made
        if made.wa_id:
            self.by_number[made.wa_id] = made.user_id

    def _apply_wrote(self, user_id: str, at: float) -> None:
        self.wrote[user_id] = at

    def _apply_standing(self, user_id: str, standing: dict[str, Any]) -> None:
        self.standing[user_id] = standing


def contact_of(person: WhatsAppAccount) -> dict[str, Any]:
    """Describe a person as webhooks do."""
    contact: dict[str, Any] = {"profile": {"name": person.profile_name}, "user_id": person.user_id}
    return contact | ({"wa_id": person.wa_id} if person.wa_id else {})
