"""The one door to Rasa: the bot asks for a turn and gets an answer or an explicit error, never an empty 200.

    POST /webhooks/turn/turns    one turn in, with its state; the answer and the next state out
    POST /webhooks/turn/parse    what a text means by itself
    POST /webhooks/turn/model    take another model into use, with no turn dropped
    GET  /webhooks/turn/health   which model answers

Errors: 401 no token, 404 no such model, 413 too long, 422 not a turn, 503 the action server failed, 500 anything else.
Logs name the kind of failure, never what was said. docs/turn-contract.md is the contract in full.
"""

import gc
import hmac
import logging
import time
import traceback
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from nlu.components.action_server import ActionServerFailed
from nlu.components.model_swap import loaded_beside, model_beside, put_in_place
from nlu.components.turn_processor import TurnProcessor
from nlu.components.turn_request import Refused, message_text, turn_request

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[HTTPResponse]]
# How much the records must change a likelihood for a line in the log.
WORTH_TELLING = 0.01


class TurnChannel(InputChannel):
    """Rasa's input channel for turns; configured in credentials.yml."""

    def __init__(self, token: str) -> None:
        """Take the token that every request must carry."""
        self._expected = f"Bearer {token}".encode()
        self._processor: Optional[TurnProcessor] = None

    @classmethod
    def name(cls) -> str:
        """Return the name under which the channel is reached."""
        return "turn"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "TurnChannel":
        """Make the channel from its part of credentials.yml."""
        token = (credentials or {}).get("token")
        if not token:
            raise RasaException("The turn channel needs a token: set RASA_TURN_TOKEN.")
        return cls(str(token))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("turn_channel")
        routes.add_route(_explicit(self._health), "/health", methods=["GET"], name="health")
        routes.add_route(_explicit(self._turn, self._expected), "/turns", methods=["POST"], name="turns")
        routes.add_route(_explicit(self._parse, self._expected), "/parse", methods=["POST"], name="parse")
        routes.add_route(_explicit(self._swap, self._expected), "/model", methods=["POST"], name="model")
        routes.listener("after_server_start")(self._warm_up)
        routes.listener("after_server_stop")(self._close)
        return routes

    async def _turn(self, request: Request) -> HTTPResponse:
        started = time.perf_counter()
        turn = turn_request(request.json)
        replies, understanding, state = await self._ready(request.app).answer(turn)
        moved = [it for it in understanding["prior"] if abs(it["after"] - it["before"]) >= WORTH_TELLING]
        if moved:
            logger.info("turn %s: the records moved %s", turn.turn_id, moved)
        if replies.is_empty:
            logger.error("turn %s: the rules led to no reply", turn.turn_id)
            return _error(500, "no_reply", "the turn led to no reply")
        return json(
            {
                "turn_id": turn.turn_id,
                "replies": replies.replies,
                "findings": replies.findings,
                "proposals": replies.proposals,
                "request_contact": replies.request_contact,
                "understanding": understanding,
                "state": state,
                "took_ms": round((time.perf_counter() - started) * 1000, 2),
            }
        )

    async def _parse(self, request: Request) -> HTTPResponse:
        if not isinstance(request.json, dict):
            raise Refused(422, "not_an_object", "the body must be a JSON object")
        return json(await self._ready(request.app).understand(message_text(request.json)))

    async def _swap(self, request: Request) -> HTTPResponse:
        old, agent = self._ready(request.app), request.app.ctx.agent
        fresh = await loaded_beside(agent, model_beside(agent, request.json))
        put_in_place(agent, fresh, old)
        self._processor = fresh
        logger.warning("model %s is in use", fresh.model_filename)
        return json({"model": fresh.model_filename})

    async def _health(self, request: Request) -> HTTPResponse:
        return json({"model": self._ready(request.app).model_filename})

    def _ready(self, app: Sanic) -> TurnProcessor:
        """Return the processor of the loaded model."""
        agent = getattr(app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            raise Refused(503, "not_ready", "no model is loaded yet")
        if self._processor is None or self._processor.loaded is not agent.processor:
            self._processor = TurnProcessor(agent.processor)
        return self._processor

    async def _warm_up(self, app: Sanic, _: Any) -> None:
        """Read one message before the first participant does: the first reading is the slowest."""
        await self._ready(app).understand("halo")
        # what is loaded by now stays: a collector that goes through all of it stops a turn for a third of a second
        gc.collect()
        gc.freeze()

    async def _close(self, app: Sanic, _: Any) -> None:
        if self._processor is not None and self._processor.action_server is not None:
            await self._processor.action_server.close()


def _explicit(handler: Handler, expected: Optional[bytes] = None) -> Handler:
    """Return a handler whose every failure is an explicit error, and that demands a token if one is expected."""

    async def explicit(request: Request) -> HTTPResponse:
        if expected and not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
            return _error(401, "unauthorized", "the token is missing or wrong")
        try:
            return await handler(request)
        except Refused as refused:
            return _error(refused.status, refused.error, refused.detail)
        except InvalidUsage:
            return _error(422, "not_json", "the body is not JSON")
        except ActionServerFailed as failed:
            logger.error("the action server failed: %s", failed)
            return _error(503, "action_server_failed", str(failed))
        except Exception as failed:
            # The message of an error may repeat what was said; the places it went through do not.
            logger.error("%s\n%s", type(failed).__name__, "".join(traceback.format_tb(failed.__traceback__)))
            return _error(500, "internal", type(failed).__name__)

    return explicit


def _error(status: int, error: str, detail: str) -> HTTPResponse:
    return json({"error": error, "detail": detail}, status=status)
