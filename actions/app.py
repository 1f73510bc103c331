"""The action server: Rasa's webhook in an ASGI app of our own, assembled in one place.

The actions run in rasa-sdk's executor, but the domain Rasa sends along is not looked at, and no answer, however bad
things go, repeats what was sent: a tracker holds a whole conversation.
"""

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.ability import Ability
from actions.answer import Answers
from actions.answer_from_knowledge import AnswerFromKnowledge
from actions.asking import AskCourse, AskPlatform
from actions.check_participant import CheckParticipant
from actions.check_purchase import CheckPurchase
from actions.check_system_status import CheckSystemStatus
from actions.clarify import Clarify
from actions.complaint_form import ValidateComplaintForm
from actions.correction import Correcting
from actions.hand_over import HandingOver, HandsOver
from actions.small_talk import SmallTalk
from actions.ticket_status import TicketStatus
from actions.waves import Waves
from checks.sources import Sources
from checks.wording import Wording
from records.failpoints import reach

log = structlog.get_logger()
BODY_LIMIT = 2_000_000


def abilities(sources: Sources, wording: Wording, deadline_seconds: float) -> list[Ability]:
    """Return every action Rasa may call."""
    answers = Answers(sources, wording)
    handing_over = HandingOver(answers)
    correcting = Correcting(answers, handing_over)
    clarify = Clarify(answers, handing_over, deadline_seconds)
    questions = {"platform": AskPlatform(answers, deadline_seconds), "course": AskCourse(answers, deadline_seconds)}
    answering: list[Ability] = [
        CheckSystemStatus(answers, handing_over, deadline_seconds),
        CheckParticipant(answers, handing_over, deadline_seconds),
        CheckPurchase(answers, handing_over, deadline_seconds),
        AnswerFromKnowledge(answers, handing_over, deadline_seconds),
        HandsOver(answers, handing_over, deadline_seconds),
        TicketStatus(sources, wording, deadline_seconds),
        clarify,
        SmallTalk(correcting, clarify, deadline_seconds),
    ]
    waves = Waves(sources)
    for ability in answering:
        ability.questions, ability.corrections, ability.waves = questions, correcting, waves
    return [*answering, ValidateComplaintForm(answers, deadline_seconds), *questions.values()]


def create_app(
    sources: Sources,
    wording: Wording,
    *,
    deadline_seconds: float = 5.0,
    close: Callable[[], Awaitable[None]] | None = None,
) -> Starlette:
    """Return the action server over these sources.

    Args:
        sources: Everything that may be asked.
        wording: Everything that may be said.
        deadline_seconds: How long one action may take.
        close: What to give back when the server stops.
    """
    executor = ActionExecutor()
    for ability in abilities(sources, wording, deadline_seconds):
        executor.register_action(ability)

    async def webhook(request: Request) -> Response:
        return await run(executor, request.headers.get("content-encoding"), await request.body())

    async def health(request: Request) -> Response:
        return _json({"status": "ok", "actions": sorted(executor.actions), "deadline_seconds": deadline_seconds})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        if close is not None:
            await close()

    routes = [Route("/webhook", webhook, methods=["POST"]), Route("/health", health)]
    return Starlette(routes=routes, lifespan=lifespan)


async def run(executor: ActionExecutor, encoding: str | None, body: bytes) -> Response:
    """Run one call of Rasa's; every refusal is short and repeats nothing of the call."""
    call = _call(encoding, body)
    if call is None:
        return _json({"error": "the body is not an action call"}, 400)
    # rasa-sdk asks for a domain it has not seen; ours need none, and an empty one is never kept
    call["domain"] = {}
    name = str(call["next_action"])
    await reach("7a act")
    try:
        result = await executor.run(call)
    except ActionNotFoundException:
        return _json({"error": "no such action", "action_name": name[:100]}, 404)
    except ActionExecutionRejection:
        return _json({"error": "rejected", "action_name": name}, 400)
    except Exception as error:
        log.error("call_failed", action=name, error=type(error).__name__)
        return _json({"error": "the action failed", "action_name": name}, 500)
    return _json({"events": result.events, "responses": result.responses} if result else None)


def _call(encoding: str | None, body: bytes) -> dict[str, Any] | None:
    try:
        if encoding == "deflate":
            inflated = zlib.decompressobj()
            body = inflated.decompress(body, BODY_LIMIT)
        call = orjson.loads(body) if len(body) <= BODY_LIMIT else None
    except (ValueError, zlib.error):
        return None
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        return None
    return call if isinstance(call.get("tracker"), dict) else None


def _json(data: object, status: int = 200) -> Response:
    return Response(orjson.dumps(data), status, media_type="application/json")
