"""The whole system, once for all its scenes: PostgreSQL, Rasa with the trained model, actions, bot, desk, simulator."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from helpdesk import rehearsal_clock, system
from helpdesk.commands.say import converse
from helpdesk.hearing import Answer
from helpdesk.places import Places
from helpdesk.settings import SystemSettings


@dataclass
class Stack:
    """A running system and ways to try it."""

    settings: SystemSettings
    told: dict[str, str]
    control: httpx.Client
    """The simulator's control API."""

    def say(self, *messages: str, who: str, channel: str = "telegram") -> list[Answer]:
        """Say messages one after the other and return what followed from each."""
        return list(converse(self.settings, list(messages), who=who, channel=channel, wait=60))

    def stranger(self, number: int) -> dict[str, object]:
        """A Telegram account nobody knows."""
        return {"id": 880_000_000 + number, "first_name": f"Orang {number}"}

    def clock(self, moment: datetime) -> None:
        """Move the rehearsal clock forward."""
        rehearsal_clock.move(Places(self.settings.var).clock, moment)

    def rows(self, query: str, *values: object) -> list[dict[str, object]]:
        """Read the records."""
        url = self.told["DATABASE_URL"].replace("+psycopg", "", 1)
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def forget(self, who: str) -> None:
        """Let a person's next words begin a new conversation: no dialogue, no open ticket, the bot in charge."""
        url = self.told["DATABASE_URL"].replace("+psycopg", "", 1)
        with psycopg.connect(url, autocommit=True) as connection:
            chats = [str(self.person(who)["telegram"]["id"]), self.person(who)["whatsapp"]["user_id"]]
            connection.execute(
                "UPDATE tickets SET status = 'resolved' WHERE conversation_id IN "
                "(SELECT id FROM conversations WHERE external_id = ANY(%s))",
                (chats,),
            )
            connection.execute(
                "UPDATE conversations SET dialogue_state = '{}', offered = '[]', owner = 'bot', staff_id = NULL, "
                "owner_version = owner_version + 1 WHERE external_id = ANY(%s)",
                (chats,),
            )

    def person(self, who: str) -> dict[str, dict[str, str]]:
        """Return a named person of the phone page."""
        people = self.control.get("/control/people").json()
        return next(person for person in people if person["key"] == who)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Start everything in a folder of its own, on free ports; stop it and look that nothing is left."""
    folder = Path(tempfile.mkdtemp(prefix="hd-stack-"))
    folder.chmod(0o755)
    settings = system.beside(folder)
    running = system.start(settings)
    address = f"http://127.0.0.1:{settings.simulator_port}"
    with httpx.Client(base_url=address, timeout=90, trust_env=False) as control:
        yield Stack(settings, running.settings, control)
    left = system.stop(settings)
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


@pytest.fixture
def anew(stack: Stack) -> Callable[[str], str]:
    """Begin a new conversation for a person."""

    def begin(who: str) -> str:
        stack.forget(who)
        return who

    return begin
