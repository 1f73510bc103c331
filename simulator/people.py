"""Who can write: the named people of the programme, and any stranger the control API makes up."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class TelegramAccount(BaseModel):
    """A person's account at the Telegram server."""

    model_config = ConfigDict(extra="forbid")

    id: int
    first_name: str = "Tamu"
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None


class WhatsAppAccount(BaseModel):
    """A person's account at the WhatsApp server; a username may hide the number."""

    model_config = ConfigDict(extra="forbid")

    user_id: str
    wa_id: str | None = None
    profile_name: str = "Tamu"


@dataclass(frozen=True)
class Person:
    """A named person with both accounts."""

    key: str
    name: str
    story: str
    telegram: TelegramAccount
    whatsapp: WhatsAppAccount
    first_messages: list[str] = field(default_factory=list)


class People:
    """Reads people.json, again whenever it changes."""

    def __init__(self, path: Path) -> None:
        self._path, self._stamp = path, 0
        self._people: dict[str, Person] = {}

    def all(self) -> dict[str, Person]:
        """Give everybody by key; nobody while the programme is not generated."""
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if stamp != self._stamp:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            self._people = {row["key"]: _person(row) for row in rows}
            self._stamp = stamp
        return self._people

    def get(self, key: str) -> Person | None:
        """Find one by key."""
        return self.all().get(key.lower())


def _person(row: dict[str, Any]) -> Person:
    return Person(
        row["key"],
        row["name"],
        row["story"],
        TelegramAccount(**row["telegram"]),
        WhatsAppAccount(**row["whatsapp"]),
        list(row["first_messages"]),
    )
