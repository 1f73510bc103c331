"""What each person's phone shows: every message both ways, per channel and chat.

This is the ground truth a checker compares with; the phone page and the control API only read it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.journal import Journal


@dataclass(slots=True)
class Item:
    """One thing seen in a chat.

    `status` of a person's message: queued (at the channel), delivered (the bot acknowledged it), read, dropped.
    `status` of the bot's: sent, delivered, read, failed.
    """

    n: int
    at: float
    who: str
    type: str
    text: str
    message_id: str
    status: str
    buttons: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        return asdict(self)


class Chat:
    """The items of one chat, found by position or by message id."""

    __slots__ = ("by_message", "changed", "items", "version")

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.by_message: dict[str, Item] = {}
        self.version = 0
        self.changed: asyncio.Event | None = None

    def touch(self) -> None:
        """Tell whoever watches that something is new."""
        self.version += 1
        if self.changed is not None:
            self.changed.set()
            self.changed = None


class ChatBook:
    """All chats of both channels."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._chats: dict[tuple[str, str], Chat] = defaultdict(Chat)
        journal.on("item", self._apply_item)
        journal.on("change", self._apply_change)
        journal.on_reset(self._forget)

    def add(self, channel: str, chat: str, item: dict[str, Any]) -> Item:
        """Put an item at the end of a chat."""
        number = len(self._chats[channel, chat].items) + 1
        self._journal.record("item", channel, chat, {"n": number} | item)
        return self._chats[channel, chat].items[-1]

    def change(self, channel: str, chat: str, message_id: str, **change: Any) -> None:
        """Change an item, e.g. its status."""
        self._journal.record("change", channel, chat, message_id, change)

    def find(self, channel: str, chat: str, message_id: str) -> Item | None:
        """Find an item by its message id."""
        known = self._chats.get((channel, chat))
        return known.by_message.get(message_id) if known else None

    def items(self, channel: str, chat: str) -> list[Item]:
        """Give the items of a chat in order."""
        known = self._chats.get((channel, chat))
        return known.items if known else []

    def version(self, channel: str, chat: str) -> int:
        """Give a number that grows with every change of a chat."""
        return self._chats[channel, chat].version

    def all(self) -> Iterator[tuple[str, str, list[Item]]]:
        """Go through all chats: channel, chat, items."""
        for (channel, chat), known in self._chats.items():
            yield channel, chat, known.items

    async def wait(self, channel: str, chat: str, version: int, seconds: float) -> bool:
        """Wait until the chat is newer than a version; say whether it is."""
        known = self._chats[channel, chat]
        if known.version > version:
            return True
        if known.changed is None:
            known.changed = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await known.changed.wait()
        except TimeoutError:
            return False
        return True

    def touch(self, channel: str, chat: str) -> None:
        """Tell whoever watches a chat that something about it is new, though no item is."""
        self._chats[channel, chat].touch()

    def _apply_item(self, channel: str, chat: str, item: dict[str, Any]) -> None:
        known = self._chats[channel, chat]
        made = Item(**item)
        known.items.append(made)
        known.by_message[made.message_id] = made
        known.touch()

    def _apply_change(self, channel: str, chat: str, message_id: str, change: dict[str, Any]) -> None:
        known = self._chats[channel, chat]
        item = known.by_message[message_id]
        for name, value in change.items():
            setattr(item, name, value)
        known.touch()

    def apply_status(self, channel: str, chat: str, message_id: str, status: str) -> None:
        """Change a status as part of another record, which a replay repeats."""
        self._apply_change(channel, chat, message_id, {"status": status})

    def _forget(self) -> None:
        for known in self._chats.values():
            known.items.clear()
            known.by_message.clear()
            known.touch()
