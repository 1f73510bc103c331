"""A newly trained model taken into use by the running system, if there is one: every Rasa, one after another.

Each loads it beside the one at work and takes turns with it only when it has answered; turns under way end with the old
one. A model that is not trusted is not even asked for; one that does not load leaves every Rasa with the old one.
"""

from pathlib import Path

import httpx

from helpdesk import state as board
from helpdesk.copies import kind_of, own_ports
from helpdesk.model import newest, signature
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from helpdesk.system import told

LOAD_SECONDS = 120.0


class NotSwapped(Exception):
    """The running system goes on with the model it has; the message says why."""


def into_use(settings: SystemSettings, trained: Path | None = None) -> str | None:
    """Return the model the running system answers with from now on, or None when nothing runs.

    Args:
        settings: of which system.
        trained: the model; the newest one when it is not named.
    """
    running = board.read(Places(settings.var).state)
    trained = trained or newest()
    if trained is None or running is None or not running.alive:
        return None
    checked = signature("verify", [trained])
    if checked.returncode:
        raise NotSwapped(f"The running system keeps its model. {checked.stderr.strip()}")
    headers = {"authorization": f"Bearer {told(settings)['RASA_TURN_TOKEN']}"}
    with httpx.Client(headers=headers, timeout=LOAD_SECONDS, trust_env=False) as client:
        return _one_after_another(client, _addresses(settings), trained.name)


def _one_after_another(client: httpx.Client, rasas: list[str], model: str) -> str:
    before = {rasa: _in_use(client, rasa) for rasa in rasas}
    swapped: list[str] = []
    for rasa in rasas:
        try:
            client.post(f"{rasa}/model", json={"model": model}).raise_for_status()
        except httpx.HTTPError as failed:
            left = [one for one in swapped if not _back(client, one, before[one])]
            stuck = f" Not back at the old one: {', '.join(left)}; helpdesk restart rasa." if left else ""
            why = f"{model} was not taken ({failed}).{stuck}"
            raise NotSwapped(f"The running system keeps its model: {why}") from failed
        swapped.append(rasa)
    return model


def _back(client: httpx.Client, rasa: str, model: str | None) -> bool:
    """Give a Rasa its old model again; say whether it has it."""
    try:
        return client.post(f"{rasa}/model", json={"model": model}).is_success
    except httpx.HTTPError:
        return False


def _in_use(client: httpx.Client, rasa: str) -> str | None:
    try:
        return str(client.get(f"{rasa}/health").json()["model"])
    except (httpx.HTTPError, ValueError, KeyError):
        return None


def _addresses(settings: SystemSettings) -> list[str]:
    ports = [port for name, port in own_ports(settings).items() if kind_of(name) == "rasa"]
    return [f"http://127.0.0.1:{port}/webhooks/turn" for port in ports]
