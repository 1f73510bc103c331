"""A newly trained model taken into use by the running system, if there is one."""

import httpx

from helpdesk import state as board
from helpdesk.model import newest
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from helpdesk.system import told

LOAD_SECONDS = 120.0


class NotSwapped(Exception):
    """The running system goes on with the model it has; the message says why."""


def into_use(settings: SystemSettings) -> str | None:
    """Return the model the running system answers with from now on, or None when nothing runs."""
    running = board.read(Places(settings.var).state)
    trained = newest()
    if trained is None or running is None or not running.alive:
        return None
    url = f"http://127.0.0.1:{settings.rasa_port}/webhooks/turn/model"
    token = told(settings)["RASA_TURN_TOKEN"]
    try:
        answer = httpx.post(
            url, json={"model": trained.name}, headers={"authorization": f"Bearer {token}"}, timeout=LOAD_SECONDS
        )
        answer.raise_for_status()
    except httpx.HTTPError as failed:
        raise NotSwapped(
            f"The running system keeps its model ({failed}). It takes the new one at its next start: make down up."
        ) from failed
    return str(answer.json()["model"])
