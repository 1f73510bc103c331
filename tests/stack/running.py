"""A running system and ways to try it, as its scenes need them."""

import time
from dataclasses import dataclass
from datetime import datetime

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from helpdesk import rehearsal_clock, system
from helpdesk.commands.say import converse
from helpdesk.hearing import Answer
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from records.clock import RehearsalClock

ON_ITS_WAY = """
    SELECT o.id FROM outbox o JOIN conversations c ON c.id = o.conversation_id
    WHERE o.status IN ('due', 'sending') AND c.external_id = ANY(%s) LIMIT 1
"""


@dataclass
class Stack:
    """A running system and ways to try it."""

    settings: SystemSettings
    told: dict[str, str]
    control: httpx.Client
    """The simulator's control API."""

    def say(self, *messages: str, who: str, channel: str = "telegram") -> list[Answer]:
        """Say messages one after the other and return what followed from each."""
        return list(converse(self.settings, list(messages), who=who, channel=channel, wait=120))

    def stranger(self, number: int) -> dict[str, object]:
        """A Telegram account nobody knows."""
        return {"id": 880_000_000 + number, "first_name": f"Orang {number}"}

    def clock(self, moment: datetime) -> None:
        """Move the rehearsal clock forward."""
        rehearsal_clock.move(Places(self.settings.var).clock, moment)

    def reach(self, moment: datetime) -> None:
        """Move the rehearsal clock to a moment, unless it is past it already."""
        if self.now() < moment:
            self.clock(moment)

    def now(self) -> datetime:
        """Read the rehearsal clock."""
        return RehearsalClock(Places(self.settings.var).clock)()

    def start_with(self, source: str | None) -> None:
        """Stop everything and start it again over another source of the registry; None is the usual one."""
        self.start_told(**({"REGISTRY_SOURCE": source} if source else {}))

    def start_told(self, **settings: str) -> None:
        """Stop everything and start it again with these settings beside the usual ones."""
        system.stop(self.settings)
        with pytest.MonkeyPatch.context() as environment:
            for name, value in settings.items():
                environment.setenv(name, value)
            system.start(self.settings)

    @property
    def database_url(self) -> str:
        """Where the records are, for psycopg."""
        return self.told["DATABASE_URL"].replace("+psycopg", "", 1)

    def rows(self, query: str, *values: object) -> list[dict[str, object]]:
        """Read the records."""
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def until_sent(self, *external_ids: str, seconds: float = 180) -> None:
        """Wait until nothing that was said in these chats is still on its way to a phone."""
        ends = time.monotonic() + seconds
        while self.rows(ON_ITS_WAY, list(external_ids)):
            assert time.monotonic() < ends, "not everything was sent"
            time.sleep(0.2)

    def change(self, statement: str, *values: object) -> None:
        """Change the records, as somebody else would have."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(statement, values)

    def forget(self, who: str) -> None:
        """Let a person's next words begin a new conversation: no dialogue, no open ticket, the bot in charge."""
        person = self.person(who)
        self.forget_chats(str(person["telegram"]["id"]), person["whatsapp"]["user_id"])

    def forget_chats(self, *external_ids: str) -> None:
        """Let the next words in these chats begin a new conversation."""
        chats = list(external_ids)
        with psycopg.connect(self.database_url, autocommit=True) as connection:
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

    def clear_desk(self) -> None:
        """Leave no open case of whatever was played before."""
        chats = self.rows(
            "SELECT DISTINCT c.external_id FROM conversations c JOIN tickets t ON t.conversation_id = c.id"
            " WHERE t.status <> 'resolved'"
        )
        self.forget_chats(*(str(chat["external_id"]) for chat in chats))

    def person(self, who: str) -> dict[str, dict[str, str]]:
        """Return a named person of the phone page."""
        people = self.control.get("/control/people").json()
        return next(person for person in people if person["key"] == who)
