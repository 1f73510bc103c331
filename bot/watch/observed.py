"""The seams where the corridor is measured: sends, turns and the inbox, each as before but counted.

What is counted is told to the metrics of this process and, where an alarm hangs on it, to the troubles of all.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.events import DeliveryStatus, InboundEvent
from bot.heard import Heard
from bot.inbox import Arrival, Inbox
from bot.lanes import Job
from bot.metrics import Metrics
from bot.outcome import Outcome
from bot.sending import (
    Ambiguous,
    ChannelStopped,
    Moved,
    OutboundMessage,
    Refused,
    RetryLater,
    Sender,
    SendError,
    Typing,
    Unreachable,
    WindowClosed,
)
from bot.understanding import RasaAway, TurnAnswer, TurnFailed, TurnRequest, Understanding
from bot.writing import Writer, Written
from records import troubles
from records.troubles import Troubles

OUTCOMES: dict[type[SendError], str] = {
    RetryLater: "later",
    Ambiguous: "unknown",
    WindowClosed: "window_closed",
    Refused: "refused",
    Unreachable: "unreachable",
    Moved: "moved",
    ChannelStopped: "stopped",
}
CODE = re.compile(r"^(?:HTTP )?(\d{1,6})\b")
TOO_FAST = {"429", "130429", "131056", "80007", "4"}
RASA = "rasa"


def observed(channel: str, sender: Sender, metrics: Metrics, noticed: Troubles, patience: timedelta) -> Sender:
    """Return the sender, counted; one that can show that it is typing still can."""
    kind = ObservedTypist if isinstance(sender, Typing) else ObservedSender
    return kind(channel, sender, metrics, noticed, patience)


class ObservedSender:
    """A sender whose sends end in time and are counted by what became of them."""

    def __init__(self, channel: str, sender: Sender, metrics: Metrics, noticed: Troubles, patience: timedelta) -> None:
        self._channel, self._sender, self._metrics, self._troubles = channel, sender, metrics, noticed
        self._patience = patience.total_seconds()

    async def send(self, message: OutboundMessage) -> str:
        """Send, count, and return or raise as the channel does."""
        try:
            sent = await self._in_time(message)
        except SendError as problem:
            self._failed(problem)
            raise
        except Exception:
            self._metrics.sends.labels(self._channel, "defect").inc()
            raise
        self._metrics.sends.labels(self._channel, "sent").inc()
        self._troubles.note(troubles.SENT, self._channel)
        return sent

    async def _in_time(self, message: OutboundMessage) -> str:
        try:
            async with asyncio.timeout(self._patience) as patience:
                return await self._sender.send(message)
        except TimeoutError as problem:
            if not patience.expired():
                raise
            # the lease of the send must outlive it, and nobody knows how far it came
            raise Ambiguous(f"tidak dijawab dalam {self._patience:g} detik") from problem

    def _failed(self, problem: SendError) -> None:
        outcome = next((said for kind, said in OUTCOMES.items() if isinstance(problem, kind)), type(problem).__name__)
        self._metrics.sends.labels(self._channel, outcome).inc()
        code = found[1] if (found := CODE.search(str(problem))) else "none"
        self._metrics.provider_errors.labels(self._channel, code).inc()
        if code in TOO_FAST:
            self._metrics.slowed.labels(self._channel).inc()
        if isinstance(problem, ChannelStopped):
            self._troubles.note(troubles.STOPPED, self._channel)


class ObservedTypist(ObservedSender):
    """The same of a channel that can show that an answer is on its way."""

    async def typing(self, event: InboundEvent) -> None:
        """Show it."""
        if isinstance(self._sender, Typing):
            await self._sender.typing(event)


class ObservedUnderstanding(Understanding):
    """The way to Rasa, counted."""

    metrics: Metrics
    troubles: Troubles

    async def ask(self, turn: TurnRequest) -> TurnAnswer:
        """Ask, count, and return or raise as Rasa does."""
        try:
            answer = await super().ask(turn)
        except RasaAway:
            self.metrics.turns_failed.labels("rasa_away").inc()
            self.troubles.note(troubles.RASA_AWAY, RASA)
            raise
        except TurnFailed:
            self.metrics.turns_failed.labels("turn_failed").inc()
            raise
        self.troubles.note(troubles.RASA_ANSWERED, RASA)
        return answer


class ObservedWriter(Writer):
    """The writing of turns, whose times are counted."""

    metrics: Metrics
    troubles: Troubles

    async def write(
        self, job: Job, heard: Heard, outcome: Outcome, took_ms: float, *, straight: bool = False
    ) -> Written:
        """Write and count how long the turn took until now."""
        written = await super().write(job, heard, outcome, took_ms, straight=straight)
        named = "parked" if outcome.parked else outcome.name
        self.metrics.turn_seconds.labels(named).observe(took_ms / 1000)
        return written


class ObservedInbox(Inbox):
    """The inbox, whose commits are timed; `oldest_wait` says since when somebody waits for one."""

    metrics: Metrics
    troubles: Troubles

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._in_hand: list[float] = []

    async def store(self, arrivals: Sequence[Arrival]) -> None:
        """Store and count how long that took."""
        began = time.monotonic()
        self._in_hand.append(began)
        try:
            await super().store(arrivals)
        finally:
            with suppress(ValueError):
                self._in_hand.remove(began)
        self.metrics.store_seconds.observe(time.monotonic() - began)
        for told in arrivals:
            if isinstance(told, DeliveryStatus):
                self.metrics.receipts.labels(told.channel, told.status).inc()

    def heard_before(self, channel: str, count: int) -> None:
        """Count events that were here already."""
        self.metrics.repeated.labels(channel).inc(count)

    @property
    def longest_wait(self) -> float:
        """Seconds for which the event that waits longest has waited to be committed."""
        return time.monotonic() - min(self._in_hand) if self._in_hand else 0.0
