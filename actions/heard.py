"""What was said, as an action may use it.

Who is speaking and what time it is come from the metadata of the turn, which only the bot writes; nothing a person
types, and no slot, can say so.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa_sdk import Tracker

from actions.spoken_lengths import spoken_length, spoken_times
from checks.sources import About

UNKNOWN = "unknown"
"""Value of a slot that was asked for and not known: it is not asked again."""
A_SECOND = 0.01
"""A second problem less likely than this is mostly none (5 of 23 on the held-out messages)."""
TICKET_NUMBER = re.compile(r"T-\d{6}", re.IGNORECASE)


@dataclass(frozen=True)
class Heard:
    """One message with its understanding."""

    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    also: tuple[str, ...]
    slots: dict[str, Any]
    entities: tuple[tuple[str, str], ...]
    now: datetime
    channel: str
    conversation_id: str | None
    participant_id: str | None
    open_question: dict[str, Any] | None
    unsure: bool = False
    """Somebody is bound here, but it could not be checked now: nobody is asked to prove it again."""
    sealed_codes: tuple[str, ...] = field(default=(), repr=False)
    """Redeem codes of this message, sealed with the data key; opened only where a check asks of one."""

    @classmethod
    def of(cls, tracker: Tracker) -> "Heard":
        """Read the last message of a tracker."""
        message: dict[str, Any] = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
        intent = message.get("intent") or {}
        ranking = message.get("intent_ranking") or message.get("ranking") or []
        return cls(
            text=str(message.get("text") or ""),
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
            ranking=tuple((str(it["name"]), float(it.get("confidence") or 0.0)) for it in ranking if it.get("name")),
            also=_names([it for it in message.get("also") or [] if float(it.get("confidence") or 0.0) >= A_SECOND]),
            slots=dict(tracker.slots or {}),
            entities=tuple((str(it.get("entity")), str(it.get("value"))) for it in message.get("entities") or []),
            now=_moment(metadata.get("now")),
            channel=str(metadata.get("channel") or ""),
            conversation_id=metadata.get("conversation_id"),
            participant_id=metadata.get("participant_id"),
            open_question=(tracker.slots or {}).get("open_question"),
            unsure=bool(metadata.get("binding_unsure")),
            sealed_codes=tuple(map(str, metadata.get("sealed_codes") or ())),
        )

    @property
    def bound(self) -> bool:
        """Whether the bot knows who is speaking."""
        return self.participant_id is not None

    def slot(self, name: str) -> str | None:
        """Return a slot's text, or none where it is empty or was asked for in vain."""
        value = self.slots.get(name)
        if isinstance(value, list):
            # several were named; the last one is where the sentence arrives
            value = value[-1] if value else None
        return None if value in (None, "", UNKNOWN) else str(value)

    def entity(self, name: str) -> str | None:
        """Return what this very message names."""
        return next((value for entity, value in self.entities if entity == name), None)

    @property
    def said(self) -> str:
        """The words of the complaint: this message, with the one that opened the form before it."""
        opened = str((self.open_question or {}).get("text") or "")
        return f"{opened}\n{self.text}" if opened and opened != self.text else self.text

    @property
    def lasted(self) -> timedelta | None:
        """For how long it has gone on, as the person says."""
        return spoken_length(self.said) or spoken_length(self.entity("duration") or "")

    @property
    def times(self) -> int | None:
        """How often it failed, as the person says."""
        return spoken_times(self.said)

    @property
    def about(self) -> About:
        """Whom and what the sources are asked about."""
        return About(
            now=self.now,
            text=self.text,
            said=self.said,
            conversation_id=self.conversation_id,
            participant_id=self.participant_id,
            platform=self.slot("platform"),
            course=self.slot("course"),
            partner=self.slot("partner"),
            invoice=self.slot("invoice"),
            lasted=self.lasted,
            times=self.times,
            last_answered=self.slot("last_answer_intent"),
            sealed_codes=self.sealed_codes,
        )

    @property
    def ticket_number(self) -> str | None:
        """The ticket number that was typed in this message."""
        found = TICKET_NUMBER.search(self.text) or TICKET_NUMBER.search(self.entity("ticket_number") or "")
        return found.group().upper() if found else None


def _names(listed: list[Any]) -> tuple[str, ...]:
    names = (str(it.get("name")) if isinstance(it, dict) else str(it) for it in listed)
    return tuple(dict.fromkeys(names))


def _moment(text: str | None) -> datetime:
    if text is None:
        raise ValueError("the turn's metadata has no `now`")
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
