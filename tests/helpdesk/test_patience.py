"""The whole ladder of patience as `helpdesk doctor` sees it, and the open alarms as it tells them."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from helpdesk.model import lock_life
from helpdesk.open_alarms import open_alarms
from helpdesk.patience import steps


def broken(told: dict[str, str], port: int | None = None) -> list[tuple[str, str]]:
    return [(step.shorter.setting, step.longer.setting) for step in steps(told, port) if not step.holds]


def test_the_settings_as_they_are_climb_from_a_source_to_the_lease() -> None:
    assert broken({}) == []
    assert len(steps({})) == 9


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"ACTIONS_SOURCE_DEADLINE": "PT6S"}, ("ACTIONS_SOURCE_DEADLINE", "ACTIONS_DEADLINE")),
        ({"RASA_LOCK_LIFE": "PT25S"}, ("RASA_LOCK_LIFE", "RASA_TIMEOUT")),
        ({"LANE_LEASE": "PT10S"}, ("bot/rounds/kept.py", "LANE_LEASE")),
    ],
)
def test_what_stands_in_the_settings_file_is_looked_at(told: dict[str, str], wrong: tuple[str, str]) -> None:
    assert broken(told) == [wrong]


def test_rasas_own_wait_is_read_from_its_file() -> None:
    told = {"ACTIONS_DEADLINE": "PT10S", "RASA_LOCK_LIFE": "PT21S", "RASA_TIMEOUT": "PT22S"}
    assert broken(told) == [("ACTIONS_DEADLINE", "endpoints.yml timeout")]


class Actions(http.server.BaseHTTPRequestHandler):
    """An action server that runs on another deadline than the settings say."""

    def do_GET(self) -> None:
        body = json.dumps({"status": "ok", "deadline_seconds": 9.0}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def running_actions() -> Iterator[int]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Actions)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_the_action_server_runs_on_counts_and_not_what_it_was_told(running_actions: int) -> None:
    assert broken({"ACTIONS_DEADLINE": "PT5S"}, running_actions) == [("ACTIONS_DEADLINE", "RASA_LOCK_LIFE")]
    assert steps({}, running_actions)[0].longer.lasts == timedelta(seconds=9)
    assert broken({}, 1) == []


def test_rasa_is_told_its_locks_life_in_seconds() -> None:
    assert (lock_life({}), lock_life({"RASA_LOCK_LIFE": "PT12S"})) == ("15", "12")


def test_open_alarms_are_told_and_closed_ones_are_not(database_url: str) -> None:
    plain = database_url.replace("+psycopg", "", 1)
    with psycopg.connect(plain) as records:
        records.execute(
            "INSERT INTO alarms (name, scope, severity, detail, at, closed_at) VALUES"
            " ('rasa_away', 'rasa', 'severe', 'pesan disimpan', now(), NULL),"
            " ('disk_low', '', 'severe', NULL, now(), now()),"
            " ('lookups_locked', 'x', 'warning', NULL, now(), NULL)"
        )
    (alarm,) = open_alarms(database_url) or []
    assert str(alarm).startswith("rasa_away rasa (severe, ")
    assert open_alarms("postgresql://nobody@127.0.0.1:1/nothing") is None
