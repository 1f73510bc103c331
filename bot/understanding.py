"""Rasa as a function of (state, message), over its authenticated turn channel (docs/turn-contract.md).

UnderstandingError
├── RasaAway       not reachable, starting, or its actions are away: ask the same turn again later
└── TurnFailed     this turn fails by itself: asking again a few times, then a person
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx
import orjson

from bot.lines import Patience
from bot.rasas import Rasas
from bot.settings import BotSettings
from records.failpoints import reach

CONNECT_SECONDS = 2.0
MOST_ASKED = 3
"""Of several Rasa servers that are away, so many are tried before the turn waits."""


class UnderstandingError(Exception):
    """The turn has no answer."""


class RasaAway(UnderstandingError):
    """Nobody is at fault; ask again later."""


class TurnFailed(UnderstandingError):
    """The message or the dialogue is at fault."""


@dataclass(frozen=True)
class TurnRequest:
    """What is asked: a masked text in a state; `choice` only for a button the bot has validated."""

    turn_id: UUID
    conversation: UUID
    text: str
    state: dict[str, Any]
    metadata: dict[str, Any]
    choice: dict[str, Any] | None = None


@dataclass(frozen=True)
class TurnAnswer:
    """What came back: words, findings, proposals and the new state."""

    replies: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    understanding: dict[str, Any]
    state: dict[str, Any]
    took_ms: float
    request_contact: bool = False


class Lines(Protocol):
    """The way to Rasa."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, patience: Patience) -> tuple[int, bytes]:
        """POST a body and return status and body of the answer; raises httpx.TransportError."""


class Understanding:
    """The client of the turn channel."""

    def __init__(self, settings: BotSettings, lines: Lines) -> None:
        self._rasas = Rasas(settings.rasas)
        self._patience = Patience(connect=CONNECT_SECONDS, read=settings.rasa_timeout.total_seconds())
        self._headers = {
            "Authorization": f"Bearer {settings.rasa_turn_token.get_secret_value()}",
            "Content-Type": "application/json",
        }
        self._lines = lines

    async def ask(self, turn: TurnRequest) -> TurnAnswer:
        """Return the answer of a turn; asking the same turn twice is harmless. Raises UnderstandingError."""
        body = {
            "turn_id": str(turn.turn_id),
            "sender": str(turn.conversation),
            "text": turn.text,
            "state": turn.state or None,
            "choice": turn.choice,
            "metadata": turn.metadata,
        }
        await reach("7 call Rasa")
        answer = await self._ask_in_turn(orjson.dumps(body))
        await reach("7b answered")
        return answer

    async def _ask_in_turn(self, body: bytes) -> TurnAnswer:
        away = RasaAway("tidak ada Rasa")
        for rasa in (await self._rasas.in_turn())[:MOST_ASKED]:
            try:
                return await self._ask(rasa, body)
            except RasaAway as problem:
                self._rasas.leave_out(rasa)
                away = problem
        raise away

    async def _ask(self, rasa: str, body: bytes) -> TurnAnswer:
        try:
            status, said = await self._lines.post(f"{rasa}/webhooks/turn/turns", self._headers, body, self._patience)
        except httpx.ConnectTimeout as problem:
            raise RasaAway(type(problem).__name__) from problem
        except httpx.TimeoutException as problem:
            # the others need not find out for themselves; this turn has no time left to ask them
            self._rasas.leave_out(rasa)
            raise TurnFailed("Rasa tidak menjawab pada waktunya") from problem
        except httpx.TransportError as problem:
            raise RasaAway(type(problem).__name__) from problem
        return _read(status, said)


def _read(status: int, body: bytes) -> TurnAnswer:
    if status in (401, 404, 502, 503):
        raise RasaAway(f"HTTP {status}")
    if status != 200:
        raise TurnFailed(f"HTTP {status}: {_error_of(body)}")
    try:
        said = orjson.loads(body)
        turn = TurnAnswer(
            replies=[reply for reply in said["replies"] if reply.get("text")],
            findings=said["findings"],
            proposals=said["proposals"],
            understanding=said["understanding"],
            state=said["state"],
            took_ms=float(said["took_ms"]),
            request_contact=bool(said.get("request_contact")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise TurnFailed(f"jawaban Rasa tidak terbaca: {problem}") from problem
    if not turn.replies and not turn.proposals:
        # silence is never an answer
        raise TurnFailed("jawaban Rasa kosong")
    return turn


def _error_of(body: bytes) -> str:
    try:
        return str(orjson.loads(body).get("error", ""))[:100]
    except (ValueError, AttributeError):
        return ""
