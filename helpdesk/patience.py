"""The ladder of patience over the whole system: every part's settings, Rasa's own, and what the actions really run on.

Bot and actions check their own part when they start; here the parts are looked at together.
"""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any

import yaml
from pydantic_settings import BaseSettings

from actions.settings import ActionsSettings
from bot import ladder
from bot.settings import BotSettings
from helpdesk.settings import ROOT
from records.ladder import Rung, Step

ENDPOINTS = ROOT / "endpoints.yml"


def steps(told: Mapping[str, str], actions_port: int | None = None) -> list[Step]:
    """Return every pair that must be in order.

    Args:
        told: all settings of the parts by name.
        actions_port: of a running action server, which says itself how long an action may take.
    """
    bot, actions = _read(BotSettings, told), _read(ActionsSettings, told)
    lasts = _told_by(actions_port) or actions.actions_deadline
    action = Rung("ACTIONS_DEADLINE", lasts, "satu aksi")
    source = Rung("ACTIONS_SOURCE_DEADLINE", actions.actions_source_deadline, "satu sumber")
    asked = Rung("endpoints.yml timeout", _rasa_waits(), "Rasa menunggu satu aksi")
    gateway = Rung("RASA_TIMEOUT", bot.rasa_timeout, "bot menunggu Rasa")
    first = [Step(source, action), Step(action, asked), Step(asked, gateway)]
    return first + ladder.steps(bot.model_copy(update={"actions_deadline": lasts}))


def _read[S: BaseSettings](kind: type[S], told: Mapping[str, str]) -> S:
    needed = {"bot_console_token": "-", "rasa_turn_token": "-"}
    given: dict[str, Any] = {name: value for name, value in needed.items() if name in kind.model_fields}
    given |= {name: told[name.upper()] for name in kind.model_fields if told.get(name.upper())}
    return kind(_env_file=None, **given)


def _rasa_waits() -> timedelta:
    endpoint = yaml.safe_load(ENDPOINTS.read_text())["action_endpoint"]
    return timedelta(seconds=float(endpoint["timeout"]))


def _told_by(port: int | None) -> timedelta | None:
    if port is None:
        return None
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as line:
        try:
            line.request("GET", "/health")
            return timedelta(seconds=float(json.loads(line.getresponse().read())["deadline_seconds"]))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return None
