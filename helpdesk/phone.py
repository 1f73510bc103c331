"""Sending a message as a named person would: through the simulator's servers, or the web chat's own door.

What comes back is the key under which the bot's inbox keeps the event, so that its fate can be followed.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from helpdesk.settings import SystemSettings

CHANNELS = ("telegram", "whatsapp", "web")


class CannotSend(Exception):
    """The message could not be sent; the message says why and what to do."""


@dataclass(frozen=True)
class Sent:
    """A message on its way, and the keys under one of which the inbox will know it."""

    channel: str
    keys: Sequence[str]


class Phone:
    """Somebody's phone in the rehearsal."""

    def __init__(self, settings: SystemSettings, told: Mapping[str, str], http: httpx.Client) -> None:
        self._simulator = f"http://127.0.0.1:{settings.simulator_port}"
        self._bot = f"http://127.0.0.1:{settings.bot_port}"
        self._real = {"telegram": settings.telegram_token is not None, "whatsapp": settings.whatsapp_token is not None}
        self._bot_id = told["TELEGRAM_TOKEN"].partition(":")[0]
        self._http = http

    def send(self, channel: str, who: str, text: str) -> Sent:
        """Send a message; raises CannotSend."""
        if channel not in CHANNELS:
            raise CannotSend(f"There is no channel {channel}; there are: {', '.join(CHANNELS)}.")
        if self._real.get(channel):
            raise CannotSend(f"{channel} is real here (a token is configured): write to the bot on a real phone.")
        try:
            return self._over_web(who, text) if channel == "web" else self._over_simulator(channel, who, text)
        except httpx.HTTPError as error:
            raise CannotSend(f"Nobody answers at {error.request.url} ({error}). helpdesk status says more.") from error

    def _over_simulator(self, channel: str, who: str, text: str) -> Sent:
        act = {"channel": channel, "as": who, "text": text}
        answer = self._http.post(f"{self._simulator}/control/send", json=act)
        if answer.is_error:
            raise CannotSend(str(answer.json().get("detail", answer.text)))
        done = answer.json()["sent"][0]
        if channel == "whatsapp":
            return Sent(channel, [str(done["message_id"])])
        if done["update_id"] is None:
            raise CannotSend("The bot does not listen to this kind of update, so nothing was sent.")
        return Sent(channel, [f"update:{done['update_id']}", f"update:{self._bot_id}:{done['update_id']}"])

    def _over_web(self, who: str, text: str) -> Sent:
        visitor = hashlib.sha256(f"web:{who}".encode()).hexdigest()[:32]
        message = {"id": uuid.uuid4().hex, "text": text}
        answer = self._http.post(
            f"{self._bot}/webchat/messages", json=message, headers={"Cookie": f"helpdesk_visitor={visitor}"}
        )
        if answer.is_error:
            raise CannotSend(str(answer.json().get("error", answer.text)))
        return Sent("web", [f"{visitor}:{message['id']}"])
