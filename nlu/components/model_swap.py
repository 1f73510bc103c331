"""Another model taken into use by a running server: loaded beside the one at work, then put in its place at once.

A turn that is under way keeps the processor it began with; the next turn meets the new one. Nothing is stopped, so no
turn is dropped, and a model that cannot be loaded changes nothing.
"""

import asyncio
import gc
import re
from pathlib import Path
from typing import Any, Optional

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor

from nlu.components.action_server import ActionServer
from nlu.components.turn_processor import TurnProcessor
from nlu.components.turn_request import Refused

# A turn that began before the swap has long ended by then.
LET_GO_SECONDS = 60.0
_NAME = re.compile(r"[\w-]{1,80}\.tar\.gz")


def model_beside(agent: Agent, body: Any) -> Path:
    """Return the model a request names; only one that stands where the present one stands."""
    name = body.get("model") if isinstance(body, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Refused(422, "no_model_named", "the body must name a model file")
    path = Path(str(agent.processor.model_path)).parent / name
    if not path.is_file():
        raise Refused(404, "no_such_model", "no model of that name stands beside the present one")
    return path


async def loaded_beside(agent: Agent, path: Path) -> TurnProcessor:
    """Return a processor of another model, warm, while the present one goes on answering."""

    def load() -> TurnProcessor:
        return TurnProcessor(
            MessageProcessor(
                model_path=path,
                tracker_store=agent.tracker_store,
                lock_store=agent.lock_store,
                action_endpoint=agent.action_endpoint,
                generator=agent.nlg,
                http_interpreter=agent.http_interpreter,
            )
        )

    fresh = await asyncio.get_running_loop().run_in_executor(None, load)
    await fresh.understand("halo")
    return fresh


def put_in_place(agent: Agent, fresh: TurnProcessor, old: TurnProcessor) -> None:
    """Let the next turn meet the new model, and let go of the old one when its last turn is over."""
    agent.processor = fresh.loaded
    agent.domain = fresh.domain
    asyncio.get_running_loop().call_later(LET_GO_SECONDS, lambda: asyncio.ensure_future(_let_go(old.action_server)))


async def _let_go(action_server: Optional[ActionServer]) -> None:
    if action_server is not None:
        await action_server.close()
    # the old model hangs together in circles and is large: it must not wait for the collector's own time
    gc.collect()
