"""What can be reached, door by door: everything listens on loopback, and no door opens without its key.

The ports are read from the running processes and the doors from the bot itself, so that a new one is looked at too.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from starlette.routing import Route

from bot.app import Bot, read_settings
from helpdesk.chaos.ground import Ground
from helpdesk.copies import kind_of, own_ports
from helpdesk.system import port_settings

pytestmark = pytest.mark.stack

OPEN_TO_ALL = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/chat"),
    ("GET", "/offline.js"),
    ("GET", "/static/{name}"),
    ("GET", "/masuk/{token:path}"),
    ("POST", "/webchat/visitor"),
    ("GET", "/status"),
    ("GET", "/status.json"),
    ("GET", "/status.atom"),
}
"""Says nothing of anybody: the public status, a page and its script, whether we live, a name for a new browser."""
CLOSED = {400, 401, 403, 404, 405, 410, 413, 415, 422}
RASAS_OWN = (
    ("GET", "/"),
    ("GET", "/version"),
    ("GET", "/status"),
    ("GET", "/domain"),
    ("POST", "/model/train"),
    ("PUT", "/model"),
    ("POST", "/model/parse"),
    ("POST", "/model/predict"),
    ("GET", "/conversations/siti/tracker"),
    ("POST", "/conversations/siti/messages"),
    ("POST", "/conversations/siti/execute"),
    ("GET", "/conversations/siti/story"),
    ("POST", "/webhooks/rest/webhook"),
    ("GET", "/webhooks/rest/"),
    ("POST", "/webhooks/callback/webhook"),
    ("GET", "/socket.io/"),
)
"""What Rasa's HTTP API and its own channels would answer if they were open."""


@pytest.fixture(scope="module")
def outside() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield client


def test_every_port_of_every_process_is_on_loopback_and_known(machines: Ground) -> None:
    known = {*port_settings(machines.settings), *own_ports(machines.settings).values()}
    heard: dict[int, set[str]] = {}
    for process in machines.processes():
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                heard.setdefault(connection.laddr.port, set()).add(connection.laddr.ip)
    assert set(heard) == known
    assert set.union(*heard.values()) == {"127.0.0.1"}


def _rasas(machines: Ground) -> list[str]:
    ports = own_ports(machines.settings)
    return [f"http://127.0.0.1:{port}" for name, port in ports.items() if kind_of(name) == "rasa"]


@pytest.mark.parametrize(("method", "path"), RASAS_OWN)
def test_rasas_own_api_and_channels_are_not_there(
    machines: Ground, outside: httpx.Client, method: str, path: str
) -> None:
    for rasa in _rasas(machines):
        answer = outside.request(method, rasa + path, json={"sender": "siti", "message": "/hapus"})
        # the plain greeting at the root names nothing but Rasa
        assert answer.status_code in (404, 405) or (path == "/" and "Rasa" in answer.text)


@pytest.mark.parametrize("door", ["turns", "parse", "model"])
@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer wrong", "Basic cmFzYQ=="])
def test_a_turn_without_the_token_is_refused(
    machines: Ground, outside: httpx.Client, door: str, token: str | None
) -> None:
    headers = {"Authorization": token} if token is not None else {}
    for rasa in _rasas(machines):
        assert outside.post(f"{rasa}/webhooks/turn/{door}", json={}, headers=headers).status_code == 401


@pytest.mark.parametrize("missing", ["sender", "text", "turn_id"])
def test_a_turn_without_a_sender_is_refused_even_with_the_token(
    machines: Ground, outside: httpx.Client, missing: str
) -> None:
    turn: dict[str, Any] = {
        "turn_id": str(uuid4()),
        "sender": str(uuid4()),
        "text": "halo",
        "state": None,
        "metadata": {"now": "2020-08-24T03:00:00+00:00", "channel": "console", "participant_id": None},
    }
    headers = {"Authorization": f"Bearer {machines.told['RASA_TURN_TOKEN']}"}
    for rasa in _rasas(machines):
        assert outside.post(f"{rasa}/webhooks/turn/turns", json=turn, headers=headers).status_code == 200
        less = {name: value for name, value in turn.items() if name != missing}
        assert outside.post(f"{rasa}/webhooks/turn/turns", json=less, headers=headers).status_code == 422


def _doors(machines: Ground) -> list[tuple[str, str]]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in machines.told.items():
            environment.setenv(name, value)
        routes = Bot(read_settings()).app.routes
    plain = [route for route in routes if isinstance(route, Route)]
    assert len(plain) == len(routes), "a mounted room has doors that are not looked at"
    return [(method, route.path) for route in plain for method in route.methods or () if method != "HEAD"]


def test_no_door_of_the_bot_opens_without_its_key(machines: Ground, outside: httpx.Client) -> None:
    doors = _doors(machines)
    assert set(doors) >= OPEN_TO_ALL
    address = f"http://127.0.0.1:{machines.settings.bot_port}"
    for method, path in doors:
        if (method, path) in OPEN_TO_ALL:
            continue
        answer = outside.request(method, address + path.replace("{name}", "x").replace("{token:path}", "x"), json={})
        assert answer.status_code in CLOSED or (
            # a browser nobody knows sees an empty chat
            answer.status_code == 200 and answer.json().get("messages") == []
        ), (method, path, answer.status_code)


def test_a_bot_that_only_works_or_sends_has_no_doors_but_its_own_health(
    machines: Ground, outside: httpx.Client
) -> None:
    ports = own_ports(machines.settings)
    for name in ("bot-3", "bot-4", "bot-5", "bot-6"):
        address = f"http://127.0.0.1:{ports[name]}"
        assert outside.get(f"{address}/health").status_code == 200
        for method, path in _doors(machines):
            if path not in ("/health", "/ready", "/metrics"):
                answer = outside.request(method, address + path.replace("{name}", "x").replace("{token:path}", "x"))
                assert answer.status_code == 404, (name, path)


def test_forged_webhooks_leave_nothing_behind(machines: Ground, outside: httpx.Client) -> None:
    before = machines.rows("SELECT count(*) AS n FROM inbox")
    address = f"http://127.0.0.1:{machines.settings.bot_port}"
    update = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "date": 1}}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
        assert outside.post(f"{address}/telegram/webhook", json=update, headers=headers).status_code in (401, 403)
    for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}):
        assert outside.post(f"{address}/whatsapp/webhook", json={"entry": []}, headers=headers).status_code in (
            401,
            403,
        )
    assert machines.rows("SELECT count(*) AS n FROM inbox") == before
